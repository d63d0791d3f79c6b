//! Dropout of whole feature maps.

use burn::config::Config;
use burn::module::{Flag, Module, Param};
use burn::tensor::{Distribution, Tensor};

/// Configuration of [`Dropout2d`].
#[derive(Config, Debug)]
pub struct Dropout2dConfig {
    /// Probability that a feature map is zeroed, in `0..1`.
    pub prob: f64,
}

impl Dropout2dConfig {
    /// Makes the layer.
    pub fn init(&self) -> Dropout2d {
        Dropout2d { prob: self.prob, training: Param::from_bool(true) }
    }
}

/// Zeroes whole channels at random during training and scales the others by `1 / (1 - prob)`.
///
/// Neighbouring pixels of a feature map say nearly the same, so dropping single ones regularises little
/// (Tompson et al., "Efficient Object Localization Using Convolutional Networks", 2015).
/// Burn's own `Dropout` draws every element on its own; this one draws one number per image and channel.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_models::layers::Dropout2dConfig;
///
/// let device = Device::flex(); // no gradients here, so nothing is dropped
/// let x = Tensor::<4>::ones([1, 8, 4, 4], &device);
/// let y = Dropout2dConfig::new(0.5).init().forward(x);
/// assert_eq!(y.sum().into_scalar::<f32>(), 128.0);
/// ```
#[derive(Module, Debug)]
pub struct Dropout2d {
    prob: f64,
    training: Param<Flag>,
}

impl Dropout2d {
    /// Drops channels if the input lives on a device with gradients, else returns it as it is.
    ///
    /// # Shapes
    /// - `input` and output: `[batch, channels, height, width]`
    pub fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let device = input.device();
        if self.prob == 0.0 || !self.training.is_enabled() || !device.is_autodiff() {
            return input;
        }
        let [batch, channels, _, _] = input.dims();
        let keep = 1.0 - self.prob;
        let mask = Tensor::random([batch, channels, 1, 1], Distribution::Bernoulli(keep), &device);
        input * (mask / keep)
    }
}

#[cfg(test)]
mod tests;
