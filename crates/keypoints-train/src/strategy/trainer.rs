//! The door between a strategy and the training loop.

use serde_json::Value;

use keypoints_core::{Labels, Source};

use super::answers::{Answers, ModelId};
use super::plan::TrainingPlan;
use crate::error::TrainError;

/// Trains networks for a strategy.
///
/// In a run this is the one training loop: every network gets a folder, and a network that was trained
/// before the process was killed is not trained again. In a test it can be a function.
pub trait Trainer {
    /// Trains a network, or finds it trained.
    ///
    /// # Errors
    /// A plan that cannot be trained, or whatever goes wrong in training: see [`TrainError`].
    fn train(&mut self, model: ModelId, plan: TrainingPlan) -> Result<ModelId, TrainError>;

    /// Predicts rows of the dataset with the selected checkpoint of a trained network, in pixels, unclipped. `sources` has the label
    /// source to predict for, one per row.
    ///
    /// # Errors
    /// [`TrainError::BadPlan`] without a source for every row, [`TrainError::RowOutOfRange`] for a row that there is not,
    /// [`TrainError::Device`] if the device fails.
    fn predict(
        &mut self,
        model: &ModelId,
        rows: &[usize],
        sources: &[Source],
    ) -> Result<Vec<Labels>, TrainError>;

    /// Leaves a JSON file in the run folder: what the strategy wants to be known of its way.
    ///
    /// # Errors
    /// If it cannot be written.
    fn keep(&mut self, file: &str, contents: Value) -> Result<(), TrainError>;

    /// Trains the only network of a run, which answers for every face.
    ///
    /// # Errors
    /// As [`Trainer::train`].
    fn train_only(&mut self, plan: TrainingPlan) -> Result<Answers, TrainError> {
        Ok(Answers::by(self.train(ModelId::only(), plan)?))
    }
}
