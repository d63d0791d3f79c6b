//! Batch normalisation with what usually follows it, in as few passes over memory as there can be.
//!
//! A channel of a batch fits a core's second-level cache, so its mean, its variance and its output come from one
//! reading of memory, and so do the sums and the gradient on the way back. Each channel has one owner and its
//! sums a fixed order: results do not depend on the number of threads.

mod plain;
mod planes;
mod pool;
mod pooled;
mod rows;

use super::SimdLevel;
use super::activation::Activation;
use super::fresh::by_parts;
use planes::Planes;

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
    /// ReLU6; no shortcut.
    Relu6,
    /// SiLU; no shortcut.
    Silu,
    /// ReLU, then the maximum of every 2×2 pixels; even height and width, and no shortcut.
    ReluPool,
}

impl Then {
    /// What happens to each value.
    pub(crate) fn activation(self) -> Activation {
        match self {
            Self::Nothing => Activation::Nothing,
            Self::Relu | Self::ReluPool => Activation::Relu,
            Self::Relu6 => Activation::Relu6,
            Self::Silu => Activation::Silu,
        }
    }
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

    /// Where a channel's planes lie.
    fn planes(&self, channel: usize) -> Planes {
        let len = self.plane();
        Planes { first: channel * len, len, step: self.channels * len, count: self.batch }
    }

    /// Mean and variance of a channel.
    fn statistics(&self, level: SimdLevel, input: &[f32], channel: usize) -> (f32, f32) {
        let planes = self.planes(channel);
        let moment = |about, square| {
            // SAFETY: planes that do not lie within the slice are refused.
            unsafe { rows::moment(level, input, planes, about, square) / self.samples() }
        };
        let mean = moment(0.0, false) as f32;
        (mean, moment(mean, true) as f32)
    }

    /// Scale and shift of a channel.
    fn affine(&self, gamma: f32, beta: f32, mean: f32, variance: f32) -> [f32; 2] {
        let scale = gamma / (f64::from(variance) + self.epsilon).sqrt() as f32;
        [scale, beta - mean * scale]
    }

    /// The gradients of beta and gamma from the sums of the gradient and of its products with `value − mean`, and
    /// `[a, p, q]` of the input's gradient, `γ/σ · (g − mean of g − x̂ · mean of g·x̂)` written as `a·g + p·x + q`.
    fn gradients_by_sums(
        &self,
        totals: [f64; 2],
        [gamma, mean, variance]: [f32; 3],
    ) -> (f32, f32, [f32; 3]) {
        let inverse = 1.0 / (f64::from(variance) + self.epsilon).sqrt();
        let [of_beta, of_gamma] = [totals[0], totals[1] * inverse];
        let a = f64::from(gamma) * inverse;
        let p = -a * inverse * of_gamma / self.samples();
        let q = -a * of_beta / self.samples() - p * f64::from(mean);
        (of_beta as f32, of_gamma as f32, [a, p, q].map(|number| number as f32))
    }

    /// Normalises with the batch's own statistics.
    pub(crate) fn forward(
        &self,
        input: &[f32],
        gamma: &[f32],
        beta: &[f32],
        shortcut: Option<&[f32]>,
    ) -> Normed {
        match self.pools() {
            true => self.forward_pooled(input, gamma, beta),
            false => self.forward_plain(input, gamma, beta, shortcut),
        }
    }

    /// The gradients of input, gamma and beta. `gradient` is that of the output; afterwards it holds, unless the
    /// norm pools, that of what went into the activation, which is the shortcut's.
    ///
    /// With `in_place`, the input's gradient takes the place of `gradient` and the first answer is empty.
    pub(crate) fn backward(
        &self,
        past: Past<'_>,
        gradient: &mut [f32],
        in_place: bool,
    ) -> [Vec<f32>; 3] {
        match self.pools() {
            true => self.backward_pooled(past, gradient),
            false => self.backward_plain(past, gradient, in_place),
        }
    }
}
