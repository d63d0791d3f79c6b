//! Norms that leave maps as large as they were.

use rayon::prelude::*;

use super::rows::{self, Slope};
use super::{Norm, Normed, Past};
use crate::kernel::SimdLevel;
use crate::kernel::activation::Activation;
use crate::kernel::space::{Shared, Space};

impl Norm {
    pub(super) fn forward_plain(
        &self,
        input: &[f32],
        gamma: &[f32],
        beta: &[f32],
        shortcut: Option<&[f32]>,
    ) -> Normed {
        let level = SimdLevel::best();
        let activation = self.then.activation();
        let mut output = Space::new(self.batch * self.channels * self.plane());
        let to = output.share();
        let (mean, variance) = (0..self.channels)
            .into_par_iter()
            .map(|channel| {
                let (mean, variance) = self.statistics(level, input, channel);
                let affine = self.affine(gamma[channel], beta[channel], mean, variance);
                let planes = self.planes(channel);
                // SAFETY: planes that do not lie within slices and output are refused; this channel's belong to this
                // task alone.
                unsafe { rows::apply(level, input, planes, affine, shortcut, activation, to) };
                (mean, variance)
            })
            .unzip();
        // SAFETY: every channel's planes have been written.
        let output = unsafe { output.filled() };
        Normed { output, chosen: Vec::new(), mean, variance }
    }

    pub(super) fn backward_plain(
        &self,
        past: Past<'_>,
        gradient: &mut [f32],
        in_place: bool,
    ) -> [Vec<f32>; 3] {
        let level = SimdLevel::best();
        let activation = self.then.activation();
        let mut input_gradient = Space::new(if in_place { 0 } else { gradient.len() });
        let gradient = Shared::of(gradient);
        let to = if in_place { gradient } else { input_gradient.share() };
        let (gamma, beta) = (0..self.channels)
            .into_par_iter()
            .map(|channel| {
                let numbers @ [gamma, mean, variance] =
                    [past.gamma[channel], past.mean[channel], past.variance[channel]];
                let slope = match (activation, past.output) {
                    (Activation::Nothing, _) => Slope::One,
                    (_, Some(output)) => Slope::Output(output),
                    (activation, None) => {
                        let [scale, shift] = self.affine(gamma, past.beta[channel], mean, variance);
                        Slope::Input { activation, scale, shift }
                    }
                };
                let planes = self.planes(channel);
                // SAFETY: planes that do not lie within slices and outputs are refused; this channel's belong to
                // this task alone.
                unsafe {
                    let totals =
                        rows::slope_and_sum(level, past.input, planes, mean, slope, gradient);
                    let (of_beta, of_gamma, apq) = self.gradients_by_sums(totals, numbers);
                    rows::combine(level, past.input, planes, apq, gradient, to);
                    (of_gamma, of_beta)
                }
            })
            .unzip();
        // SAFETY: every channel's planes have been written, or there is no room for any.
        [unsafe { input_gradient.filled() }, gamma, beta]
    }
}
