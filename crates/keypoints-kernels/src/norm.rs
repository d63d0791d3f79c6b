//! Batch norm for models that keep Burn's layers, with what surrounds it.

use burn::nn::BatchNorm;
use burn::nn::conv::Conv2d;
use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use burn::tensor::module::max_pool2d;
use burn::tensor::ops::MaxPoolOptions;

use crate::conv2d_layer;

/// What comes behind a batch norm.
#[derive(Clone, Debug)]
// A value lives for one call: an allocation would cost more than moving it.
#[allow(clippy::large_enum_variant)]
pub enum After {
    /// Nothing.
    Nothing,
    /// ReLU.
    Relu,
    /// The sum with another tensor of the same shape, then ReLU: a residual block's end.
    AddRelu(Tensor<4>),
    /// ReLU, then the maximum of every 2×2 pixels.
    ReluPool,
}

impl After {
    /// The same by Burn's operations.
    fn apply(self, x: Tensor<4>) -> Tensor<4> {
        match self {
            Self::Nothing => x,
            Self::Relu => relu(x),
            Self::AddRelu(shortcut) => relu(x + shortcut),
            Self::ReluPool => max_pool2d(relu(x), MaxPoolOptions::new([2, 2]).with_stride([2, 2])),
        }
    }
}

/// What [`BatchNorm::forward`] and the operations after it compute, in one pass forward and one back.
///
/// The layer's running statistics are updated as the layer updates them. Ours is the training pass on Burn's Flex
/// backend for `f32`; everything else goes to Burn's own operations.
///
/// # Shapes
/// - `x`: `[batch, channels, height, width]`
/// - output: the same, or half of height and width with [`After::ReluPool`]
///
/// # Panics
/// As the layer does, where `x` has not its channels.
///
/// Source: Ioffe and Szegedy, "Batch Normalization" (2015).
///
/// ```
/// use burn::nn::BatchNormConfig;
/// use burn::tensor::{Device, Distribution, Tensor};
/// use keypoints_kernels::{After, norm_layer};
///
/// let device = Device::flex().autodiff();
/// let layer = BatchNormConfig::new(8).init(&device);
/// let maps = Tensor::<4>::random([2, 8, 6, 6], Distribution::Default, &device);
/// let output = norm_layer(&layer, maps, After::ReluPool);
/// assert_eq!(output.dims(), [2, 8, 3, 3]);
/// ```
pub fn norm_layer(layer: &BatchNorm, x: Tensor<4>, after: After) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if let Some(norm) = kernel_for(layer, &x, &after) {
        return train(layer, x, after, norm);
    }
    after.apply(layer.forward(x))
}

/// A convolution, the batch norm behind it and what follows: [`conv2d_layer`], then [`norm_layer`].
///
/// Where the norm does not learn (a plain device), both are one convolution with other weights.
///
/// # Shapes
/// - `x`: `[batch, channels_in, height, width]`
/// - output: `[batch, channels_out, output height, output width]`, halved with [`After::ReluPool`]
///
/// # Panics
/// As the layers do, where shapes do not fit together.
///
/// ```
/// use burn::nn::{BatchNormConfig, conv::Conv2dConfig};
/// use burn::tensor::{Device, Distribution, Tensor, Tolerance};
/// use keypoints_kernels::{After, conv_norm_layer};
///
/// let device = Device::flex();
/// let conv = Conv2dConfig::new([1, 8], [3, 3]).init(&device);
/// let norm = BatchNormConfig::new(8).init(&device);
/// let images = Tensor::<4>::random([2, 1, 24, 24], Distribution::Default, &device);
/// let ours = conv_norm_layer(&conv, &norm, images.clone(), After::Nothing);
/// let theirs = norm.forward(conv.forward(images));
/// ours.into_data().assert_approx_eq::<f32>(&theirs.into_data(), Tolerance::default());
/// ```
pub fn conv_norm_layer(conv: &Conv2d, norm: &BatchNorm, x: Tensor<4>, after: After) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if let Some(folding) = folding_for(conv, norm, &x, &after) {
        return infer(conv, norm, x, after, folding);
    }
    norm_layer(norm, conv2d_layer(conv, x), after)
}

#[cfg(feature = "flex")]
use ours::{folding_for, infer, kernel_for, train};

#[cfg(feature = "flex")]
mod ours {
    use burn::backend::Dispatch;
    use burn::nn::BatchNorm;
    use burn::nn::conv::Conv2d;
    use burn::tensor::Tensor;

    use super::After;
    use crate::Convolution;
    use crate::conv2d::{self, is_ours};
    use crate::extension::{InferenceBackend, NormBackend};
    use crate::kernel::norm::{Norm, Then};
    use crate::layer::options_of;
    use crate::primitive::Folded;

    fn then(after: &After) -> Then {
        match after {
            After::Nothing => Then::Nothing,
            After::Relu | After::AddRelu(_) => Then::Relu,
            After::ReluPool => Then::ReluPool,
        }
    }

    /// Whether the output, of `dims`, can be followed by `after` in our kernels.
    fn fits(after: &After, dims: [usize; 4]) -> bool {
        match after {
            After::Nothing | After::Relu => true,
            After::AddRelu(shortcut) => is_ours(shortcut) && shortcut.dims() == dims,
            After::ReluPool => dims[2].is_multiple_of(2) && dims[3].is_multiple_of(2),
        }
    }

    /// The training pass for these arguments, if there is one.
    pub(super) fn kernel_for(layer: &BatchNorm, x: &Tensor<4>, after: &After) -> Option<Norm> {
        let dims @ [batch, channels, height, width] = x.dims();
        let (gamma, beta) = (layer.gamma.val(), layer.beta.val());
        let ours = x.device().is_autodiff()
            && layer.training.is_enabled()
            && is_ours(x)
            && is_ours(&gamma)
            && is_ours(&beta)
            && gamma.dims() == [channels]
            && dims.iter().all(|&size| size > 0)
            && fits(after, dims);
        let epsilon = layer.epsilon;
        ours.then_some(Norm { batch, channels, height, width, epsilon, then: then(after) })
    }

    pub(super) fn train(layer: &BatchNorm, x: Tensor<4>, after: After, norm: Norm) -> Tensor<4> {
        let device = x.device();
        let (gamma, beta) = (layer.gamma.val().into_dispatch(), layer.beta.val().into_dispatch());
        let x = x.into_dispatch();
        let (output, mean, variance) = match after {
            After::AddRelu(shortcut) => {
                Dispatch::kernel_norm_add(x, gamma, beta, shortcut.into_dispatch(), norm)
            }
            _ => Dispatch::kernel_norm(x, gamma, beta, norm),
        };
        // As Burn's layer does it.
        let momentum = layer.momentum;
        for (state, new) in [(&layer.running_mean, mean), (&layer.running_var, variance)] {
            let new = Tensor::<1>::from_dispatch(new).detach().mul_scalar(momentum);
            let old = state.value_sync().to_device(&device);
            state.update(old.mul_scalar(1.0 - momentum).add(new).detach());
        }
        Tensor::from_dispatch(output)
    }

    /// The one convolution for these arguments, if there is one.
    pub(super) fn folding_for(
        conv: &Conv2d,
        norm: &BatchNorm,
        x: &Tensor<4>,
        after: &After,
    ) -> Option<Convolution> {
        if x.device().is_autodiff() {
            return None;
        }
        let (weight, bias) = (conv.weight.val(), conv.bias.as_ref().map(|bias| bias.val()));
        let convolution = conv2d::kernel_for(x, &weight, bias.as_ref(), &options_of(conv)?)?;
        let [height, width] = convolution.output_size().ok()?;
        let channels = weight.dims()[0];
        let numbers = [
            norm.gamma.val(),
            norm.beta.val(),
            norm.running_mean.value(),
            norm.running_var.value(),
        ];
        let plain = |numbers: &Tensor<1>| {
            is_ours(numbers) && numbers.dims() == [channels] && !numbers.device().is_autodiff()
        };
        let ours = numbers.iter().all(plain)
            && !weight.device().is_autodiff()
            && fits(after, [x.dims()[0], channels, height, width]);
        ours.then_some(convolution)
    }

    pub(super) fn infer(
        conv: &Conv2d,
        norm: &BatchNorm,
        x: Tensor<4>,
        after: After,
        convolution: Convolution,
    ) -> Tensor<4> {
        let mut statistics = vec![
            norm.gamma.val(),
            norm.beta.val(),
            norm.running_mean.value(),
            norm.running_var.value(),
        ];
        let folded = Folded { epsilon: norm.epsilon, bias: conv.bias.is_some() };
        statistics.extend(conv.bias.as_ref().map(|bias| bias.val()));
        let statistics = Tensor::cat(statistics, 0).into_dispatch();
        let (x, weight) = (x.into_dispatch(), conv.weight.val().into_dispatch());
        let then = then(&after);
        Tensor::from_dispatch(match after {
            After::AddRelu(shortcut) => {
                let shortcut = shortcut.into_dispatch();
                Dispatch::kernel_conv2d_norm_add(
                    x,
                    weight,
                    statistics,
                    shortcut,
                    convolution,
                    folded,
                )
            }
            _ => Dispatch::kernel_conv2d_norm(x, weight, statistics, convolution, folded, then),
        })
    }
}
