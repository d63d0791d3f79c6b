//! What to do about missing labels.
//!
//! A strategy says which networks are trained, each on which rows and targets, and which of them answers for
//! which label source. It never trains by itself: it hands plans to a [`Trainer`], which is the one training
//! loop of a run, or a fake in a test.
//!
//! | strategy | file | what it does about a gap |
//! | --- | --- | --- |
//! | [`DropIncomplete`] | `drop_incomplete.rs` | drops the row |
//! | [`Impute`] | `impute.rs` | fills it by an [imputer](keypoints_data::impute) before training |
//! | [`PseudoLabels`] | `pseudo_labels/` | fills it by the network's own prediction, round by round |
//! | [`TwoModels`] | `two_models.rs` | trains a network per label source |
//! | [`Masked`] | `masked.rs` | leaves it out of the loss; with a [head per source](keypoints_predict::Heads), `masked_two_head` |
//!
//! To add one, write one file with a type that implements [`Strategy`] and add one line to `strategies!` in
//! `strategy/registry.rs`.

mod answers;
mod drop_incomplete;
mod impute;
mod masked;
mod plan;
pub mod pseudo_labels;
mod registry;
mod trainer;
mod two_models;

use keypoints_core::Dataset;

pub use answers::{Answers, ModelId};
pub use drop_incomplete::DropIncomplete;
pub use impute::Impute;
pub use masked::Masked;
pub use plan::TrainingPlan;
pub use pseudo_labels::PseudoLabels;
pub use registry::StrategyConfig;
pub use trainer::Trainer;
pub use two_models::TwoModels;

use crate::error::TrainError;

/// A way to deal with missing labels.
///
/// ```
/// use keypoints_core::{Dataset, kaggle15};
/// use keypoints_train::TrainError;
/// use keypoints_train::strategy::{Answers, Strategy, Trainer, TrainingPlan};
///
/// /// Learns the nose tip alone, wherever somebody marked it.
/// struct NoseOnly;
///
/// impl Strategy for NoseOnly {
///     fn train(
///         &self,
///         faces: &Dataset,
///         rows: &[usize],
///         trainer: &mut dyn Trainer,
///     ) -> Result<Answers, TrainError> {
///         let marked = |&row: &usize| faces.labels()[row].point(kaggle15::NOSE_TIP).is_some();
///         let rows = rows.iter().copied().filter(marked).collect();
///         let plan = TrainingPlan::of_rows(faces, rows)
///             .for_coordinates(vec![kaggle15::NOSE_TIP.x(), kaggle15::NOSE_TIP.y()]);
///         trainer.train_only(plan)
///     }
/// }
/// ```
///
/// [`Training::with_strategy`](crate::Training::with_strategy) trains by it.
pub trait Strategy {
    /// Refuses settings that no training could follow, before there is a run.
    ///
    /// # Errors
    /// [`TrainError::InvalidConfig`] with the setting.
    fn check(&self) -> Result<(), TrainError> {
        Ok(())
    }

    /// Trains what it needs, on the given rows of the dataset and on no others, and says which network
    /// answers. Called again on a run that was killed, it must ask for the same networks in the same order.
    ///
    /// # Errors
    /// Whatever the trainer reports.
    fn train(
        &self,
        faces: &Dataset,
        rows: &[usize],
        trainer: &mut dyn Trainer,
    ) -> Result<Answers, TrainError>;
}

#[cfg(test)]
mod tests;
