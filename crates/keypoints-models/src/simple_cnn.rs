//! The six-convolution network of the notebook.

use burn::module::{Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Initializer, Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::{Device, Tensor};
use keypoints_core::{PictureShape, REFERENCE_SIDE};
use keypoints_kernels::{After, conv_norm_layer, conv2d_relu_layer, in_parts, linear_layer};
use serde::{Deserialize, Serialize};

use crate::error::ModelError;
use crate::layers::{Dropout2d, Dropout2dConfig, shrink};
use crate::network::{KeypointNetwork, NetworkSettings};

/// Spread of the initial convolution and batch-norm weights in the notebook.
const INITIAL_STD: f64 = 0.02;

/// Settings of [`SimpleCnn`]. The defaults are the notebook's.
///
/// ```
/// use burn::tensor::Device;
/// use keypoints_models::simple_cnn::SimpleCnnConfig;
///
/// let narrow = SimpleCnnConfig { outputs: 8, channels: [16, 32, 64], ..Default::default() };
/// let network = narrow.init(&Device::flex())?;
/// # Ok::<(), keypoints_models::ModelError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SimpleCnnConfig {
    /// Regressed values: two per keypoint. 0, the default, until a schema says how many.
    pub outputs: usize,
    /// Channels of the pictures: 1 or 3.
    pub input_channels: usize,
    /// Width and height that the network works at; a multiple of 8. Larger pictures are averaged down to it if it
    /// divides their width: half of it takes a quarter of the work. `null` is the side of the pictures.
    pub image_side: Option<usize>,
    /// Channels of the three blocks.
    pub channels: [usize; 3],
    /// Width of the hidden linear layer.
    pub hidden: usize,
    /// Share of feature maps dropped before the third block, in `0..1`.
    pub dropout: f64,
}

impl Default for SimpleCnnConfig {
    fn default() -> Self {
        Self {
            outputs: 0,
            input_channels: 1,
            image_side: None,
            channels: [64, 128, 256],
            hidden: 512,
            dropout: 0.3,
        }
    }
}

/// The linear layers are made for one size.
impl NetworkSettings for SimpleCnnConfig {
    fn image_side(&self) -> usize {
        self.image_side.unwrap_or(REFERENCE_SIDE)
    }

    fn set_pictures(&mut self, shape: PictureShape) {
        self.input_channels = shape.channels;
        self.image_side.get_or_insert(shape.side);
    }
}

impl SimpleCnnConfig {
    /// Makes the network with weights drawn from the device's random numbers (`device.seed(…)` fixes them).
    ///
    /// As in the notebook, convolution *and* batch-norm weights start at N(0, .02) and batch-norm biases at
    /// 0; the rest starts as PyTorch does, uniform within `±1/√fan_in`.
    ///
    /// # Errors
    /// [`ModelError::InvalidConfig`] where a size is 0, the side is no multiple of 8, or the dropout lies
    /// outside `0..1`.
    pub fn init(&self, device: &Device) -> Result<SimpleCnn, ModelError> {
        self.check()?;
        let [first, second, third] = self.channels;
        let side = self.image_side() / 8;
        let features = third * side * side;
        Ok(SimpleCnn {
            block1: Block::new(self.input_channels, first, device),
            block2: Block::new(first, second, device),
            dropout: Dropout2dConfig::new(self.dropout).init(),
            block3: Block::new(second, third, device),
            hidden: LinearConfig::new(features, self.hidden).init(device),
            output: LinearConfig::new(self.hidden, self.outputs).init(device),
            image_side: self.image_side(),
        })
    }

    fn check(&self) -> Result<(), ModelError> {
        let invalid = |field, expected, found: String| {
            Err(ModelError::InvalidConfig { network: "simple_cnn", field, expected, found })
        };
        // Upper ends, far beyond use, so that a slip of the keyboard is no failed allocation.
        if !(1..=4096).contains(&self.outputs) {
            return invalid("outputs", "in 1..=4096", self.outputs.to_string());
        }
        if !matches!(self.input_channels, 1 | 3) {
            return invalid("input_channels", "1 or 3", self.input_channels.to_string());
        }
        let side = self.image_side();
        if !((1..=4096).contains(&side) && side.is_multiple_of(8)) {
            return invalid(
                "image_side",
                "at most 4096 and a positive multiple of 8",
                side.to_string(),
            );
        }
        if !self.channels.iter().all(|count| (1..=4096).contains(count)) {
            return invalid("channels", "in 1..=4096 each", format!("{:?}", self.channels));
        }
        if !(1..=65_536).contains(&self.hidden) {
            return invalid("hidden", "in 1..=65536", self.hidden.to_string());
        }
        if !(0.0..1.0).contains(&self.dropout) {
            return invalid("dropout", "in 0..1", self.dropout.to_string());
        }
        Ok(())
    }
}

/// Conv-ReLU-Conv-BN-ReLU-MaxPool.
#[derive(Module, Debug)]
struct Block {
    conv1: Conv2d,
    conv2: Conv2d,
    norm: BatchNorm,
}

impl Block {
    fn new(channels_in: usize, channels_out: usize, device: &Device) -> Self {
        let mut norm = BatchNormConfig::new(channels_out).init(device);
        norm.gamma = normal([channels_out], device);
        Self {
            conv1: conv3x3(channels_in, channels_out, device),
            conv2: conv3x3(channels_out, channels_out, device),
            norm,
        }
    }

    fn channels(&self) -> usize {
        self.conv2.weight.dims()[0]
    }

    /// `[batch, channels_in, side, side]` to `[batch, channels_out, side / 2, side / 2]`.
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let x = conv2d_relu_layer(&self.conv1, x);
        conv_norm_layer(&self.conv2, &self.norm, x, After::ReluPool)
    }
}

fn conv3x3(channels_in: usize, channels_out: usize, device: &Device) -> Conv2d {
    let mut conv = Conv2dConfig::new([channels_in, channels_out], [3, 3])
        .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
        .init(device);
    // Only the weight: Burn's `with_initializer` would draw the bias from the same distribution.
    conv.weight = normal([channels_out, channels_in, 3, 3], device);
    conv
}

fn normal<const D: usize>(shape: [usize; D], device: &Device) -> Param<Tensor<D>> {
    Initializer::Normal { mean: 0.0, std: INITIAL_STD }.init(shape, device)
}

/// Three blocks of Conv-ReLU-Conv-BN-ReLU-MaxPool at 64, 128 and 256 channels, `Dropout2d` before the
/// third, then Linear-Linear (there is no activation between the two).
///
/// Source: the network class of the published PyTorch notebook, sections 3.1 to 3.6.
#[derive(Module, Debug)]
pub struct SimpleCnn {
    block1: Block,
    block2: Block,
    dropout: Dropout2d,
    block3: Block,
    hidden: Linear,
    output: Linear,
    image_side: usize,
}

impl SimpleCnn {
    /// Of 96×96 pictures, `[batch, input_channels, 96, 96]` to `[batch, 256, 12, 12]`.
    fn features(&self, images: Tensor<4>) -> Tensor<4> {
        let x = self.block1.forward(shrink(images, self.image_side)); // [batch, 64, 48, 48]
        let x = self.block2.forward(x); // [batch, 128, 24, 24]
        self.block3.forward(self.dropout.forward(x))
    }
}

impl KeypointNetwork for SimpleCnn {
    fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        let largest_map = self.block1.channels() * self.image_side.pow(2);
        let x = in_parts(images, largest_map, |images| self.features(images));
        // All at once: the weights of this layer are larger than any map.
        linear_layer(&self.output, linear_layer(&self.hidden, x.flatten(1, 3)))
    }

    fn head(&self) -> &'static str {
        "output"
    }
}
