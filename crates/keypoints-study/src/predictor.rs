//! Predicting from any folder or model file.

use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device;
use keypoints_core::{Coordinate, LabelShifts, Labels, PictureShape, Pictures, Schema, Source};
use keypoints_predict::{
    KeypointPredictor, PredictError, Predictor, TestTimeAugmentation, Uncertainty,
};
use keypoints_train::{Checkpoint, RunFolder};

use crate::cv::finished_folds;
use crate::ensemble::Ensemble;
use crate::error::StudyError;
use crate::kind::FolderKind;
use crate::study::StudyFolder;

/// A predictor from a path: the folder of a run, of an ensemble or of a cross-validation, whose folds are then averaged, or a model
/// file.
#[derive(Debug)]
pub enum AnyPredictor {
    /// One run.
    Run(Predictor),
    /// Several runs.
    Ensemble(Ensemble),
}

impl AnyPredictor {
    /// Loads a folder, known by its record (`run.json`, `ensemble.json`, `study.json`), or a model file.
    ///
    /// # Errors
    /// As [`RunFolder::predictor`], [`Ensemble::load`], [`finished_folds`] and [`Predictor::open_model`].
    pub fn load(path: &Path, checkpoint: Checkpoint, device: &Device) -> Result<Self, StudyError> {
        if path.is_file() {
            return Ok(Self::Run(Predictor::open_model(path, device)?));
        }
        Ok(match FolderKind::of(path)? {
            Some(FolderKind::Ensemble) => Self::Ensemble(Ensemble::load(path, checkpoint, device)?),
            Some(FolderKind::Study) => {
                let folds = finished_folds(&StudyFolder::open(path)?)?;
                Self::Ensemble(Ensemble::of_runs(&folds, checkpoint, device)?)
            }
            // Without any record, the error says which file is missing.
            Some(FolderKind::Run) | None => {
                Self::Run(RunFolder::new(path).predictor(checkpoint, device)?)
            }
        })
    }

    /// Replaces the test-time augmentation of every run.
    #[must_use]
    pub fn with_tta(self, tta: TestTimeAugmentation) -> Self {
        match self {
            Self::Run(run) => Self::Run(run.with_tta(tta)),
            Self::Ensemble(ensemble) => Self::Ensemble(ensemble.with_tta(tta)),
        }
    }

    /// The predictor. Every method is handed on to it: it may have its own.
    fn inner(&self) -> &dyn KeypointPredictor {
        match self {
            Self::Run(run) => run,
            Self::Ensemble(ensemble) => ensemble,
        }
    }
}

impl KeypointPredictor for AnyPredictor {
    fn schema(&self) -> &Arc<Schema> {
        self.inner().schema()
    }

    fn pictures(&self) -> PictureShape {
        self.inner().pictures()
    }

    fn margin(&self) -> Option<f64> {
        self.inner().margin()
    }

    fn coordinates(&self) -> Vec<Coordinate> {
        self.inner().coordinates()
    }

    fn label_shifts(&self) -> LabelShifts {
        self.inner().label_shifts()
    }

    fn predict_as(
        &self,
        pictures: &Pictures,
        sources: &[Source],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, PredictError> {
        self.inner().predict_as(pictures, sources, progress)
    }

    fn predict_on_picture(
        &self,
        pictures: &Pictures,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, PredictError> {
        self.inner().predict_on_picture(pictures, progress)
    }

    fn uncertainty(
        &self,
        pictures: &Pictures,
        sources: &[Source],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Option<Vec<Uncertainty>>, PredictError> {
        self.inner().uncertainty(pictures, sources, progress)
    }
}
