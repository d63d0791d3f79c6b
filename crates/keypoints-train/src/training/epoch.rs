//! One pass over the training rows.

use std::time::{Duration, Instant};

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use keypoints_models::KeypointNetwork;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::data::TrainingData;
use super::fine_tune;
use super::gradients::{Averaged, clip};
use super::learner::Learner;
use super::observer::{StepInfo, TrainObserver};
use crate::augment::AugmentedBatch;
use crate::config::TrainConfig;
use crate::error::TrainError;
use crate::loss::{LossConfig, masked_mse};
use crate::seed::{Stream, derive, seeded};
use keypoints_core::Tally;

/// How often the loss is fetched from the device. Reading it at every step would make a GPU wait for us.
const READ_LOSS_EVERY: Duration = Duration::from_millis(500);

/// What an epoch brought, before validation.
pub(super) struct EpochResult<N> {
    pub(super) learner: Learner<N>,
    pub(super) train_rmse: f64,
    pub(super) learning_rate: f64,
    pub(super) seconds: f64,
}

/// The order in which an epoch visits `count` rows.
fn epoch_order(count: usize, seed: u64, epoch: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let seed = derive(seed, Stream::Order, epoch as u64);
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    order
}

/// Trains for one epoch (counted from 1).
pub(super) fn train_epoch<N: KeypointNetwork + Module>(
    epoch: usize,
    config: &TrainConfig,
    data: &TrainingData<'_>,
    mut learner: Learner<N>,
    device: &Device,
    observer: &mut dyn TrainObserver,
) -> Result<EpochResult<N>, TrainError> {
    let start = Instant::now();
    let order = epoch_order(data.plan.rows.len(), config.seed, epoch);
    let per_step = config.batch_size * config.accumulate;
    let steps_per_epoch = order.len().div_ceil(per_step);
    let (scale, objective) = (data.scale, data.loss);
    let backbone = fine_tune::slower_part(&learner.network, config);
    let mut losses = PendingLosses::new(scale.scale);
    let mut learning_rate = 0.0;
    let mut seen = 0;
    for (index, faces) in order.chunks(per_step).enumerate() {
        let step = (epoch - 1) * steps_per_epoch + index;
        learning_rate =
            config.learning_rate * config.schedule.factor(step, data.epochs * steps_per_epoch);
        let mut averaged = (config.accumulate > 1).then(Averaged::new);
        let mut gradients = GradientsParams::new();
        for (part, batch) in faces.chunks(config.batch_size).enumerate() {
            let draw = (step * config.accumulate + part) as u64;
            // Dropout draws from a stream of its own per batch, so that a resumed run drops the same maps.
            drop(seeded(device, derive(config.seed, Stream::Step, draw)));
            let seed = derive(config.seed, Stream::Augment, draw);
            let AugmentedBatch { images, values, mask, labels } = data.batch(batch, seed)?;
            let (targets, weights) = (values.clone().autodiff(), mask.clone().autodiff());
            let (output, loss) = config.precision.run(|| {
                let images = images.autodiff();
                objective.of_network(&learner.network, images, targets, weights, scale)
            });
            // Whatever is trained on, the error is reported in pixels.
            let squared = (config.loss != LossConfig::Mse)
                .then(|| masked_mse(output.inner(), values, mask.clone()));
            losses.push(squared.unwrap_or_else(|| loss.clone().inner()), labels as u64, step);
            match &mut averaged {
                Some(averaged) => averaged.add(&learner.network, loss, mask),
                None => {
                    gradients = GradientsParams::from_grads(loss.backward(), &learner.network);
                }
            }
        }
        if let Some(averaged) = averaged {
            gradients = averaged.finish(&learner.network);
        }
        if let Some(max) = config.clip_norm {
            gradients = clip(gradients, &learner.network, max);
        }
        let rates = fine_tune::rates(learning_rate, backbone.as_ref(), config)?;
        learner.network = learner.optimizer.step(rates, learner.network, gradients);
        learner.average = learner.average.map(|one| one.after_step(step, &learner.network));

        seen += faces.len();
        let last = index + 1 == steps_per_epoch;
        losses.read(last, epoch)?;
        observer.on_step(&StepInfo {
            epoch,
            step: index + 1,
            train_rmse: losses.rmse(),
            learning_rate,
            images_per_second: seen as f64 / start.elapsed().as_secs_f64(),
        });
    }
    let seconds = start.elapsed().as_secs_f64();
    Ok(EpochResult { learner, train_rmse: losses.rmse(), learning_rate, seconds })
}

/// Mean squared errors that are still on the device, and the sum of those that have been read.
struct PendingLosses {
    /// With the number of labels, and the step, counted from 0.
    pending: Vec<(Tensor<1>, u64, usize)>,
    read_last: Instant,
    tally: Tally,
    /// From network units to pixels.
    scale: f64,
}

impl PendingLosses {
    fn new(scale: f32) -> Self {
        let scale = f64::from(scale);
        Self { pending: Vec::new(), read_last: Instant::now(), tally: Tally::default(), scale }
    }

    fn push(&mut self, loss: Tensor<1>, labels: u64, step: usize) {
        self.pending.push((loss, labels, step));
    }

    /// Reads what is pending if it is time to, if `now`, or if nothing has been read yet. `epoch` is for the error about a loss that is
    /// not a number.
    fn read(&mut self, now: bool, epoch: usize) -> Result<(), TrainError> {
        if !now && self.tally.labels > 0 && self.read_last.elapsed() < READ_LOSS_EVERY {
            return Ok(());
        }
        for (loss, labels, step) in self.pending.drain(..) {
            let loss = loss.try_into_scalar::<f32>().map_err(TrainError::device)?;
            if !loss.is_finite() {
                return Err(TrainError::Diverged { epoch, step: step + 1, loss, last_good: None });
            }
            let squared = f64::from(loss) * labels as f64 * self.scale * self.scale;
            self.tally += Tally { squared, labels };
        }
        self.read_last = Instant::now();
        Ok(())
    }

    fn rmse(&self) -> f64 {
        self.tally.rmse().unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests;
