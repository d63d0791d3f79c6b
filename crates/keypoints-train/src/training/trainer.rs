//! What a strategy trains with inside a run.

use keypoints_data::{LabelRegime, Labels};
use serde_json::Value;

use super::model::{Common, ModelTraining};
use super::observer::TrainObserver;
use super::outcome::ModelOutcome;
use crate::checkpoint::Checkpoint;
use crate::error::TrainError;
use crate::predict::Model;
use crate::run::{RunFolder, are_points, write_json};
use crate::strategy::{Heads, ModelId, Trainer, TrainingPlan};
use crate::tta::mirrored_columns;

/// Gives every network of a strategy a folder of the run and trains it there.
pub(super) struct RunTrainer<'a> {
    pub(super) common: Common<'a>,
    pub(super) strategy: &'a str,
    /// Rows that may be trained on, ascending.
    pub(super) train: &'a [usize],
    pub(super) folder: &'a RunFolder,
    pub(super) observer: &'a mut dyn TrainObserver,
    pub(super) outcomes: Vec<ModelOutcome>,
}

impl RunTrainer<'_> {
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
        if self.common.config.answers_in_places() && !are_points(&plan.coordinates) {
            let found = format!("{} other coordinates", plan.coordinates.len());
            return bad("x and y of one keypoint after the other for heat maps", found);
        }
        if self.common.config.flip_average {
            mirrored_columns(&plan.outputs(self.common.config.coordinates))?;
        }
        if plan.targets.len() != plan.rows.len() {
            let found = format!("{} for {} rows", plan.targets.len(), plan.rows.len());
            return bad("labels for every row", found);
        }
        if let Some(found) = plan.taught_as.as_ref().map(Vec::len).filter(|&n| n != plan.rows.len())
        {
            let found = format!("{found} for {} rows", plan.rows.len());
            return bad("a regime for every row", found);
        }
        // A held-out row would flatter the score.
        if let Some(row) = plan.rows.iter().find(|&row| self.train.binary_search(row).is_err()) {
            let found = format!("row {row} (counted from 0), held out");
            return bad("rows of the training part", found);
        }
        // A head that nobody teaches would answer with noise.
        let regimes = self.common.taught_regimes(plan);
        let untaught = LabelRegime::ALL.into_iter().find(|regime| !regimes.contains(regime));
        match untaught.filter(|_| plan.heads == Heads::PerRegime) {
            Some(regime) => bad(
                "rows of both label regimes, one head each",
                format!("no {} row", regime.name()),
            ),
            None => Ok(()),
        }
    }

    fn load(&self, model: &ModelId) -> Result<Model, TrainError> {
        Model::load(&self.folder.model(model), Checkpoint::Best, self.common.device)
    }
}

impl Trainer for RunTrainer<'_> {
    fn train(&mut self, model: ModelId, plan: TrainingPlan) -> Result<ModelId, TrainError> {
        self.check(&model, &plan)?;
        let start = plan.start.as_ref().map(|start| self.load(start)).transpose()?;
        let folder = self.folder.model(&model);
        let training = ModelTraining::new(self.common, model.clone(), &plan, folder);
        let outcome = training.run(start.map(Model::into_network), self.observer)?;
        self.outcomes.push(outcome);
        Ok(model)
    }

    fn predict(
        &mut self,
        model: &ModelId,
        rows: &[usize],
        regimes: &[LabelRegime],
    ) -> Result<Vec<Labels>, TrainError> {
        if rows.len() != regimes.len() {
            let (strategy, model) = (self.strategy.to_owned(), model.to_string());
            let (expected, found) = ("a regime for every row", regimes.len());
            let found = format!("{found} for {} rows", rows.len());
            return Err(TrainError::BadPlan { strategy, model, expected, found });
        }
        let all = self.common.dataset.len();
        if let Some(&row) = rows.iter().find(|&&row| row >= all) {
            return Err(TrainError::RowOutOfRange { row, rows: all });
        }
        self.load(model)?.predict_rows(self.common.images, rows, regimes, &mut |_| ())
    }

    fn keep(&mut self, file: &str, contents: Value) -> Result<(), TrainError> {
        write_json(&self.folder.path().join(file), &contents)
    }
}
