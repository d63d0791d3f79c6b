//! What a network is trained on, batch by batch.

use burn::tensor::{Tensor, TensorData};
use keypoints_core::{CoordinateScale, Labels, Source};

use crate::augment::{AugmentedBatch, Augmenter};
use crate::error::TrainError;
use crate::loss::LossConfig;
use crate::strategy::TrainingPlan;
use crate::targets::Targets;
use keypoints_predict::{DevicePictures, Heads};

/// The training data on the device.
pub(super) struct TrainingData<'a> {
    pub(super) plan: &'a TrainingPlan,
    /// What the network's numbers mean.
    pub(super) scale: CoordinateScale,
    /// The loss, its lengths in pixels of these pictures.
    pub(super) loss: LossConfig,
    /// Epochs of the whole training, for the learning rate's way.
    pub(super) epochs: usize,
    pub(super) images: &'a DevicePictures,
    pub(super) targets: Targets,
    /// The label source of each of the plan's targets.
    pub(super) sources: Vec<Source>,
    /// What each of the plan's rows counts in the loss; `None` where all count alike.
    pub(super) weights: Option<Vec<f32>>,
    /// What happens to each batch; `None` where nothing does.
    pub(super) augmenter: Option<Augmenter>,
}

impl TrainingData<'_> {
    /// Some entries of the plan, as the network is to see them. `seed` decides the augmentation.
    pub(super) fn batch(&self, entries: &[usize], seed: u64) -> Result<AugmentedBatch, TrainError> {
        let batch = self.unweighted(entries, seed)?;
        Ok(match &self.weights {
            Some(weights) => self.weigh(batch, entries, weights),
            None => batch,
        })
    }

    /// Multiplies the mask by what the rows count, and counts their labels accordingly.
    fn weigh(&self, batch: AugmentedBatch, entries: &[usize], weights: &[f32]) -> AugmentedBatch {
        let of_rows: Vec<f32> = entries.iter().map(|&entry| weights[entry]).collect();
        let count = |&entry: &usize| self.plan.targets[entry].count() as f64;
        let all: f64 = entries.iter().map(count).sum();
        let weighed: f64 =
            entries.iter().map(|entry| f64::from(weights[*entry]) * count(entry)).sum();
        let labels = batch.labels as f64 * weighed / all.max(1.0);
        let of_rows = TensorData::new(of_rows, [entries.len(), 1]);
        let of_rows = Tensor::<2>::from_data(of_rows, &batch.mask.device());
        AugmentedBatch { mask: batch.mask * of_rows, labels: labels.round() as usize, ..batch }
    }

    fn unweighted(&self, entries: &[usize], seed: u64) -> Result<AugmentedBatch, TrainError> {
        let TrainingPlan { rows, targets, .. } = self.plan;
        let rows: Vec<usize> = entries.iter().map(|&entry| rows[entry]).collect();
        let images = self.images.gather(&rows);
        let labels = entries.iter().map(|&entry| &targets[entry]);
        if let Some(augmenter) = &self.augmenter {
            let batch = augmenter.apply(images, labels, seed)?;
            return Ok(match self.plan.heads {
                Heads::Shared => batch,
                Heads::PerSource => self.spread(batch, entries),
            });
        }
        let (values, mask) = self.targets.gather(entries);
        Ok(AugmentedBatch { images, values, mask, labels: labels.map(Labels::count).sum() })
    }

    /// Gives each head the same values, and the mask of its own source's rows.
    fn spread(&self, batch: AugmentedBatch, entries: &[usize]) -> AugmentedBatch {
        let AugmentedBatch { images, values, mask, labels } = batch;
        let heads = self.plan.heads.count(&self.plan.schema);
        let own = |head: usize| {
            let is_own = |&entry: &usize| {
                f32::from(u8::from(self.plan.heads.taught_by(self.sources[entry]) == head))
            };
            let own: Vec<f32> = entries.iter().map(is_own).collect();
            Tensor::<2>::from_data(TensorData::new(own, [entries.len(), 1]), &mask.device())
        };
        AugmentedBatch {
            images,
            values: Tensor::cat(vec![values; heads], 1),
            mask: Tensor::cat((0..heads).map(|head| mask.clone() * own(head)).collect(), 1),
            labels,
        }
    }
}

#[cfg(test)]
mod tests;
