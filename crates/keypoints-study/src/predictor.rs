//! Predicting from any folder or model file.

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

use crate::cv::finished_folds;
use crate::ensemble::EnsembleRecord;
use crate::error::{StudyError, require};
use crate::kind::FolderKind;
use crate::mean::mean_of_all;
use crate::study::StudyFolder;

/// A predictor from a path: a run, a model file, or several runs whose predictions are averaged (an [ensemble](crate::ensemble) or
/// the folds of a cross-validation).
#[derive(Debug)]
pub struct AnyPredictor {
    /// The runs of each member; there is at least one run.
    members: Vec<Vec<Predictor>>,
}

impl From<Predictor> for AnyPredictor {
    fn from(run: Predictor) -> Self {
        Self { members: vec![vec![run]] }
    }
}

impl AnyPredictor {
    /// Loads a folder, known by its record (`run.json`, `ensemble.json`, `study.json`), or a model file.
    ///
    /// # Errors
    /// As [`RunFolder::predictor`], [`EnsembleRecord::read`], [`finished_folds`] and [`Predictor::open_model`];
    /// [`StudyError::Invalid`] where runs do not fit together.
    pub fn load(path: &Path, checkpoint: Checkpoint, device: &Device) -> Result<Self, StudyError> {
        if path.is_file() {
            return Ok(Predictor::open_model(path, device)?.into());
        }
        let (members, tta) = match FolderKind::of(path)? {
            Some(FolderKind::Ensemble) => {
                let EnsembleRecord { members, tta, .. } = EnsembleRecord::read(path)?;
                let runs = |runs: &[PathBuf]| {
                    runs.iter().map(|run| RunFolder::new(path.join(run))).collect()
                };
                (members.iter().map(|member| runs(&member.runs)).collect(), tta)
            }
            Some(FolderKind::Study) => (vec![finished_folds(&StudyFolder::open(path)?)?], None),
            // Without any record, the error says which file is missing.
            Some(FolderKind::Run) | None => (vec![vec![RunFolder::new(path)]], None),
        };
        let load = |run: &RunFolder| run.predictor(checkpoint, device);
        let load_all = |runs: &Vec<RunFolder>| -> Result<Vec<Predictor>, TrainError> {
            runs.iter().map(load).collect()
        };
        let all = Self::of_members(members.iter().map(load_all).collect::<Result<_, _>>()?)?;
        Ok(match tta {
            Some(tta) => all.with_tta(tta),
            None => all,
        })
    }

    /// Averages networks that count alike.
    ///
    /// # Errors
    /// [`StudyError::Invalid`] where there is none, or they do not fit together.
    pub fn of_predictors(networks: Vec<Predictor>) -> Result<Self, StudyError> {
        require(!networks.is_empty(), "networks", "at least one network", "none")?;
        Self::of_members(vec![networks])
    }

    /// Refuses runs that do not answer the same question. There is at least one.
    fn of_members(members: Vec<Vec<Predictor>>) -> Result<Self, StudyError> {
        let all = Self { members };
        let (schema, pictures, margin) = (all.schema(), all.pictures(), all.margin());
        for run in all.runs() {
            let found = format!("{} beside {}", run.schema().name(), schema.name());
            require(run.schema() == schema, "members", "runs with the same points", found)?;
            let found = format!("{} beside {pictures}", run.pictures());
            let expected = "runs on pictures of one shape";
            require(run.pictures() == pictures, "members", expected, found)?;
            let found = format!("{:?} beside {margin:?}", run.margin());
            require(run.margin() == margin, "members", "runs on crops with one margin", found)?;
        }
        Ok(all)
    }

    /// Replaces the test-time augmentation of every run.
    #[must_use]
    pub fn with_tta(self, tta: TestTimeAugmentation) -> Self {
        let again = |runs: Vec<Predictor>| runs.into_iter().map(|run| run.with_tta(tta)).collect();
        Self { members: self.members.into_iter().map(again).collect() }
    }

    /// The first run. Schema, picture shape and margin are those of all.
    pub fn first(&self) -> &Predictor {
        &self.members[0][0]
    }

    /// The runs of all members: one for a run or a model file.
    pub fn runs(&self) -> impl Iterator<Item = &Predictor> {
        self.members.iter().flatten()
    }

    /// Asks every run of every member. A face is done when every run has predicted it.
    fn ask(
        &self,
        faces: usize,
        progress: &mut dyn FnMut(usize),
        ask: impl Fn(&Predictor, &mut dyn FnMut(usize)) -> Result<Vec<Labels>, PredictError>,
    ) -> Result<Vec<Vec<Vec<Labels>>>, PredictError> {
        let runs: usize = self.members.iter().map(Vec::len).sum();
        let mut asked = 0;
        let mut ask_next = |run: &Predictor| {
            let before = asked * faces;
            asked += 1;
            ask(run, &mut |done| progress((before + done) / runs))
        };
        self.members.iter().map(|member| member.iter().map(&mut ask_next).collect()).collect()
    }
}

/// The mean over members, each being the mean over its runs.
fn mean_of_members(members: &[Vec<Vec<Labels>>]) -> Vec<Labels> {
    mean_of_all(&members.iter().map(|runs| mean_of_all(runs)).collect::<Vec<_>>())
}

/// Members count alike, however many runs they have. Where a run does not know a coordinate, it is the mean of the others.
impl KeypointPredictor for AnyPredictor {
    fn schema(&self) -> &Arc<Schema> {
        self.first().schema()
    }

    fn pictures(&self) -> PictureShape {
        self.first().pictures()
    }

    fn margin(&self) -> Option<f64> {
        self.first().margin()
    }

    fn coordinates(&self) -> Vec<Coordinate> {
        let known = |one: &Coordinate| self.runs().any(|run| run.coordinates().contains(one));
        self.schema().coordinates().filter(known).collect()
    }

    fn label_shifts(&self) -> LabelShifts {
        let mean = |source: Source| {
            let of = |run: &Predictor| run.label_shifts().of_source(source);
            let member =
                |runs: &Vec<Predictor>| runs.iter().map(of).sum::<f32>() / runs.len().max(1) as f32;
            self.members.iter().map(member).sum::<f32>() / self.members.len() as f32
        };
        LabelShifts::new(self.schema().source_indices().map(mean).collect())
    }

    fn predict_as(
        &self,
        pictures: &Pictures,
        sources: &[Source],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, PredictError> {
        let found = self.ask(pictures.len(), progress, |run, progress| {
            run.predict_as(pictures, sources, progress)
        });
        Ok(mean_of_members(&found?))
    }

    fn predict_on_picture(
        &self,
        pictures: &Pictures,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, PredictError> {
        let found = self.ask(pictures.len(), progress, |run, progress| {
            run.predict_on_picture(pictures, progress)
        });
        Ok(mean_of_members(&found?))
    }

    /// The root mean square distance of the runs from their mean; of a single run, its own uncertainty.
    fn uncertainty(
        &self,
        pictures: &Pictures,
        sources: &[Source],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Option<Vec<Uncertainty>>, PredictError> {
        if self.runs().count() == 1 {
            return self.first().uncertainty(pictures, sources, progress);
        }
        let found = self.ask(pictures.len(), progress, |run, progress| {
            let marked = run.predict_as(pictures, sources, progress)?;
            // On the picture: runs with other label shifts do not disagree.
            let shifts = run.label_shifts();
            let of_face = |(&source, face)| shifts.onto_picture(self.schema(), source, face);
            Ok(sources.iter().zip(&marked).map(of_face).collect())
        })?;
        let of_face = |face: usize| {
            let answers: Vec<&Labels> = found.iter().flatten().map(|run| &run[face]).collect();
            apart(self.schema(), &answers)
        };
        Ok(Some((0..pictures.len()).map(of_face).collect()))
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

#[cfg(test)]
mod tests;
