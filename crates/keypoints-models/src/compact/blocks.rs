//! What [`CompactNet`](super::CompactNet) is made of.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use keypoints_kernels::{After, double_add_relu};

use crate::layers::{ConvNorm, shrink};

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
