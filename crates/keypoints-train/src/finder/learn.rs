//! One round of one network.

use burn::lr_scheduler::module_lr_scheduler::ModuleLearningRate;
use burn::optim::GradientsParams;
use burn::tensor::activation::softplus;
use burn::tensor::{Device, Tensor, TensorData};
use keypoints_finder::Answer;
use keypoints_finder::networks::WindowNetwork;
use rayon::prelude::*;

use super::config::RoundsConfig;
use super::draw::{Drawer, Example};
use crate::error::TrainError;
use crate::optimizer::OptimizerConfig;
use crate::schedule::Schedule;
use crate::seed::{Stream, derive};
use crate::training::WeightAverage;

/// What one unit of error is in an answer's shift, scale and roll: about what a first look is off by.
const UNITS: [f32; 4] = [0.1, 0.1, 0.2, 0.35];

/// Steps between two reports of the loss.
const REPORT: usize = 20;

/// Trains a network on the windows of a drawer. `network` is on the training device; returned is the average of its weights over the last
/// steps, on the plain one. `report` is told how many steps are done, and the mean loss since the last report.
pub(super) fn learn<N: WindowNetwork>(
    mut network: N,
    drawer: &Drawer<'_>,
    config: &RoundsConfig,
    rate: f64,
    seed: u64,
    device: &Device,
    report: &mut dyn FnMut(usize, f64),
) -> Result<N, TrainError> {
    let mut optimizer = OptimizerConfig::muon().with_weight_decay(0.05).init();
    let schedule = Schedule::Cosine { warmup: 0.05 };
    let device = device.clone().autodiff();
    let mut average = WeightAverage::starting(0.995, &network);
    let mut losses = 0.0;
    for step in 0..config.steps {
        let draw = |index: usize| {
            let index = (step * config.batch + index) as u64;
            drawer.draw(derive(seed, Stream::Augment, index))
        };
        let examples: Vec<Example> = (0..config.batch).into_par_iter().map(draw).collect();
        let loss = loss(&network, &examples, drawer.window, &device);
        let value = loss.clone().try_into_scalar::<f32>().map_err(TrainError::device)?;
        if !value.is_finite() {
            return Err(TrainError::Diverged {
                epoch: 1,
                step: step + 1,
                loss: value,
                last_good: None,
            });
        }
        losses += f64::from(value);
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        let rate = ModuleLearningRate::from(rate * schedule.factor(step, config.steps));
        network = optimizer.step(rate, network, gradients);
        average = average.after_step(step, &network);
        if (step + 1) % REPORT == 0 {
            report(step + 1, losses / REPORT as f64);
            losses = 0.0;
        }
    }
    Ok(average.network().clone())
}

/// Cross-entropy of face or no face, and Huber's loss of where the face is.
fn loss<N: WindowNetwork>(
    network: &N,
    examples: &[Example],
    side: usize,
    device: &Device,
) -> Tensor<1> {
    let count = examples.len();
    let tensor = |values: Vec<f32>, width| {
        Tensor::<2>::from_data(TensorData::new(values, [count, width]), device)
    };
    let pixels = examples.iter().flat_map(|one| one.pixels.iter().copied()).collect();
    let windows = tensor(pixels, side * side).reshape([count, 1, side, side]);
    let is_face = examples.iter().map(|one| f32::from(u8::from(one.answer.is_some())));
    let is_face = tensor(is_face.collect(), 1);
    let place = |one: &Example| match one.answer {
        Some(Answer { shift: [x, y], scale, roll, .. }) => {
            std::array::from_fn(|at| [x, y, scale, roll][at] / UNITS[at])
        }
        None => [0.0; 4],
    };
    let places = tensor(examples.iter().flat_map(place).collect(), 4);
    let outputs = network.forward(windows).reshape([count, Answer::OUTPUTS]);
    let logit = outputs.clone().narrow(1, 0, 1);
    let classes = softplus(logit.clone(), 1.0) - logit * is_face.clone();
    let units = Tensor::<1>::from_data(UNITS.map(f32::recip), device).unsqueeze();
    let off = (outputs.narrow(1, 1, 4) * units - places).abs();
    let small = off.clone().clamp_max(1.0);
    let moved = small.clone() * (off - small * 0.5) * is_face;
    classes.mean() + moved.mean()
}
