//! From features to coordinates.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor};
use keypoints_kernels::conv2d_layer;

use super::soft_argmax::heat_map_places;
use crate::layers::shrink;

/// Cells that the regression head averages over in both directions: 24×24 becomes 6×6.
const POOLED: usize = 4;

/// The last layer.
#[derive(Module, Debug)]
pub(super) enum Head {
    HeatMap(Conv2d),
    Regression(Linear),
}

impl Head {
    /// A heat map per pair of outputs.
    pub(super) fn heat_map(channels: usize, outputs: usize, device: &Device) -> Self {
        // Softmax does not see a bias: it would raise all cells of a map alike. Nor does it need a temperature
        // beside weights that are learned.
        let conv = Conv2dConfig::new([channels, outputs.div_ceil(2)], [1, 1]).with_bias(false);
        Self::HeatMap(conv.init(device))
    }

    /// One number per output from maps of `side`×`side` cells.
    pub(super) fn regression(
        channels: usize,
        side: usize,
        outputs: usize,
        device: &Device,
    ) -> Self {
        let cells = (side / POOLED).pow(2);
        Self::Regression(LinearConfig::new(channels * cells, outputs).init(device))
    }

    /// Whether the answers are read from heat maps.
    pub(super) fn draws_maps(&self) -> bool {
        matches!(self, Self::HeatMap(_))
    }

    /// `[batch, channels, side, side]` to `[batch, maps, side, side]`, if there are maps.
    pub(super) fn heat_maps(&self, features: Tensor<4>) -> Option<Tensor<4>> {
        match self {
            Self::HeatMap(conv) => Some(conv2d_layer(conv, features)),
            Self::Regression(_) => None,
        }
    }

    /// `[batch, channels, side, side]` to `[batch, outputs]`.
    pub(super) fn forward(
        &self,
        features: Tensor<4>,
        picture_side: usize,
        outputs: usize,
    ) -> Tensor<2> {
        match self {
            Self::HeatMap(conv) => {
                let values = heat_map_places(conv2d_layer(conv, features), picture_side);
                if values.dims()[1] > outputs { values.narrow(1, 0, outputs) } else { values }
            }
            Self::Regression(linear) => {
                let side = features.dims()[3] / POOLED;
                linear.forward(shrink(features, side).flatten(1, 3))
            }
        }
    }
}
