//! The predictions of an ensemble.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use keypoints_data::{Coordinate, Images, Keypoint, LabelRegime, LabelShifts, Labels, Point};
use keypoints_train::{
    Checkpoint, KeypointPredictor, KeypointSpreads, Predictor, RunFolder, TestTimeAugmentation,
    TrainError,
};

use super::mean::mean_of_all;
use super::record::EnsembleRecord;
use crate::error::StudyError;

/// Averages the predictions of several runs. The [module](super) has an example.
#[derive(Debug)]
pub struct Ensemble {
    members: Vec<Vec<Predictor>>,
}

impl Ensemble {
    /// Loads all runs of an ensemble.
    ///
    /// # Errors
    /// As [`EnsembleRecord::read`], and as [`Predictor::load`] of each run.
    pub fn load(
        folder: &Path,
        checkpoint: Checkpoint,
        device: &Device,
    ) -> Result<Self, StudyError> {
        let record = EnsembleRecord::read(folder)?;
        let load =
            |run: &PathBuf| Predictor::load(&RunFolder::new(folder.join(run)), checkpoint, device);
        let members: Result<Vec<Vec<Predictor>>, TrainError> =
            record.members.iter().map(|member| member.runs.iter().map(load).collect()).collect();
        let ensemble = Self { members: members? };
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
    /// As [`Predictor::load`] of each run.
    pub fn of_runs(
        runs: &[RunFolder],
        checkpoint: Checkpoint,
        device: &Device,
    ) -> Result<Self, TrainError> {
        let load = |run| Predictor::load(run, checkpoint, device);
        let runs: Result<Vec<Predictor>, TrainError> = runs.iter().map(load).collect();
        Ok(Self { members: vec![runs?] })
    }

    /// The number of runs.
    fn runs(&self) -> usize {
        self.members.iter().map(Vec::len).sum()
    }
}

impl KeypointPredictor for Ensemble {
    fn coordinates(&self) -> Vec<Coordinate> {
        let known = |one: &Coordinate| {
            self.members.iter().flatten().any(|run| run.coordinates().contains(one))
        };
        Coordinate::all().filter(known).collect()
    }

    /// The mean over the members.
    fn label_shifts(&self) -> LabelShifts {
        let mean = |of: fn(LabelShifts) -> f32| {
            let member = |runs: &Vec<Predictor>| {
                let sum: f32 = runs.iter().map(|run| of(run.label_shifts())).sum();
                sum / runs.len().max(1) as f32
            };
            let sum: f32 = self.members.iter().map(member).sum();
            sum / self.members.len().max(1) as f32
        };
        LabelShifts { full: mean(|one| one.full), four_point: mean(|one| one.four_point) }
    }

    fn predict_on_picture(
        &self,
        images: &Images,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, TrainError> {
        let ask = |run: &Predictor, progress: &mut dyn FnMut(usize)| {
            run.predict_on_picture(images, progress)
        };
        self.ask(images.len(), &ask, progress)
    }

    /// The root mean square distance of the runs from their mean; of a single run, its own uncertainty.
    fn spreads(
        &self,
        images: &Images,
        regimes: &[LabelRegime],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Option<Vec<KeypointSpreads>>, TrainError> {
        let runs: Vec<&Predictor> = self.members.iter().flatten().collect();
        if let [run] = runs[..] {
            return run.spreads(images, regimes, progress);
        }
        let mut answers = Vec::new();
        for (asked, run) in runs.iter().enumerate() {
            // A face is done when every run has predicted it.
            let before = asked * images.len();
            let mut of_run = |done: usize| progress((before + done) / runs.len());
            let marked = run.predict_as(images, regimes, &mut of_run)?;
            // On the picture: runs with other label shifts do not disagree.
            let shifts = run.label_shifts();
            let of_face = |(&regime, face)| shifts.onto_picture(regime, face);
            answers.push(regimes.iter().zip(&marked).map(of_face).collect::<Vec<Labels>>());
        }
        let of_face = |face: usize| {
            let of_face: Vec<&Labels> = answers.iter().map(|one| &one[face]).collect();
            apart(&of_face)
        };
        Ok(Some((0..images.len()).map(of_face).collect()))
    }

    fn predict_as(
        &self,
        images: &Images,
        regimes: &[LabelRegime],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, TrainError> {
        let ask = |run: &Predictor, progress: &mut dyn FnMut(usize)| {
            run.predict_as(images, regimes, progress)
        };
        self.ask(images.len(), &ask, progress)
    }
}

/// How far points are from where they are on average, per keypoint: root mean square distance.
fn apart(answers: &[&Labels]) -> KeypointSpreads {
    let of = |keypoint: Keypoint| {
        let points: Vec<Point> = answers.iter().filter_map(|one| one.point(keypoint)).collect();
        let count = points.len() as f32;
        let mean = |of: fn(&Point) -> f32| points.iter().map(of).sum::<f32>() / count;
        let (x, y) = (mean(|point| point.x), mean(|point| point.y));
        let square = |point: &Point| (point.x - x).powi(2) + (point.y - y).powi(2);
        let spread = (points.iter().map(square).sum::<f32>() / count).sqrt();
        (points.len() > 1).then_some((keypoint, spread))
    };
    Keypoint::ALL.into_iter().filter_map(of).collect()
}

/// Asks a run; the function is told how many faces are done.
type Ask<'a> = dyn Fn(&Predictor, &mut dyn FnMut(usize)) -> Result<Vec<Labels>, TrainError> + 'a;

impl Ensemble {
    /// Asks every run and averages its predictions.
    fn ask(
        &self,
        faces: usize,
        ask: &Ask<'_>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, TrainError> {
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
