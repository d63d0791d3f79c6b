//! Blocks left out at random.

use burn::module::{Flag, Module, Param};
use burn::tensor::{Distribution, Tensor};

/// Zeroes what a residual block adds for some pictures of a batch during training, and scales it up by `1 / (1 − prob)`
/// for the others: torchvision's `StochasticDepth` in its mode "row".
///
/// The random numbers are the device's: `device.seed(…)` fixes them.
///
/// Source: Huang et al., "Deep Networks with Stochastic Depth" (2016).
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_models::layers::StochasticDepth;
///
/// let device = Device::flex().autodiff();
/// device.seed(1);
/// let y = StochasticDepth::new(0.5).forward(Tensor::ones([64, 1, 1, 1], &device));
/// let kept = y.inner().into_data().try_to_vec::<f32>()?.iter().filter(|&&v| v == 2.0).count();
/// assert!((16..48).contains(&kept));
/// # Ok::<(), burn::tensor::DataError>(())
/// ```
#[derive(Module, Debug)]
pub struct StochasticDepth {
    prob: f64,
    training: Param<Flag>,
}

impl StochasticDepth {
    /// `prob` is the probability that a picture does without the block, in `0..1`.
    pub fn new(prob: f64) -> Self {
        Self { prob, training: Param::from_bool(true) }
    }

    /// The probability that a picture does without the block.
    pub fn prob(&self) -> f64 {
        self.prob
    }

    /// Whether [`forward`](Self::forward) would do anything to a tensor like this one.
    pub(crate) fn drops(&self, x: &Tensor<4>) -> bool {
        self.prob > 0.0 && self.training.is_enabled() && x.device().is_autodiff()
    }

    /// Leaves pictures out if the input lives on a device with gradients, else returns it as it is.
    ///
    /// # Shapes
    /// - `x` and output: `[batch, channels, height, width]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        if !self.drops(&x) {
            return x;
        }
        let device = x.device();
        let keep = 1.0 - self.prob;
        let rows = [x.dims()[0], 1, 1, 1];
        x * (Tensor::random(rows, Distribution::Bernoulli(keep), &device) / keep)
    }
}

#[cfg(test)]
mod tests;
