//! What is done in a cell.

use burn::tensor::Device;
use keypoints_data::{FaceDataset, Split};
use keypoints_train::{RunFolder, TrainConfig, TrainError, TrainObserver, Training};

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

    /// Trains in the run folder of a cell, or goes on there, and leaves the predictions for the held-out rows in it.
    fn train(
        &mut self,
        config: TrainConfig,
        split: &Split,
        run: &RunFolder,
        observer: &mut dyn TrainObserver,
    ) -> Result<Cost, TrainError>;

    /// Refuses the folder of an ended cell that was trained with other settings.
    fn check_ended(
        &mut self,
        config: TrainConfig,
        split: &Split,
        run: &RunFolder,
    ) -> Result<(), TrainError>;
}

/// Trains on a dataset.
pub(super) struct TrainCells<'a> {
    dataset: &'a FaceDataset,
    device: &'a Device,
    /// The settings that were checked last; most parameters leave network and weights as they are.
    checked: Option<TrainConfig>,
}

impl<'a> TrainCells<'a> {
    pub(super) fn new(dataset: &'a FaceDataset, device: &'a Device) -> Self {
        Self { dataset, device, checked: None }
    }

    fn training(&self, config: TrainConfig, split: &Split) -> Training<'a> {
        Training::new(self.dataset, split.clone(), config)
    }
}

impl CellTrainer for TrainCells<'_> {
    fn check(&mut self, config: &TrainConfig) -> Result<(), TrainError> {
        let of = |config: &TrainConfig| (config.network.clone(), config.initial_weights.clone());
        if self.checked.as_ref().map(of) == Some(of(config)) {
            return config.check();
        }
        self.training(config.clone(), &Split::default()).check(self.device)?;
        self.checked = Some(config.clone());
        Ok(())
    }

    fn train(
        &mut self,
        config: TrainConfig,
        split: &Split,
        run: &RunFolder,
        observer: &mut dyn TrainObserver,
    ) -> Result<Cost, TrainError> {
        let outcome = self.training(config, split).run(run, self.device, observer)?;
        let (images, seconds) = (outcome.images(), outcome.seconds());
        Ok(Cost { networks: outcome.models.len(), images, seconds })
    }

    fn check_ended(
        &mut self,
        config: TrainConfig,
        split: &Split,
        run: &RunFolder,
    ) -> Result<(), TrainError> {
        self.training(config, split).check_folder(run, self.device)
    }
}
