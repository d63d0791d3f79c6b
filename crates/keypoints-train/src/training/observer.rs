//! Watching a run.

use super::initial::InitialWeights;
use crate::run::EpochRecord;
use crate::strategy::ModelId;

/// What the training of one network of a run is about to do.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainSession {
    /// Which network of the run.
    pub model: ModelId,
    /// Epochs of the whole training.
    pub epochs: usize,
    /// Epochs that an earlier process finished.
    pub finished_epochs: usize,
    /// Whether there is nothing left to train: all epochs are finished, or it was stopped early.
    pub finished: bool,
    /// Optimizer steps per epoch.
    pub steps_per_epoch: usize,
    /// Rows trained on.
    pub training_rows: usize,
    /// Rows held out.
    pub validation_rows: usize,
    /// Trained numbers in the network.
    pub parameters: usize,
}

/// One optimizer step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepInfo {
    /// Epoch, counted from 1.
    pub epoch: usize,
    /// Step in the epoch, counted from 1.
    pub step: usize,
    /// Root mean squared training error of the epoch so far, in pixels. On a device that computes ahead this
    /// lags a little behind, so that nobody has to wait for the number.
    pub train_rmse: f64,
    /// Learning rate of this step.
    pub learning_rate: f64,
    /// Training images per second in this epoch so far.
    pub images_per_second: f64,
}

/// Is told how a run goes on. Every method may stay empty.
///
/// ```
/// use keypoints_train::{EpochRecord, TrainObserver};
///
/// struct Plain;
///
/// impl TrainObserver for Plain {
///     fn on_epoch(&mut self, record: &EpochRecord, best: bool) {
///         println!("epoch {} {:.3} px{}", record.epoch, record.train_rmse, if best { " *" } else { "" });
///     }
/// }
/// ```
pub trait TrainObserver {
    /// A network of the run starts from the weights of a file; said before its training starts.
    fn on_weights(&mut self, _weights: &InitialWeights) {}
    /// The training of a network starts, or goes on where an earlier process left off. Some strategies train several
    /// networks one after the other.
    fn on_start(&mut self, _session: &TrainSession) {}
    /// A step was taken.
    fn on_step(&mut self, _step: &StepInfo) {}
    /// So many of so many held-out rows have been predicted.
    fn on_validation(&mut self, _done: usize, _total: usize) {}
    /// An epoch was finished and saved; `best` if none scored lower before.
    fn on_epoch(&mut self, _record: &EpochRecord, _best: bool) {}
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoObserver;

impl TrainObserver for NoObserver {}
