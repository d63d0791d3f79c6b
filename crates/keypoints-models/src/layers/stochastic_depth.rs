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
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn whole_pictures_are_left_out() {
        let device = Device::flex().autodiff();
        device.seed(7);
        let layer = StochasticDepth::new(0.2);
        let y = layer.forward(Tensor::ones([512, 3, 2, 2], &device));
        let values = y.inner().into_data().try_to_vec::<f32>().unwrap();
        let mut dropped = 0;
        for picture in values.chunks(12) {
            assert!(picture.iter().all(|&v| v == picture[0]));
            assert!(picture[0] == 0.0 || (picture[0] - 1.25).abs() < 1e-6);
            dropped += usize::from(picture[0] == 0.0);
        }
        // 512 draws at .2 have a standard deviation of 9.
        assert!((50..155).contains(&dropped), "{dropped} of 512");
    }

    #[test]
    fn does_nothing_without_gradients_or_when_frozen() {
        let x = Tensor::<4>::ones([64, 1, 1, 1], &Device::flex());
        let y = StochasticDepth::new(0.9).forward(x.clone());
        assert_eq!(y.into_data(), x.into_data());
        let x = Tensor::<4>::ones([64, 1, 1, 1], &Device::flex().autodiff());
        let y = StochasticDepth::new(0.9).freeze().forward(x.clone());
        assert_eq!(y.into_data(), x.into_data());
    }
}
