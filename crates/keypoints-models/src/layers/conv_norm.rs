//! A convolution and its batch norm.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Initializer, PaddingConfig2d};
use burn::tensor::{Device, Tensor};
use keypoints_kernels::{After, conv_norm_layer};

/// A convolution and a batch norm. The norm's bias stands for the convolution's.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_kernels::After;
/// use keypoints_models::layers::ConvNorm;
///
/// let device = Device::flex();
/// let layer = ConvNorm::new([1, 4], 3, 2, &device);
/// let maps = layer.forward(Tensor::zeros([1, 1, 8, 8], &device), After::Relu);
/// assert_eq!(maps.dims(), [1, 4, 4, 4]);
/// ```
#[derive(Module, Debug)]
pub struct ConvNorm {
    conv: Conv2d,
    norm: BatchNorm,
}

impl ConvNorm {
    /// A square kernel of odd size, padded so that a stride of 1 keeps the map's size and one of 2 halves it. `channels` are those of
    /// input and output.
    pub fn new(channels: [usize; 2], kernel: usize, stride: usize, device: &Device) -> Self {
        Self::padded(channels, kernel, stride, kernel / 2, device)
    }

    /// The same with so many zeros around the map, or none.
    pub fn padded(
        channels: [usize; 2],
        kernel: usize,
        stride: usize,
        pad: usize,
        device: &Device,
    ) -> Self {
        // He et al., "Delving Deep into Rectifiers" (2015).
        let initializer = Initializer::KaimingNormal { gain: f64::sqrt(2.0), fan_out_only: false };
        let conv = Conv2dConfig::new(channels, [kernel, kernel])
            .with_stride([stride, stride])
            .with_padding(PaddingConfig2d::Explicit(pad, pad, pad, pad))
            .with_bias(false)
            .with_initializer(initializer)
            .init(device);
        Self { conv, norm: BatchNormConfig::new(channels[1]).init(device) }
    }

    /// `[batch, channels, height, width]`, and what follows.
    pub fn forward(&self, x: Tensor<4>, after: After) -> Tensor<4> {
        conv_norm_layer(&self.conv, &self.norm, x, after)
    }
}
