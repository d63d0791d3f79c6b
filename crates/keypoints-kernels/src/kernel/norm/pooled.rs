//! Norms with a 2×2 maximum behind them.

use rayon::prelude::*;

use super::{Norm, Normed, Past, pool};
use crate::kernel::SimdLevel;
use crate::kernel::fresh::zeroed;

/// A plane of each image, for one channel.
type Slices<'a, T> = Vec<&'a mut [T]>;

impl Norm {
    /// The planes of each channel of a slice that has `plane` values in each.
    fn by_channel<'a, T>(&self, values: &'a mut [T], plane: usize) -> Vec<Slices<'a, T>> {
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

    pub(super) fn forward_pooled(&self, input: &[f32], gamma: &[f32], beta: &[f32]) -> Normed {
        let level = SimdLevel::best();
        let plane = self.plane();
        let cells = plane / 4;
        let len = self.batch * self.channels * cells;
        let (mut output, mut chosen) = (Vec::with_capacity(len), Vec::with_capacity(len));
        let outputs = self.by_channel(&mut output.spare_capacity_mut()[..len], cells);
        let choices = self.by_channel(&mut chosen.spare_capacity_mut()[..len], cells);
        let (mean, variance) = outputs
            .into_par_iter()
            .zip(choices)
            .enumerate()
            .map(|(channel, (outputs, choices))| {
                let (mean, variance) = self.statistics(level, input, channel);
                let [scale, shift] = self.affine(gamma[channel], beta[channel], mean, variance);
                for (image, (to, chosen)) in outputs.into_iter().zip(choices).enumerate() {
                    let values = self.plane_of(input, image, channel, plane);
                    let (to, chosen) = (zeroed(to), zeroed(chosen));
                    // SAFETY: slices of any length will do.
                    unsafe { pool::pool(level, values, self.width, scale, shift, to, chosen) };
                }
                (mean, variance)
            })
            .unzip();
        // SAFETY: each channel's task has set all of its planes, and the planes are all there is.
        unsafe {
            output.set_len(len);
            chosen.set_len(len);
        }
        Normed { output, chosen, mean, variance }
    }

    pub(super) fn backward_pooled(&self, past: Past<'_>, gradient: &[f32]) -> [Vec<f32>; 3] {
        let level = SimdLevel::best();
        let plane = self.plane();
        let len = self.batch * self.channels * plane;
        let mut input_gradient = Vec::with_capacity(len);
        let outputs = self.by_channel(&mut input_gradient.spare_capacity_mut()[..len], plane);
        let (gamma, beta) = outputs
            .into_par_iter()
            .enumerate()
            .map(|(channel, outputs)| {
                let numbers @ [_, mean, _] =
                    [past.gamma[channel], past.mean[channel], past.variance[channel]];
                let parts = |image| {
                    let values = self.plane_of(past.input, image, channel, plane);
                    let chosen = self.plane_of(past.chosen, image, channel, plane / 4);
                    (values, chosen, self.plane_of(gradient, image, channel, plane / 4))
                };
                let mut totals = [0.0_f64; 2];
                for image in 0..self.batch {
                    let (values, chosen, gradient) = parts(image);
                    // SAFETY: slices of any length will do.
                    let sums =
                        unsafe { pool::sums(level, values, self.width, mean, chosen, gradient) };
                    totals[0] += sums[0];
                    totals[1] += sums[1];
                }
                let (of_beta, of_gamma, apq) = self.gradients_by_sums(totals, numbers);
                for (image, to) in outputs.into_iter().enumerate() {
                    let (values, chosen, gradient) = parts(image);
                    let to = zeroed(to);
                    // SAFETY: slices of any length will do.
                    unsafe {
                        pool::combine(level, values, self.width, apq, chosen, gradient, to);
                    }
                }
                (of_gamma, of_beta)
            })
            .unzip();
        // SAFETY: as in the forward pass.
        unsafe { input_gradient.set_len(len) };
        [input_gradient, gamma, beta]
    }
}
