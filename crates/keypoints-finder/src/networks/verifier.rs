//! The second look.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::{Device, Tensor};
use keypoints_models::layers::ConvNorm;

use super::WindowNetwork;
use super::pass::pass;
use crate::answer::Answer;

/// Looks closer at windows that the [`Proposer`](super::Proposer) took for faces: six convolutions, the last over all that is left.
#[derive(Module, Debug)]
pub struct Verifier {
    layers: Vec<ConvNorm>,
    head: Conv2d,
}

impl Verifier {
    /// Random weights.
    pub fn new(device: &Device) -> Self {
        let layer = |channels, stride| ConvNorm::new(channels, 3, stride, device);
        let layers = vec![
            layer([1, 16], 2),
            layer([16, 24], 2),
            layer([24, 32], 1),
            layer([32, 48], 2),
            layer([48, 48], 1),
            ConvNorm::padded([48, 48], 5, 1, 0, device),
        ];
        Self { layers, head: Conv2dConfig::new([48, Answer::OUTPUTS], [1, 1]).init(device) }
    }
}

impl WindowNetwork for Verifier {
    const CROP: usize = 48;
    const WINDOW: usize = 40;

    fn forward(&self, windows: Tensor<4>) -> Tensor<4> {
        pass(&self.layers, &self.head, windows)
    }
}
