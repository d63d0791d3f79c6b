//! The answers of an ensemble.

use std::path::Path;

use burn::tensor::Device;
use keypoints_data::{Coordinate, Images, LabelRegime, LabelShifts, Labels};

use super::record::{Combine, EnsembleRecord};
use super::weights::Weights;
use crate::error::TrainError;
use crate::predict::{Predictor, Which};
use crate::predictor::KeypointPredictor;
use crate::run::RunFolder;

/// Several runs that answer as one. The [module](super) has an example.
#[derive(Debug)]
pub struct Ensemble {
    members: Vec<Vec<Predictor>>,
    weights: Weights,
}

impl Ensemble {
    /// Loads all runs of an ensemble.
    ///
    /// # Errors
    /// As [`EnsembleRecord::read`], and as [`Predictor::load`] of each run.
    pub fn load(folder: &Path, which: Which, device: &Device) -> Result<Self, TrainError> {
        let record = EnsembleRecord::read(folder)?;
        let load = |run: &std::path::PathBuf| {
            Predictor::load(&RunFolder::new(folder.join(run)), which, device)
        };
        let members: Result<Vec<Vec<Predictor>>, TrainError> =
            record.members.iter().map(|member| member.runs.iter().map(load).collect()).collect();
        let weights = match record.combine {
            Combine::Mean => Weights::default(),
            Combine::Stacked { .. } => record.fit.map(|fit| fit.weights).unwrap_or_default(),
        };
        Ok(Self { members: members?, weights })
    }

    /// Loads runs that answer together, each as much as the others.
    ///
    /// # Errors
    /// As [`Predictor::load`] of each run.
    pub fn of_runs(runs: &[RunFolder], which: Which, device: &Device) -> Result<Self, TrainError> {
        let load = |run| Predictor::load(run, which, device);
        let runs: Result<Vec<Predictor>, TrainError> = runs.iter().map(load).collect();
        Ok(Self { members: vec![runs?], weights: Weights::default() })
    }

    /// How many runs answer.
    pub fn runs(&self) -> usize {
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

    /// The mean over the members, each as much as the others; weights that were fitted have a say of their own, which
    /// [`KeypointPredictor::predict_on_picture`] takes into account.
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
        self.ask(images.len(), &vec![LabelRegime::Full; images.len()], &ask, progress)
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
        self.ask(images.len(), regimes, &ask, progress)
    }
}

/// Asks a run; the function is told how many faces are done.
type Ask<'a> = dyn Fn(&Predictor, &mut dyn FnMut(usize)) -> Result<Vec<Labels>, TrainError> + 'a;

impl Ensemble {
    /// Asks every run and combines what they say.
    fn ask(
        &self,
        faces: usize,
        regimes: &[LabelRegime],
        ask: &Ask<'_>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, TrainError> {
        let runs = self.runs().max(1);
        let mut asked = 0;
        let mut of_members: Vec<Vec<Labels>> = Vec::new();
        for member in &self.members {
            let mut of_runs: Vec<Vec<Labels>> = Vec::new();
            for run in member {
                // A face is done when every run has answered it.
                let mut of_run = |done: usize| progress((asked * faces + done) / runs);
                of_runs.push(ask(run, &mut of_run)?);
                asked += 1;
            }
            of_members.push(combine(&Weights::default(), &of_runs, regimes));
        }
        Ok(combine(&self.weights, &of_members, regimes))
    }
}

/// Face by face, one answer out of several.
fn combine(weights: &Weights, answers: &[Vec<Labels>], regimes: &[LabelRegime]) -> Vec<Labels> {
    let of_face = |(face, &regime): (usize, &LabelRegime)| {
        let answers: Vec<Labels> = answers.iter().map(|one| one[face]).collect();
        weights.combine(regime, &answers)
    };
    regimes.iter().enumerate().map(of_face).collect()
}
