//! The first look.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::{Device, Tensor};
use keypoints_models::layers::ConvNorm;

use super::WindowNetwork;
use super::pass::pass;
use crate::answer::Answer;

/// Looks for faces of one size at all places of a picture: four convolutions without padding, so that a larger picture gives the answers for
/// all its windows at once.
///
/// | layer | output | sees |
/// | --- | --- | --- |
/// | 3×3, every second pixel | 8 maps | 3 pixels |
/// | 3×3 | 16 maps | 7 pixels |
/// | 3×3, every second pixel | 24 maps | 11 pixels |
/// | 3×3 | 32 maps | 19 pixels |
/// | 1×1 | an [`Answer`] | 19 pixels |
#[derive(Module, Debug)]
pub struct Proposer {
    layers: Vec<ConvNorm>,
    head: Conv2d,
}

impl Proposer {
    /// Pixels between two windows.
    pub const STRIDE: usize = 4;

    /// Random weights.
    pub fn new(device: &Device) -> Self {
        let layer = |channels, stride| ConvNorm::padded(channels, 3, stride, 0, device);
        let layers =
            vec![layer([1, 8], 2), layer([8, 16], 1), layer([16, 24], 2), layer([24, 32], 1)];
        Self { layers, head: Conv2dConfig::new([32, Answer::OUTPUTS], [1, 1]).init(device) }
    }
}

impl WindowNetwork for Proposer {
    const CROP: usize = 24;
    const WINDOW: usize = 19;

    /// As the trait says; of a larger picture `[batch, 1, height, width]` it gives `[batch, 5, rows, columns]`, an answer for every window,
    /// [`Proposer::STRIDE`] pixels apart.
    fn forward(&self, windows: Tensor<4>) -> Tensor<4> {
        pass(&self.layers, &self.head, windows)
    }
}
