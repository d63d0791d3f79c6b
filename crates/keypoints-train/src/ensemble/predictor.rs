//! The answers of an ensemble.

use std::path::Path;

use burn::tensor::Device;
use keypoints_data::{Coordinate, Images, Keypoint, LabelRegime, LabelShifts, Labels, Point};

use super::record::{Combine, EnsembleRecord};
use super::weights::Weights;
use crate::error::TrainError;
use crate::looks::Looks;
use crate::predict::{Predictor, Which};
use crate::predictor::KeypointPredictor;
use crate::run::RunFolder;
use crate::spread::KeypointSpreads;

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
        let ensemble = Self { members: members?, weights };
        Ok(match record.looks {
            Some(looks) => ensemble.with_looks(looks),
            None => ensemble,
        })
    }

    /// Looks at every face so often, whatever the settings of the runs and of the ensemble say.
    #[must_use]
    pub fn with_looks(mut self, looks: Looks) -> Self {
        for member in &mut self.members {
            let runs = std::mem::take(member).into_iter();
            *member = runs.map(|run| run.with_looks(looks)).collect();
        }
        self
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

    /// How far the answers of the runs are from their mean, whatever weights they have: root mean square distance. Of a single run,
    /// what it says itself.
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
            // A face is done when every run has answered it.
            let before = asked * images.len();
            let mut of_run = |done: usize| progress((before + done) / runs.len());
            let marked = run.predict_as(images, regimes, &mut of_run)?;
            // Where the points are: runs that were taught other shifts do not disagree.
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
        self.ask(images.len(), regimes, &ask, progress)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_far_as_they_are_apart() {
        let nose = |x, y| -> Labels {
            [(Keypoint::NoseTip.x(), x), (Keypoint::NoseTip.y(), y)].into_iter().collect()
        };
        let found = apart(&[&nose(40.0, 50.0), &nose(46.0, 58.0)]);
        assert_eq!(found, [(Keypoint::NoseTip, 5.0)].into_iter().collect());
        assert!(apart(&[&nose(40.0, 50.0), &Labels::default()]).is_empty(), "one point alone");
    }
}
