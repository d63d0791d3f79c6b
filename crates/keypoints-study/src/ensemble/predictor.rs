//! The predictions of an ensemble.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use burn::tensor::Device;
use keypoints_core::{
    Coordinate, Keypoint, LabelShifts, Labels, PictureShape, Pictures, Point, Schema, Source,
};
use keypoints_predict::{
    KeypointPredictor, PredictError, Predictor, TestTimeAugmentation, Uncertainty,
};
use keypoints_train::{Checkpoint, RunFolder, TrainError};

use super::mean::mean_of_all;
use super::record::EnsembleRecord;
use crate::error::StudyError;

/// Averages the predictions of several runs. The [module](super) has an example.
#[derive(Debug)]
pub struct Ensemble {
    schema: Arc<Schema>,
    pictures: PictureShape,
    margin: Option<f64>,
    members: Vec<Vec<Predictor>>,
}

impl Ensemble {
    /// Loads all runs of an ensemble.
    ///
    /// # Errors
    /// As [`EnsembleRecord::read`], and as [`RunFolder::predictor`] of each run.
    pub fn load(
        folder: &Path,
        checkpoint: Checkpoint,
        device: &Device,
    ) -> Result<Self, StudyError> {
        let record = EnsembleRecord::read(folder)?;
        let load = |run: &PathBuf| RunFolder::new(folder.join(run)).predictor(checkpoint, device);
        let members: Result<Vec<Vec<Predictor>>, TrainError> =
            record.members.iter().map(|member| member.runs.iter().map(load).collect()).collect();
        let ensemble = Self::of_members(members?)?;
        Ok(match record.tta {
            Some(tta) => ensemble.with_tta(tta),
            None => ensemble,
        })
    }

    /// Replaces the test-time augmentation of every run.
    #[must_use]
    pub fn with_tta(mut self, tta: TestTimeAugmentation) -> Self {
        for member in &mut self.members {
            let runs = std::mem::take(member).into_iter();
            *member = runs.map(|run| run.with_tta(tta)).collect();
        }
        self
    }

    /// Loads runs that count alike.
    ///
    /// # Errors
    /// As [`RunFolder::predictor`] of each run.
    pub fn of_runs(
        runs: &[RunFolder],
        checkpoint: Checkpoint,
        device: &Device,
    ) -> Result<Self, StudyError> {
        let load = |run: &RunFolder| run.predictor(checkpoint, device);
        let runs: Result<Vec<Predictor>, TrainError> = runs.iter().map(load).collect();
        Self::of_members(vec![runs?])
    }

    /// Refuses runs that do not answer the same question.
    fn of_members(members: Vec<Vec<Predictor>>) -> Result<Self, StudyError> {
        let mut runs = members.iter().flatten();
        let Some(first) = runs.next() else {
            return Err(StudyError::invalid("members", "at least one run", "none"));
        };
        let (schema, pictures) = (first.schema().clone(), first.pictures());
        let margin = first.margin();
        for run in runs {
            if **run.schema() != *schema {
                let found = format!("{} beside {}", run.schema().name(), schema.name());
                return Err(StudyError::invalid("members", "runs with the same points", found));
            }
            if run.pictures() != pictures {
                let found = format!("{} beside {pictures}", run.pictures());
                return Err(StudyError::invalid("members", "runs on pictures of one shape", found));
            }
            if run.margin() != margin {
                let found = format!("{:?} beside {margin:?}", run.margin());
                return Err(StudyError::invalid("members", "runs on crops with one margin", found));
            }
        }
        Ok(Self { schema, pictures, margin, members })
    }

    /// The number of runs.
    fn runs(&self) -> usize {
        self.members.iter().map(Vec::len).sum()
    }
}

impl KeypointPredictor for Ensemble {
    fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    fn pictures(&self) -> PictureShape {
        self.pictures
    }

    fn margin(&self) -> Option<f64> {
        self.margin
    }

    fn coordinates(&self) -> Vec<Coordinate> {
        let known = |one: &Coordinate| {
            self.members.iter().flatten().any(|run| run.coordinates().contains(one))
        };
        self.schema.coordinates().filter(known).collect()
    }

    /// The mean over the members.
    fn label_shifts(&self) -> LabelShifts {
        let mean = |source: Source| {
            let of = |shifts: &LabelShifts| {
                shifts.pixels().get(source.index()).copied().unwrap_or_default()
            };
            let member = |runs: &Vec<Predictor>| {
                let sum: f32 = runs.iter().map(|run| of(&run.label_shifts())).sum();
                sum / runs.len().max(1) as f32
            };
            let sum: f32 = self.members.iter().map(member).sum();
            sum / self.members.len().max(1) as f32
        };
        LabelShifts::new(self.schema.source_indices().map(mean).collect())
    }

    fn predict_on_picture(
        &self,
        pictures: &Pictures,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, PredictError> {
        let ask = |run: &Predictor, progress: &mut dyn FnMut(usize)| {
            run.predict_on_picture(pictures, progress)
        };
        self.ask(pictures.len(), &ask, progress)
    }

    /// The root mean square distance of the runs from their mean; of a single run, its own uncertainty.
    fn uncertainty(
        &self,
        pictures: &Pictures,
        sources: &[Source],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Option<Vec<Uncertainty>>, PredictError> {
        let runs: Vec<&Predictor> = self.members.iter().flatten().collect();
        if let [run] = runs[..] {
            return run.uncertainty(pictures, sources, progress);
        }
        let mut answers = Vec::new();
        for (asked, run) in runs.iter().enumerate() {
            // A face is done when every run has predicted it.
            let before = asked * pictures.len();
            let mut of_run = |done: usize| progress((before + done) / runs.len());
            let marked = run.predict_as(pictures, sources, &mut of_run)?;
            // On the picture: runs with other label shifts do not disagree.
            let shifts = run.label_shifts();
            let of_face = |(&source, face)| shifts.onto_picture(&self.schema, source, face);
            answers.push(sources.iter().zip(&marked).map(of_face).collect::<Vec<Labels>>());
        }
        let of_face = |face: usize| {
            let of_face: Vec<&Labels> = answers.iter().map(|one| &one[face]).collect();
            apart(&self.schema, &of_face)
        };
        Ok(Some((0..pictures.len()).map(of_face).collect()))
    }

    fn predict_as(
        &self,
        pictures: &Pictures,
        sources: &[Source],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, PredictError> {
        let ask = |run: &Predictor, progress: &mut dyn FnMut(usize)| {
            run.predict_as(pictures, sources, progress)
        };
        self.ask(pictures.len(), &ask, progress)
    }
}

/// How far points are from where they are on average, per keypoint: root mean square distance.
fn apart(schema: &Schema, answers: &[&Labels]) -> Uncertainty {
    let of = |keypoint: Keypoint| {
        let points: Vec<Point> = answers.iter().filter_map(|one| one.point(keypoint)).collect();
        let count = points.len() as f32;
        let mean = |of: fn(&Point) -> f32| points.iter().map(of).sum::<f32>() / count;
        let (x, y) = (mean(|point| point.x), mean(|point| point.y));
        let square = |point: &Point| (point.x - x).powi(2) + (point.y - y).powi(2);
        let spread = (points.iter().map(square).sum::<f32>() / count).sqrt();
        (points.len() > 1).then_some((keypoint, spread))
    };
    schema.keypoints().filter_map(of).collect()
}

/// Asks a run; the function is told how many faces are done.
type Ask<'a> = dyn Fn(&Predictor, &mut dyn FnMut(usize)) -> Result<Vec<Labels>, PredictError> + 'a;

impl Ensemble {
    /// Asks every run and averages its predictions.
    fn ask(
        &self,
        faces: usize,
        ask: &Ask<'_>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, PredictError> {
        let runs = self.runs().max(1);
        let mut asked = 0;
        let mut of_members: Vec<Vec<Labels>> = Vec::new();
        for member in &self.members {
            let mut of_runs: Vec<Vec<Labels>> = Vec::new();
            for run in member {
                // A face is done when every run has predicted it.
                let mut of_run = |done: usize| progress((asked * faces + done) / runs);
                of_runs.push(ask(run, &mut of_run)?);
                asked += 1;
            }
            of_members.push(mean_of_all(&of_runs));
        }
        Ok(mean_of_all(&of_members))
    }
}

#[cfg(test)]
mod tests;
