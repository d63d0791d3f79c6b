//! What a strategy trains with inside a run.

use keypoints_core::{Labels, Source};
use serde_json::Value;

use super::model::{Common, ModelTraining};
use super::observer::TrainObserver;
use super::outcome::ModelOutcome;
use crate::checkpoint::Checkpoint;
use crate::error::TrainError;
use crate::run::{RunFolder, load_model, write_json};
use crate::strategy::{ModelId, Trainer, TrainingPlan};
use keypoints_models::BuildNetwork;
use keypoints_predict::{Heads, Model, are_points, mirrored_columns};

/// Gives every network of a strategy a folder of the run and trains it there.
pub(super) struct RunTrainer<'a, B> {
    pub(super) common: Common<'a, B>,
    pub(super) strategy: &'a str,
    /// Rows that may be trained on, ascending.
    pub(super) train: &'a [usize],
    pub(super) folder: &'a RunFolder,
    pub(super) observer: &'a mut dyn TrainObserver,
    pub(super) outcomes: Vec<ModelOutcome>,
}

impl<B: BuildNetwork> RunTrainer<'_, B> {
    /// Refuses what cannot be trained.
    fn check(&self, model: &ModelId, plan: &TrainingPlan) -> Result<(), TrainError> {
        let strategy = self.strategy.to_owned();
        let bad = |expected, found: String| {
            let (strategy, model) = (self.strategy.to_owned(), model.to_string());
            Err(TrainError::BadPlan { strategy, model, expected, found })
        };
        let name = model.as_str();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !(model.is_only() || (!name.is_empty() && name.chars().all(plain))) {
            return bad("a name of letters, digits, `-` and `_`", format!("`{name}`"));
        }
        if self.outcomes.iter().any(|outcome| outcome.model == *model) {
            return bad("a name that no other network of the run has", format!("`{name}` again"));
        }
        if plan.rows.is_empty() {
            let (model, given) = (model.to_string(), self.train.len());
            return Err(TrainError::NoTrainingRows { strategy, model, given });
        }
        if plan.coordinates.is_empty() {
            return bad("at least one coordinate", "none".to_owned());
        }
        if self.common.builder.answers_in_places() && !are_points(&plan.coordinates) {
            let found = format!("{} other coordinates", plan.coordinates.len());
            return bad("x and y of one keypoint after the other for heat maps", found);
        }
        if self.common.config.flip_average {
            let scale =
                self.common.config.coordinates.scale(self.common.dataset.pictures().shape());
            mirrored_columns(&plan.outputs(scale))?;
        }
        if plan.targets.len() != plan.rows.len() {
            let found = format!("{} for {} rows", plan.targets.len(), plan.rows.len());
            return bad("labels for every row", found);
        }
        if let Some(found) = plan.taught_as.as_ref().map(Vec::len).filter(|&n| n != plan.rows.len())
        {
            let found = format!("{found} for {} rows", plan.rows.len());
            return bad("a source for every row", found);
        }
        // A held-out row would flatter the score.
        if let Some(row) = plan.rows.iter().find(|&row| self.train.binary_search(row).is_err()) {
            let found = format!("row {row} (counted from 0), held out");
            return bad("rows of the training part", found);
        }
        // A head that nobody teaches would answer with noise.
        let sources = self.common.taught_sources(plan);
        let schema = self.common.dataset.schema();
        let untaught = schema.source_indices().find(|source| !sources.contains(source));
        match untaught.filter(|_| plan.heads == Heads::PerSource) {
            Some(source) => bad(
                "training rows of every label source, one head each",
                format!("no row of `{}`: use `--strategy masked`", schema.source(source).name()),
            ),
            None => Ok(()),
        }
    }

    fn load(&self, model: &ModelId) -> Result<Model<B::Network>, TrainError> {
        let Common { builder, device, .. } = self.common;
        load_model(&self.folder.model(model), builder, Checkpoint::Best, device)
    }
}

impl<B: BuildNetwork> Trainer for RunTrainer<'_, B> {
    fn train(&mut self, model: ModelId, plan: TrainingPlan) -> Result<ModelId, TrainError> {
        self.check(&model, &plan)?;
        let start = plan.start.as_ref().map(|start| self.load(start)).transpose()?;
        let folder = self.folder.model(&model);
        let training = ModelTraining::new(&self.common, model.clone(), &plan, folder);
        let outcome = training.run(start.map(|start| start.network), self.observer)?;
        self.outcomes.push(outcome);
        Ok(model)
    }

    fn predict(
        &mut self,
        model: &ModelId,
        rows: &[usize],
        sources: &[Source],
    ) -> Result<Vec<Labels>, TrainError> {
        if rows.len() != sources.len() {
            let (strategy, model) = (self.strategy.to_owned(), model.to_string());
            let (expected, found) = ("a source for every row", sources.len());
            let found = format!("{found} for {} rows", rows.len());
            return Err(TrainError::BadPlan { strategy, model, expected, found });
        }
        let all = self.common.dataset.len();
        if let Some(&row) = rows.iter().find(|&&row| row >= all) {
            return Err(TrainError::RowOutOfRange { row, rows: all });
        }
        Ok(self.load(model)?.predict(self.common.images, rows, sources, &mut |_| ())?)
    }

    fn keep(&mut self, file: &str, contents: Value) -> Result<(), TrainError> {
        write_json(&self.folder.path().join(file), &contents)
    }
}
