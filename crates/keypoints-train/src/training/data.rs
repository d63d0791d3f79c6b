//! What a network is trained on, batch by batch.

use burn::tensor::{Tensor, TensorData};
use keypoints_data::{LabelRegime, Labels};

use crate::augment::{AugmentedBatch, Augmenter};
use crate::error::TrainError;
use crate::faces::DeviceImages;
use crate::strategy::{Heads, TrainingPlan};
use crate::targets::Targets;

/// The training data on the device.
pub(super) struct TrainingData<'a> {
    pub(super) plan: &'a TrainingPlan,
    /// Epochs of the whole training, for the learning rate's way.
    pub(super) epochs: usize,
    pub(super) images: &'a DeviceImages,
    pub(super) targets: Targets,
    /// As whose annotators mark points each of the plan's targets is to be read.
    pub(super) regimes: Vec<LabelRegime>,
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
            let batch = augmenter.apply_labels(images, labels, seed)?;
            return Ok(match self.plan.heads {
                Heads::Shared => batch,
                Heads::PerRegime => self.spread(batch, entries),
            });
        }
        let (values, mask) = self.targets.gather(entries);
        Ok(AugmentedBatch { images, values, mask, labels: labels.map(Labels::count).sum() })
    }

    /// Gives either head the same values, and the mask of its own regime's faces.
    fn spread(&self, batch: AugmentedBatch, entries: &[usize]) -> AugmentedBatch {
        let AugmentedBatch { images, values, mask, labels } = batch;
        let is_full = |&entry: &usize| {
            f32::from(u8::from(self.plan.heads.taught_by(self.regimes[entry]) == 0))
        };
        let full: Vec<f32> = entries.iter().map(is_full).collect();
        let full = TensorData::new(full, [entries.len(), 1]);
        let full = Tensor::<2>::from_data(full, &mask.device());
        let four_point = full.ones_like() - full.clone();
        AugmentedBatch {
            images,
            values: Tensor::cat(vec![values.clone(), values], 1),
            mask: Tensor::cat(vec![mask.clone() * full, mask * four_point], 1),
            labels,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::augment::AugmentConfig;
    use burn::tensor::Device;
    use keypoints_data::CoordinateScale;
    use keypoints_data::synth::{SynthConfig, generate};

    #[test]
    fn augmented_labels_reach_the_head_of_their_regime() {
        let faces = generate(&SynthConfig { training: 20, test: 0, ..Default::default() }).training;
        let device = Device::flex();
        let plan = TrainingPlan::of_rows(&faces, (0..20).collect()).with_heads(Heads::PerRegime);
        let regimes: Vec<LabelRegime> = (0..20).map(|row| faces.regime(row)).collect();
        let entries: Vec<usize> = (0..20).rev().collect();
        for scale in [CoordinateScale::CENTERED, CoordinateScale::PIXELS] {
            let outputs = plan.outputs(scale);
            let images = DeviceImages::upload(faces.images(), &device);
            let targets = Targets::upload_for(&outputs, &plan.targets, &regimes, &device);
            // So little light changes no label: what is left is the way that labels take.
            let dim = AugmentConfig { brightness: 1e-6, ..AugmentConfig::none() };
            let augmenter = Augmenter::new(&dim, &plan.coordinates, scale, &device).unwrap();
            let data = TrainingData {
                plan: &plan,
                epochs: 1,
                images: &images,
                targets: targets.clone(),
                regimes: regimes.clone(),
                weights: None,
                augmenter: Some(augmenter),
            };
            let batch = data.batch(&entries, 5).unwrap();
            let (values, mask) = targets.gather(&entries);
            assert_eq!(batch.mask.to_data(), mask.to_data());
            // As numbers: a value that does not count may be masked to −0.
            let counted = |values: Tensor<2>| values.into_data().try_to_vec::<f32>().unwrap();
            assert_eq!(counted(batch.values * batch.mask.clone()), counted(values * mask));
            let labels: usize = plan.targets.iter().map(Labels::count).sum();
            assert_eq!(batch.labels, labels);

            // Row r counts r / 19: the weights are looked up by entry, for both heads alike.
            let weights: Vec<f32> = (0..20).map(|row| row as f32 / 19.0).collect();
            let data = TrainingData { weights: Some(weights.clone()), ..data };
            let weighed = data.batch(&entries, 5).unwrap();
            let column =
                TensorData::new(entries.iter().map(|&one| weights[one]).collect(), [20, 1]);
            let column = Tensor::<2>::from_data(column, &device);
            assert_eq!(counted(weighed.mask), counted(batch.mask * column));
            assert!(weighed.labels < labels, "{} of {labels}", weighed.labels);
        }
    }
}
