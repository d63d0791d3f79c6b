//! The network itself.

use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig, Initializer, Linear, LinearConfig};
use burn::tensor::{Device, Tensor};
use keypoints_kernels::in_parts;

use super::blocks::{ConvNorm, MbConv, MbConvShape, average};
use super::config::{EfficientNetConfig, is_side};
use super::input::imagenet_input;
use super::names;
use super::table::{STAGES, STEM, scaled_blocks, scaled_channels};
use super::trunk::Trunk;
use crate::error::ModelError;
use crate::network::{KeypointNetwork, NetworkSettings};

/// EfficientNet as torchvision's `torchvision.models.efficientnet` has it: symmetric padding, batch norms with
/// epsilon 1e-5 and momentum .1, squeeze-and-excitation to a quarter of the block's input, stochastic depth that grows
/// from block to block, dropout before the head.
///
/// As a [`KeypointNetwork`] it takes grey and colour pictures and brings them to colour, size and range by
/// [`imagenet_input`](super::imagenet_input). [`features`](Self::features) and [`logits`](Self::logits) take pictures
/// that are ready: for ImageNet, or for a task of your own on the backbone.
///
/// Source: Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks" (2019).
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_models::{KeypointNetwork, efficientnet::EfficientNetConfig};
///
/// let device = Device::flex();
/// let config = EfficientNetConfig { outputs: 30, width: 0.25, stages: 3, ..Default::default() };
/// let network = config.init(&device)?;
/// let faces = Tensor::zeros([2, 1, 96, 96], &device);
/// assert_eq!(network.forward(faces).dims(), [2, 30]);
///
/// let features = network.features(Tensor::zeros([2, 3, 64, 64], &device));
/// assert_eq!(features.dims(), [2, 64, 8, 8]);
/// # Ok::<(), keypoints_models::ModelError>(())
/// ```
#[derive(Module, Debug)]
pub struct EfficientNet {
    pub(super) trunk: Trunk,
    dropout: Dropout,
    pub(super) head: Linear,
    input_side: usize,
    lite: bool,
}

impl EfficientNetConfig {
    /// Makes the network with weights drawn from the device's random numbers (`device.seed(…)` fixes them).
    ///
    /// As in torchvision: convolutions start at N(0, √(2 / (kernel² · channels_out))) with biases at 0, batch norms at
    /// weight 1 and bias 0, the head uniform within `±1/√outputs` with biases at 0.
    ///
    /// # Errors
    /// [`ModelError::InvalidConfig`] where a size is 0, the side is no multiple of 32, a factor is not positive, there
    /// are more than seven stages, or a probability lies outside `0..1`.
    pub fn init(&self, device: &Device) -> Result<EfficientNet, ModelError> {
        self.check()?;
        Ok(EfficientNet::new(self, device))
    }
}

impl EfficientNet {
    /// Makes the network of settings that have been checked.
    fn new(config: &EfficientNetConfig, device: &Device) -> Self {
        let rows = &STAGES[..config.stages];
        let blocks_of = |row: usize| scaled_blocks(rows[row].blocks, config.depth);
        let total: usize = (0..rows.len()).map(blocks_of).sum();
        let stem = scaled_channels(STEM, config.width);
        let mut from = stem;
        let mut index = 0;
        let mut stages = Vec::new();
        for (number, row) in rows.iter().enumerate() {
            let to = scaled_channels(row.channels, config.width);
            let mut blocks = Vec::new();
            for position in 0..blocks_of(number) {
                let shape = MbConvShape {
                    channels: [from, to],
                    expanded: scaled_channels(from, row.expand as f64),
                    kernel: row.kernel,
                    stride: if position == 0 { row.stride } else { 1 },
                    lite: config.lite,
                    drop: config.stochastic_depth * index as f64 / total as f64,
                };
                blocks.push(MbConv::new(&shape, device));
                from = to;
                index += 1;
            }
            stages.push(blocks);
        }
        let features = 4 * from;
        let bound = 1.0 / (config.outputs as f64).sqrt();
        let mut head = LinearConfig::new(features, config.outputs).init(device);
        head.weight = Initializer::Uniform { min: -bound, max: bound }
            .init([features, config.outputs], device);
        head.bias = Some(Initializer::Zeros.init([config.outputs], device));
        Self {
            trunk: Trunk {
                stem: ConvNorm::new([3, stem], 3, 2, 1, device),
                stages,
                last: ConvNorm::new([from, features], 1, 1, 1, device),
            },
            dropout: DropoutConfig::new(config.dropout).init(),
            head,
            input_side: config.image_side(),
            lite: config.lite,
        }
    }

    /// The last maps before they are averaged: the backbone for a task of your own.
    ///
    /// # Shapes
    /// - `images`: `[batch, 3, side, side]`, as [`imagenet_input`](super::imagenet_input) makes them
    /// - output: of B0, `[batch, 1280, side / 32, side / 32]`
    pub fn features(&self, images: Tensor<4>) -> Tensor<4> {
        self.trunk.features(images, self.lite)
    }

    /// The maps after the first convolution, after every stage, and [`features`](Self::features) at the end: nine of B0,
    /// from a half of the pictures' side to a 32nd.
    pub fn feature_maps(&self, images: Tensor<4>) -> Vec<Tensor<4>> {
        self.trunk.feature_maps(images, self.lite)
    }

    /// The head's answers: with ImageNet's weights, the logits of its thousand classes.
    ///
    /// # Shapes
    /// - `images`: `[batch, 3, side, side]`, as for [`features`](Self::features)
    /// - output: `[batch, outputs]`
    pub fn logits(&self, images: Tensor<4>) -> Tensor<2> {
        let features = average(self.features(images));
        self.head.forward(self.dropout.forward(features))
    }
}

impl KeypointNetwork for EfficientNet {
    fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        in_parts(images, self.trunk.largest_map(self.input_side), |images| {
            self.logits(imagenet_input(images, self.input_side))
        })
    }

    fn set_image_side(&mut self, side: usize) -> bool {
        let fits = is_side(side);
        if fits {
            self.input_side = side;
        }
        fits
    }

    fn weight_name(&self, path: &str) -> String {
        names::torchvision(&self.trunk, path)
    }
}

#[cfg(test)]
mod tests;
