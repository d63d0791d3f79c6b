//! What [`CompactNet`](super::CompactNet) is made of.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Initializer, PaddingConfig2d};
use burn::tensor::{Device, Tensor};
use keypoints_kernels::{After, conv_norm_layer, double_add_relu};

use crate::layers::shrink;

/// A convolution and a batch norm. The norm's bias stands for the convolution's.
#[derive(Module, Debug)]
pub(super) struct ConvNorm {
    conv: Conv2d,
    norm: BatchNorm,
}

impl ConvNorm {
    /// A square kernel of odd size, padded so that a stride of 1 keeps the map's size and one of 2 halves it.
    pub(super) fn new(channels: [usize; 2], kernel: usize, stride: usize, device: &Device) -> Self {
        let pad = kernel / 2;
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

    pub(super) fn forward(&self, x: Tensor<4>, after: After) -> Tensor<4> {
        conv_norm_layer(&self.conv, &self.norm, x, after)
    }
}

/// Two 3×3 convolutions beside a shortcut (He et al., "Deep Residual Learning", 2016).
#[derive(Module, Debug)]
pub(super) struct ResidualBlock {
    first: ConvNorm,
    second: ConvNorm,
    /// Where the block halves the map: the shortcut averages each 2×2 cell and mixes the channels.
    shortcut: Option<ConvNorm>,
}

impl ResidualBlock {
    /// Keeps the size and the number of channels.
    pub(super) fn same(channels: usize, device: &Device) -> Self {
        let conv = || ConvNorm::new([channels, channels], 3, 1, device);
        Self { first: conv(), second: conv(), shortcut: None }
    }

    /// Halves the size.
    pub(super) fn halving(channels: [usize; 2], device: &Device) -> Self {
        Self {
            first: ConvNorm::new(channels, 3, 2, device),
            second: ConvNorm::new([channels[1]; 2], 3, 1, device),
            shortcut: Some(ConvNorm::new(channels, 1, 1, device)),
        }
    }

    /// `[batch, channels, side, side]`, the side halved or not.
    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let short = match &self.shortcut {
            Some(shortcut) => {
                let half = x.dims()[3] / 2;
                shortcut.forward(shrink(x.clone(), half), After::Nothing)
            }
            None => x.clone(),
        };
        let x = self.first.forward(x, After::Relu);
        self.second.forward(x, After::AddRelu(short))
    }
}

/// Brings coarse features to the size of finer ones and adds the two.
#[derive(Module, Debug)]
pub(super) struct Merge {
    lateral: ConvNorm,
    mix: ConvNorm,
}

impl Merge {
    /// `channels`: of the coarse and of the fine features.
    pub(super) fn new(channels: [usize; 2], device: &Device) -> Self {
        Self {
            // At the coarse size, where it costs a quarter.
            lateral: ConvNorm::new(channels, 1, 1, device),
            mix: ConvNorm::new([channels[1]; 2], 3, 1, device),
        }
    }

    /// `[batch, coarse channels, side / 2, side / 2]` and `[batch, fine channels, side, side]` to the shape of the
    /// latter.
    pub(super) fn forward(&self, coarse: Tensor<4>, fine: Tensor<4>) -> Tensor<4> {
        let coarse = self.lateral.forward(coarse, After::Nothing);
        self.mix.forward(double_add_relu(coarse, fine), After::Relu)
    }
}
