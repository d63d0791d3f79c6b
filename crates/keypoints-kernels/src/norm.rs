//! Batch norm for models that keep Burn's layers, with what surrounds it.

use burn::nn::BatchNorm;
use burn::nn::conv::Conv2d;
use burn::tensor::Tensor;
use burn::tensor::module::batch_norm_train;

use crate::{After, conv2d_layer};

/// A batch norm, and which variance its running variance takes in; made [from](From) a layer it is Burn's.
///
/// ```
/// use burn::module::Module;
/// use burn::nn::BatchNormConfig;
/// use burn::tensor::{Device, Tensor};
/// use keypoints_kernels::{After, NormLayer, norm_layer};
///
/// let device = Device::flex().autodiff();
/// let layer = BatchNormConfig::new(1).with_momentum(1.0).init(&device);
/// let x = Tensor::<4>::from_data([[[[1.0, 2.0], [3.0, 6.0]]]], &device);
/// norm_layer(NormLayer::unbiased(&layer), x, After::Nothing);
/// // The squares about the mean of 3 add up to 14.
/// let variance = layer.valid().running_var.value().into_scalar::<f32>();
/// assert!((variance - 14.0 / 3.0).abs() < 1e-5);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NormLayer<'a> {
    layer: &'a BatchNorm,
    unbiased: bool,
}

impl<'a> NormLayer<'a> {
    /// A layer whose running variance takes in the unbiased variance of each batch, as PyTorch's does, where Burn's takes
    /// the biased one. The output is the same.
    ///
    /// The difference is a factor of `n / (n − 1)`, where `n` counts the values of a channel in the batch: a
    /// tenth where a network has come down to 3×3 maps and is fine-tuned one picture at a time.
    #[must_use]
    pub fn unbiased(layer: &'a BatchNorm) -> Self {
        Self { layer, unbiased: true }
    }

    /// What the running variance takes in for each unit of the biased variance of a batch.
    fn correction(self, [batch, _, height, width]: [usize; 4]) -> f64 {
        let count = (batch * height * width) as f64;
        if self.unbiased { count / (count - 1.0).max(1.0) } else { 1.0 }
    }

    /// As Burn's layer does it.
    fn remember(self, mean: Tensor<1>, variance: Tensor<1>, correction: f64) {
        let BatchNorm { momentum, running_mean, running_var, .. } = self.layer;
        let device = mean.device();
        let states =
            [(running_mean, mean, *momentum), (running_var, variance, momentum * correction)];
        for (state, new, share) in states {
            let old = state.value_sync().to_device(&device);
            let new = new.detach().mul_scalar(share);
            state.update(old.mul_scalar(1.0 - momentum).add(new).detach());
        }
    }

    /// By Burn's operations.
    fn forward(self, x: Tensor<4>) -> Tensor<4> {
        let layer = self.layer;
        if !self.unbiased || !x.device().is_autodiff() || !layer.training.is_enabled() {
            return layer.forward(x);
        }
        let correction = self.correction(x.dims());
        let result = batch_norm_train(x, layer.gamma.val(), layer.beta.val(), layer.epsilon);
        self.remember(result.mean, result.variance, correction);
        result.output
    }
}

impl<'a> From<&'a BatchNorm> for NormLayer<'a> {
    fn from(layer: &'a BatchNorm) -> Self {
        Self { layer, unbiased: false }
    }
}

/// What [`BatchNorm::forward`] and the operations after it compute, in one pass forward and one back.
///
/// The layer's running statistics are updated as the layer updates them, or as [`NormLayer`] says. Ours is the training pass on Burn's Flex
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
pub fn norm_layer<'a>(layer: impl Into<NormLayer<'a>>, x: Tensor<4>, after: After) -> Tensor<4> {
    let layer = layer.into();
    #[cfg(feature = "flex")]
    if let Some(norm) = kernel_for(layer.layer, &x, &after) {
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
pub fn conv_norm_layer<'a>(
    conv: &Conv2d,
    norm: impl Into<NormLayer<'a>>,
    x: Tensor<4>,
    after: After,
) -> Tensor<4> {
    let norm = norm.into();
    #[cfg(feature = "flex")]
    if let Some(folding) = folding_for(conv, norm.layer, &x, &after) {
        return infer(conv, norm.layer, x, after, folding);
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

    use super::NormLayer;
    use crate::conv2d::{self, is_ours};
    use crate::extension::{InferenceBackend, NormBackend, Optional};
    use crate::kernel::norm::Norm;
    use crate::layer::options_of;
    use crate::primitive::Folded;
    use crate::{After, Convolution};

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
            && beta.dims() == [channels]
            && dims.iter().all(|&size| size > 0)
            && after.fits(dims);
        let epsilon = layer.epsilon;
        ours.then_some(Norm { batch, channels, height, width, epsilon, then: after.then() })
    }

    pub(super) fn train(
        norm_layer: NormLayer<'_>,
        x: Tensor<4>,
        after: After,
        norm: Norm,
    ) -> Tensor<4> {
        let (layer, correction) = (norm_layer.layer, norm_layer.correction(x.dims()));
        let (gamma, beta) = (layer.gamma.val().into_dispatch(), layer.beta.val().into_dispatch());
        let shortcut = Optional::new(after.shortcut().map(Tensor::into_dispatch));
        let (output, mean, variance) =
            Dispatch::kernel_norm(x.into_dispatch(), gamma, beta, shortcut, norm);
        let [mean, variance] = [mean, variance].map(Tensor::<1>::from_dispatch);
        norm_layer.remember(mean, variance, correction);
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
        let plain = |numbers: &Tensor<1>| {
            is_ours(numbers) && numbers.dims() == [channels] && !numbers.device().is_autodiff()
        };
        let ours = statistics(norm).iter().all(plain)
            && !weight.device().is_autodiff()
            && after.fits([x.dims()[0], channels, height, width]);
        ours.then_some(convolution)
    }

    /// Gamma, beta, mean and variance.
    fn statistics(norm: &BatchNorm) -> [Tensor<1>; 4] {
        let (gamma, beta) = (norm.gamma.val(), norm.beta.val());
        [gamma, beta, norm.running_mean.value(), norm.running_var.value()]
    }

    pub(super) fn infer(
        conv: &Conv2d,
        norm: &BatchNorm,
        x: Tensor<4>,
        after: After,
        convolution: Convolution,
    ) -> Tensor<4> {
        let mut statistics = statistics(norm).to_vec();
        let folded = Folded { epsilon: norm.epsilon, bias: conv.bias.is_some() };
        statistics.extend(conv.bias.as_ref().map(|bias| bias.val()));
        let statistics = Tensor::cat(statistics, 0).into_dispatch();
        let (x, weight) = (x.into_dispatch(), conv.weight.val().into_dispatch());
        let then = after.then();
        let add = Optional::new(after.shortcut().map(Tensor::into_dispatch));
        let output =
            Dispatch::kernel_conv2d_norm(x, weight, statistics, add, convolution, folded, then);
        Tensor::from_dispatch(output)
    }
}
