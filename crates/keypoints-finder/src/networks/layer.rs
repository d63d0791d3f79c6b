//! A layer of both networks.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Initializer, PaddingConfig2d};
use burn::tensor::{Device, Tensor};
use keypoints_kernels::{After, conv_norm_layer};

/// A convolution, batch norm and ReLU.
#[derive(Module, Debug)]
pub(super) struct Layer {
    conv: Conv2d,
    norm: BatchNorm,
}

/// Kernel size, stride and padding.
#[derive(Clone, Copy)]
pub(super) struct Shape(pub(super) usize, pub(super) usize, pub(super) usize);

impl Layer {
    pub(super) fn new(
        channels: [usize; 2],
        Shape(kernel, stride, pad): Shape,
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

    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        conv_norm_layer(&self.conv, &self.norm, x, After::Relu)
    }
}
