//! Batch normalisation with what usually follows it, in as few passes over memory as there can be.
//!
//! A channel of a batch fits a core's second-level cache, so its mean, its variance and its output come from one
//! reading of memory, and so do the sums and the gradient on the way back. Each channel has one owner and its
//! sums a fixed order: results do not depend on the number of threads.

mod pool;
mod rows;

use rayon::prelude::*;

use super::SimdLevel;
use super::fresh::{by_parts, zeroed};
use rows::Mask;

/// Sizes of a batch norm over `[batch, channels, height, width]`, and what comes behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Norm {
    pub batch: usize,
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    /// Added to the variance.
    pub epsilon: f64,
    pub then: Then,
}

/// What comes behind the norm (and behind adding a shortcut, where there is one).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    Nothing,
    /// ReLU.
    Relu,
    /// ReLU, then the maximum of every 2×2 pixels; even height and width, and no shortcut.
    ReluPool,
}

/// What a forward pass answers.
#[derive(Debug)]
pub(crate) struct Normed {
    pub output: Vec<f32>,
    /// Which pixel of each cell was the largest, with [`Then::ReluPool`].
    pub chosen: Vec<u8>,
    pub mean: Vec<f32>,
    /// Over all values, not one fewer.
    pub variance: Vec<f32>,
}

/// What a forward pass left behind for the backward pass.
#[derive(Clone, Copy)]
pub(crate) struct Past<'a> {
    pub input: &'a [f32],
    pub gamma: &'a [f32],
    pub beta: &'a [f32],
    pub mean: &'a [f32],
    pub variance: &'a [f32],
    /// Needed with a shortcut and a ReLU.
    pub output: Option<&'a [f32]>,
    pub chosen: &'a [u8],
}

/// The maximum of every 2×2 pixels, at least 0. `width` is the planes', even like their height.
pub(crate) fn pool(values: &[f32], width: usize) -> Vec<f32> {
    let level = SimdLevel::best();
    let part = 16 * width / 2;
    by_parts(values.len() / 4, part, |number, largest| {
        let values = &values[4 * number * part..][..4 * largest.len()];
        let mut chosen = vec![0; largest.len()];
        // SAFETY: slices of any length will do.
        unsafe { pool::pool(level, values, width, 1.0, 0.0, largest, &mut chosen) }
    })
}

/// A plane of each image, for one channel.
type Planes<'a, T> = Vec<&'a mut [T]>;

impl Norm {
    fn plane(&self) -> usize {
        self.height * self.width
    }

    fn samples(&self) -> f64 {
        (self.batch * self.plane()) as f64
    }

    fn pools(&self) -> bool {
        self.then == Then::ReluPool
    }

    /// The planes of each channel of a slice that has `plane` values in each.
    fn by_channel<'a, T>(&self, values: &'a mut [T], plane: usize) -> Vec<Planes<'a, T>> {
        let mut channels: Vec<_> =
            (0..self.channels).map(|_| Vec::with_capacity(self.batch)).collect();
        if plane > 0 {
            for (index, plane) in values.chunks_exact_mut(plane).enumerate() {
                channels[index % self.channels].push(plane);
            }
        }
        channels
    }

    /// One channel's plane of one image.
    fn plane_of<'a, T>(
        &self,
        values: &'a [T],
        image: usize,
        channel: usize,
        plane: usize,
    ) -> &'a [T] {
        &values[(image * self.channels + channel) * plane..][..plane]
    }

    /// Scale and shift of a channel.
    fn affine(&self, gamma: f32, beta: f32, mean: f32, variance: f32) -> [f32; 2] {
        let scale = gamma / (f64::from(variance) + self.epsilon).sqrt() as f32;
        [scale, beta - mean * scale]
    }

    /// Normalises with the batch's own statistics.
    pub(crate) fn forward(
        &self,
        input: &[f32],
        gamma: &[f32],
        beta: &[f32],
        shortcut: Option<&[f32]>,
    ) -> Normed {
        let level = SimdLevel::best();
        let plane = self.plane();
        let out_plane = if self.pools() { plane / 4 } else { plane };
        let cells = if self.pools() { out_plane } else { 0 };
        let (len, choice_len) =
            (self.batch * self.channels * out_plane, self.batch * self.channels * cells);
        let mut output = Vec::with_capacity(len);
        let mut chosen = Vec::with_capacity(choice_len);
        let least = if self.then == Then::Nothing { f32::NEG_INFINITY } else { 0.0 };
        let outputs = self.by_channel(&mut output.spare_capacity_mut()[..len], out_plane);
        let choices = self.by_channel(&mut chosen.spare_capacity_mut()[..choice_len], cells);
        let statistics: Vec<(f32, f32)> = outputs
            .into_par_iter()
            .zip(choices)
            .enumerate()
            .map(|(channel, (outputs, mut choices))| {
                let sum = |about, square| {
                    let planes = (0..self.batch).map(|image| {
                        let values = self.plane_of(input, image, channel, plane);
                        // SAFETY: slices of any length will do.
                        unsafe { rows::moment(level, values, about, square) }
                    });
                    planes.sum::<f64>() / self.samples()
                };
                let mean = sum(0.0, false) as f32;
                let variance = sum(mean, true) as f32;
                let [scale, shift] = self.affine(gamma[channel], beta[channel], mean, variance);
                for (image, to) in outputs.into_iter().enumerate() {
                    let values = self.plane_of(input, image, channel, plane);
                    let to = zeroed(to);
                    // SAFETY: slices of any length will do.
                    unsafe {
                        if self.pools() {
                            let chosen = zeroed(&mut *choices[image]);
                            pool::pool(level, values, self.width, scale, shift, to, chosen);
                        } else {
                            let shortcut =
                                shortcut.map(|s| self.plane_of(s, image, channel, plane));
                            rows::apply(level, values, scale, shift, shortcut, least, to);
                        }
                    }
                }
                (mean, variance)
            })
            .collect();
        // SAFETY: each channel's task has set all of its planes, and the planes are all there is.
        unsafe {
            output.set_len(len);
            chosen.set_len(choice_len);
        }
        let (mean, variance) = statistics.into_iter().unzip();
        Normed { output, chosen, mean, variance }
    }

    /// The gradients of input, gamma and beta. `gradient` is that of the output; afterwards it holds, unless the
    /// norm pools, that of what went into the ReLU, which is the shortcut's.
    ///
    /// With `in_place`, the input's gradient takes the place of `gradient` and the first answer is empty.
    pub(crate) fn backward(
        &self,
        past: Past<'_>,
        gradient: &mut [f32],
        in_place: bool,
    ) -> [Vec<f32>; 3] {
        let level = SimdLevel::best();
        let plane = self.plane();
        let pools = self.pools();
        let own = if in_place && !pools { 0 } else { plane };
        let len = self.batch * self.channels * own;
        let mut input_gradient = Vec::with_capacity(len);
        let mut outputs = self.by_channel(&mut input_gradient.spare_capacity_mut()[..len], own);
        outputs.resize_with(self.channels, Vec::new);
        let gradients = self.by_channel(gradient, if pools { plane / 4 } else { plane });
        let sums: Vec<(f32, f32)> = gradients
            .into_par_iter()
            .zip(outputs)
            .enumerate()
            .map(|(channel, (mut gradients, mut outputs))| {
                let (mean, gamma) = (past.mean[channel], past.gamma[channel]);
                let variance = past.variance[channel];
                let [scale, shift] = self.affine(gamma, past.beta[channel], mean, variance);
                let mut totals = [0.0_f64; 2];
                for (image, gradient) in gradients.iter_mut().enumerate() {
                    let values = self.plane_of(past.input, image, channel, plane);
                    // SAFETY: slices of any length will do.
                    let sums = unsafe {
                        if pools {
                            let chosen = self.plane_of(past.chosen, image, channel, plane / 4);
                            pool::sums(level, values, self.width, mean, chosen, gradient)
                        } else {
                            let mask = match (self.then, past.output) {
                                (Then::Nothing, _) => Mask::Everywhere,
                                (_, None) => Mask::Input { scale, shift },
                                (_, Some(output)) => {
                                    Mask::Output(self.plane_of(output, image, channel, plane))
                                }
                            };
                            rows::mask_and_sum(level, values, mean, mask, gradient)
                        }
                    };
                    totals[0] += sums[0];
                    totals[1] += sums[1];
                }
                let inverse = 1.0 / (f64::from(variance) + self.epsilon).sqrt();
                let [beta_gradient, gamma_gradient] = [totals[0], totals[1] * inverse];
                // γ/σ · (g − mean of g − x̂ · mean of g·x̂), written as a·g + p·x + q.
                let a = f64::from(gamma) * inverse;
                let p = -a * inverse * gamma_gradient / self.samples();
                let q = -a * beta_gradient / self.samples() - p * f64::from(mean);
                let apq = [a, p, q].map(|number| number as f32);
                for (image, gradient) in gradients.into_iter().enumerate() {
                    let values = self.plane_of(past.input, image, channel, plane);
                    // SAFETY: slices of any length will do.
                    unsafe {
                        if pools {
                            let chosen = self.plane_of(past.chosen, image, channel, plane / 4);
                            let to = zeroed(&mut *outputs[image]);
                            pool::combine(level, values, self.width, apq, chosen, gradient, to);
                        } else if in_place {
                            rows::combine(level, values, apq, gradient);
                        } else {
                            let to = zeroed(&mut *outputs[image]);
                            rows::combine_into(level, values, apq, gradient, to);
                        }
                    }
                }
                (gamma_gradient as f32, beta_gradient as f32)
            })
            .collect();
        // SAFETY: as in the forward pass; with `in_place` there are none.
        unsafe { input_gradient.set_len(len) };
        let (gamma, beta) = sums.into_iter().unzip();
        [input_gradient, gamma, beta]
    }
}
