//! What [`EfficientNet`](super::EfficientNet) is made of.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Initializer, PaddingConfig2d};
use burn::tensor::{Device, Tensor};
use keypoints_kernels::{After, NormLayer, conv_norm_layer, conv2d_then_layer, squeeze_excite};

use crate::layers::StochasticDepth;

/// The activation: SiLU, or ReLU6 in the Lite form.
pub(super) fn activation(lite: bool) -> After {
    if lite { After::Relu6 } else { After::Silu }
}

/// The mean of each map: `[batch, channels, height, width]` to `[batch, channels]`.
pub(super) fn average(x: Tensor<4>) -> Tensor<2> {
    let [_, _, height, width] = x.dims();
    // Not `mean_dim`, which burn-onnx 0.22 cannot write.
    (x.flatten::<3>(2, 3).sum_dim(2) / (height * width) as f64).flatten(1, 2)
}

/// A convolution with weights from N(0, √(2 / fan_out)), `fan_out` counted as PyTorch does: of a depthwise
/// convolution, over all groups together.
fn conv(config: Conv2dConfig, device: &Device) -> Conv2d {
    let [_, channels_out] = config.channels;
    let fan_out = channels_out * config.kernel_size.iter().product::<usize>();
    let mut conv = config.init(device);
    let std = (2.0 / fan_out as f64).sqrt();
    conv.weight = Initializer::Normal { mean: 0.0, std }.init(conv.weight.dims(), device);
    conv.bias = conv.bias.map(|bias| Initializer::Zeros.init(bias.dims(), device));
    conv
}

/// A convolution and its batch norm, or the two in one.
#[derive(Module, Debug)]
pub(super) struct ConvNorm {
    pub(super) conv: Conv2d,
    /// `None` when folded into the convolution.
    pub(super) norm: Option<BatchNorm>,
}

impl ConvNorm {
    /// A square kernel of odd size, padded alike on all sides.
    pub(super) fn new(
        [channels_in, channels_out]: [usize; 2],
        kernel: usize,
        stride: usize,
        groups: usize,
        device: &Device,
    ) -> Self {
        let pad = kernel / 2;
        let config = Conv2dConfig::new([channels_in, channels_out], [kernel, kernel])
            .with_stride([stride, stride])
            .with_padding(PaddingConfig2d::Explicit(pad, pad, pad, pad))
            .with_groups(groups)
            .with_bias(false);
        let norm = BatchNormConfig::new(channels_out).with_epsilon(1e-5).with_momentum(0.1);
        Self { conv: conv(config, device), norm: Some(norm.init(device)) }
    }

    /// Maps that it makes.
    pub(super) fn channels(&self) -> usize {
        self.conv.weight.dims()[0]
    }

    /// Both, with PyTorch's running variance, and what comes after.
    pub(super) fn forward(&self, x: Tensor<4>, after: After) -> Tensor<4> {
        match &self.norm {
            Some(norm) => conv_norm_layer(&self.conv, NormLayer::unbiased(norm), x, after),
            None => conv2d_then_layer(&self.conv, x, after),
        }
    }
}

/// Scales every map by what the means of all maps say of it (Hu et al., "Squeeze-and-Excitation Networks", 2018).
///
/// The layers are held as 1×1 convolutions, the shape they have in weight files.
#[derive(Module, Debug)]
pub(super) struct SqueezeExcitation {
    fc1: Conv2d,
    fc2: Conv2d,
}

impl SqueezeExcitation {
    fn new(channels: usize, squeezed: usize, device: &Device) -> Self {
        let layer = |from, to| conv(Conv2dConfig::new([from, to], [1, 1]), device);
        Self { fc1: layer(channels, squeezed), fc2: layer(squeezed, channels) }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        squeeze_excite(x, &self.fc1, &self.fc2)
    }
}

/// What one block is to be.
pub(super) struct MbConvShape {
    pub(super) channels: [usize; 2],
    /// Channels between the two 1×1 convolutions.
    pub(super) expanded: usize,
    pub(super) kernel: usize,
    pub(super) stride: usize,
    pub(super) lite: bool,
    /// Probability that a picture does without the block.
    pub(super) drop: f64,
}

/// An inverted residual block: widen, convolve each map by itself, weigh the maps, narrow (Sandler et al.,
/// "MobileNetV2", 2018).
#[derive(Module, Debug)]
pub(super) struct MbConv {
    pub(super) expand: Option<ConvNorm>,
    pub(super) depthwise: ConvNorm,
    pub(super) squeeze: Option<SqueezeExcitation>,
    pub(super) project: ConvNorm,
    pub(super) depth: StochasticDepth,
    residual: bool,
    lite: bool,
}

impl MbConv {
    pub(super) fn new(shape: &MbConvShape, device: &Device) -> Self {
        let &MbConvShape { channels, expanded, kernel, stride, lite, drop } = shape;
        let [from, to] = channels;
        let pointwise = |from, to| ConvNorm::new([from, to], 1, 1, 1, device);
        Self {
            expand: (expanded != from).then(|| pointwise(from, expanded)),
            depthwise: ConvNorm::new([expanded, expanded], kernel, stride, expanded, device),
            squeeze: (!lite).then(|| SqueezeExcitation::new(expanded, (from / 4).max(1), device)),
            project: pointwise(expanded, to),
            depth: StochasticDepth::new(drop),
            residual: stride == 1 && from == to,
            lite,
        }
    }

    /// Maps that it widens its input to, if it does.
    pub(super) fn widened(&self) -> Option<usize> {
        self.expand.as_ref().map(ConvNorm::channels)
    }

    /// `[batch, channels_in, side, side]` to `[batch, channels_out, side / stride, side / stride]`.
    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let wide = match &self.expand {
            Some(expand) => expand.forward(x.clone(), activation(self.lite)),
            None => x.clone(),
        };
        let wide = self.depthwise.forward(wide, activation(self.lite));
        let wide = match &self.squeeze {
            Some(squeeze) => squeeze.forward(wide),
            None => wide,
        };
        if !self.residual {
            self.project.forward(wide, After::Nothing)
        } else if self.depth.drops(&x) {
            self.depth.forward(self.project.forward(wide, After::Nothing)) + x
        } else {
            self.project.forward(wide, After::Add(x))
        }
    }
}
