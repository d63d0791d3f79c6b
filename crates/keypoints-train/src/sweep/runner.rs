//! What a trial does.

use burn::tensor::Device;
use keypoints_data::{FaceDataset, Split, hold_out};
use keypoints_models::NetworkConfig;

use super::error::SweepError;
use super::file::SweepFile;
use crate::config::TrainConfig;
use crate::error::TrainError;
use crate::run::RunFolder;
use crate::training::{Outcome, TrainObserver, Training};

/// What a trial brought.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TrialOutcome {
    /// [`ErrorReport::score`](crate::metrics::ErrorReport::score) on the held-out faces: the weighted root mean squared error, in
    /// pixels. `None` where there was no label to score on.
    pub score: Option<f64>,
    /// Time that its epochs took, validation included, earlier processes' as well.
    pub seconds: f64,
    /// Faces that it was trained on, counted once per epoch.
    pub images: usize,
}

/// Turns settings into a score. A sweep is the same for whatever does so.
///
/// ```
/// use keypoints_train::sweep::{TrialOutcome, TrialRunner};
/// use keypoints_train::{RunFolder, TrainConfig, TrainError, TrainObserver};
///
/// /// A bowl around a learning rate of 0.001, to try a search out.
/// struct Bowl;
///
/// impl TrialRunner for Bowl {
///     fn run(
///         &mut self,
///         config: &TrainConfig,
///         _folder: &RunFolder,
///         _observer: &mut dyn TrainObserver,
///     ) -> Result<TrialOutcome, TrainError> {
///         let score = (config.learning_rate / 1e-3).log10().powi(2);
///         Ok(TrialOutcome { score: Some(score), ..Default::default() })
///     }
/// }
/// ```
pub trait TrialRunner {
    /// Refuses settings that could not be run; asked for every value of the sweep before the first trial.
    ///
    /// # Errors
    /// Why not.
    fn check(&mut self, _config: &TrainConfig) -> Result<(), TrainError> {
        Ok(())
    }

    /// Runs a trial in its folder, or goes on with the one that the folder holds.
    ///
    /// # Errors
    /// [`TrainError::Diverged`] fails this trial; every other error ends the sweep.
    fn run(
        &mut self,
        config: &TrainConfig,
        folder: &RunFolder,
        observer: &mut dyn TrainObserver,
    ) -> Result<TrialOutcome, TrainError>;
}

/// Trains, every trial on the same faces and scored on the same others.
#[derive(Clone, Debug)]
pub struct TrainTrials<'a> {
    dataset: &'a FaceDataset,
    split: Split,
    device: Device,
    /// The network that was checked last; most parameters leave it as it is.
    checked: Option<NetworkConfig>,
}

impl<'a> TrainTrials<'a> {
    /// Splits the data as the sweep file says.
    ///
    /// # Errors
    /// [`SweepError::Split`] where there are too few faces.
    pub fn new(
        dataset: &'a FaceDataset,
        file: &SweepFile,
        device: &Device,
    ) -> Result<Self, SweepError> {
        let split = hold_out(dataset, file.validation, file.seed)?;
        Ok(Self { dataset, split, device: device.clone(), checked: None })
    }

    /// The rows that all trials are trained on and scored on.
    pub fn split(&self) -> &Split {
        &self.split
    }
}

impl TrialRunner for TrainTrials<'_> {
    fn check(&mut self, config: &TrainConfig) -> Result<(), TrainError> {
        if self.checked.as_ref() != Some(&config.network) {
            config.network.init(&self.device)?;
            self.checked = Some(config.network.clone());
        }
        Ok(())
    }

    fn run(
        &mut self,
        config: &TrainConfig,
        folder: &RunFolder,
        observer: &mut dyn TrainObserver,
    ) -> Result<TrialOutcome, TrainError> {
        let training = Training::new(self.dataset, self.split.clone(), config.clone());
        Ok(figures(&training.run(folder, &self.device, observer)?))
    }
}

/// What a sweep wants to know of a run.
fn figures(outcome: &Outcome) -> TrialOutcome {
    TrialOutcome {
        score: outcome.report.as_ref().and_then(|report| report.score()),
        seconds: outcome.seconds(),
        images: outcome.images(),
    }
}
