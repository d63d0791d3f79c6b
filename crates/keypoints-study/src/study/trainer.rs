//! What is done in a cell.

use burn::tensor::Device;
use keypoints_core::{Dataset, Split};
use keypoints_train::{RunFolder, RunLock, TrainConfig, TrainError, TrainObserver, Training};

/// What is to be trained, and where.
pub(super) struct Task<'a> {
    pub(super) config: TrainConfig,
    pub(super) split: &'a Split,
    pub(super) run: RunFolder,
    /// Held while the cell is trained.
    pub(super) lock: Option<RunLock>,
}

/// What a training has cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Cost {
    pub(super) networks: usize,
    pub(super) images: usize,
    pub(super) seconds: f64,
}

/// Trains a cell; in a test, something that is faster.
pub(super) trait CellTrainer {
    /// Refuses settings that could not be trained, before anything is.
    fn check(&mut self, config: &TrainConfig) -> Result<(), TrainError>;

    /// Refuses the folder of an ended cell that was trained with other settings.
    fn check_ended(&mut self, task: &Task<'_>) -> Result<(), TrainError>;

    /// Trains in the run folder of a cell, or goes on there, and leaves the predictions for the held-out rows in it.
    fn train(
        &mut self,
        task: &Task<'_>,
        observer: &mut dyn TrainObserver,
    ) -> Result<Cost, TrainError>;
}

/// Trains on a dataset.
pub(super) struct TrainCells<'a> {
    dataset: &'a Dataset,
    device: &'a Device,
    /// The settings that were checked last; most parameters leave network and weights as they are.
    checked: Option<TrainConfig>,
}

impl<'a> TrainCells<'a> {
    pub(super) fn new(dataset: &'a Dataset, device: &'a Device) -> Self {
        Self { dataset, device, checked: None }
    }

    fn training(&self, config: &TrainConfig, split: &Split) -> Training<'a> {
        Training::new(self.dataset, split.clone(), config.clone())
    }
}

impl CellTrainer for TrainCells<'_> {
    fn check(&mut self, config: &TrainConfig) -> Result<(), TrainError> {
        let of = |config: &TrainConfig| (config.network.clone(), config.initial_weights.clone());
        if self.checked.as_ref().map(of) == Some(of(config)) {
            return config.check();
        }
        self.checked = Some(config.clone());
        self.training(config, &Split::default()).check(self.device)
    }

    fn check_ended(&mut self, task: &Task<'_>) -> Result<(), TrainError> {
        self.training(&task.config, task.split).check_folder(&task.run, self.device)
    }

    fn train(
        &mut self,
        task: &Task<'_>,
        observer: &mut dyn TrainObserver,
    ) -> Result<Cost, TrainError> {
        let training = self.training(&task.config, task.split);
        let outcome = match &task.lock {
            Some(lock) => training.run_locked(lock, self.device, observer)?,
            None => training.run(&task.run, self.device, observer)?,
        };
        let (images, seconds) = (outcome.images(), outcome.seconds());
        Ok(Cost { networks: outcome.models.len(), images, seconds })
    }
}
