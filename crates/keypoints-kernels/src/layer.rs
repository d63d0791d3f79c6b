//! The convolution for models that keep Burn's layer.

use burn::nn::PaddingConfig2d;
use burn::nn::conv::Conv2d;
use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use burn::tensor::ops::ConvOptions;

#[cfg(feature = "flex")]
use crate::Convolution;
use crate::{After, conv2d, conv2d_relu};

/// What [`Conv2d::forward`] computes, by [`conv2d`]: a model keeps Burn's layer with its configuration,
/// initialisation and records, and calls this instead of the layer's own method.
///
/// # Shapes
/// - `x`: `[batch, channels_in, height, width]`
/// - output: `[batch, channels_out, output height, output width]`
///
/// # Panics
/// As the layer does, where `x` has not its channels.
///
/// ```
/// use burn::nn::PaddingConfig2d;
/// use burn::nn::conv::Conv2dConfig;
/// use burn::tensor::{Device, Distribution, Tensor, Tolerance};
/// use keypoints_kernels::conv2d_layer;
///
/// let device = Device::flex();
/// let layer = Conv2dConfig::new([1, 8], [3, 3]).with_padding(PaddingConfig2d::Same).init(&device);
/// let images = Tensor::<4>::random([2, 1, 24, 24], Distribution::Default, &device);
/// let ours = conv2d_layer(&layer, images.clone());
/// ours.into_data().assert_approx_eq::<f32>(&layer.forward(images).into_data(), Tolerance::default());
/// ```
pub fn conv2d_layer(layer: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    match options_of(layer) {
        Some(options) => conv2d(x, layer.weight.val(), bias_of(layer), options),
        None => layer.forward(x),
    }
}

/// [`conv2d_layer`], then a ReLU.
///
/// # Shapes
/// As for [`conv2d_layer`].
///
/// # Panics
/// As for [`conv2d_layer`].
///
/// ```
/// use burn::nn::conv::Conv2dConfig;
/// use burn::tensor::{Device, Distribution, Tensor};
/// use keypoints_kernels::conv2d_relu_layer;
///
/// let device = Device::flex();
/// let layer = Conv2dConfig::new([1, 8], [3, 3]).init(&device);
/// let images = Tensor::<4>::random([2, 1, 24, 24], Distribution::Default, &device);
/// assert!(conv2d_relu_layer(&layer, images).min().into_scalar::<f32>() >= 0.0);
/// ```
pub fn conv2d_relu_layer(layer: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    match options_of(layer) {
        Some(options) => conv2d_relu(x, layer.weight.val(), bias_of(layer), options),
        None => relu(layer.forward(x)),
    }
}

/// [`conv2d_layer`], then what [`After`] says; in one pass where nothing is learned (a plain device).
///
/// # Shapes
/// As for [`conv2d_layer`], halved with [`After::ReluPool`].
///
/// # Panics
/// As for [`conv2d_layer`], and where a shortcut has not the output's shape.
///
/// ```
/// use burn::nn::conv::Conv2dConfig;
/// use burn::tensor::{Device, Distribution, Tensor};
/// use keypoints_kernels::{After, conv2d_then_layer};
///
/// let device = Device::flex();
/// let layer = Conv2dConfig::new([1, 8], [3, 3]).init(&device);
/// let images = Tensor::<4>::random([2, 1, 24, 24], Distribution::Default, &device);
/// // SiLU has its least value at −1.28.
/// let least = conv2d_then_layer(&layer, images, After::Silu).min().into_scalar::<f32>();
/// assert!(least > -0.279);
/// ```
pub fn conv2d_then_layer(layer: &Conv2d, x: Tensor<4>, after: After) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if let Some((convolution, bias)) = kernel_for(layer, &x, &after) {
        use crate::extension::InferenceBackend;
        use burn::backend::Dispatch;

        let (x, weight) = (x.into_dispatch(), layer.weight.val().into_dispatch());
        let (bias, then) = (bias.into_dispatch(), after.then());
        let output = Dispatch::kernel_conv2d_then(x, weight, bias, convolution, then);
        return Tensor::from_dispatch(output);
    }
    after.apply(conv2d_layer(layer, x))
}

/// The convolution and its bias for these arguments, if what comes after can be part of it.
#[cfg(feature = "flex")]
fn kernel_for(conv: &Conv2d, x: &Tensor<4>, after: &After) -> Option<(Convolution, Tensor<1>)> {
    let (weight, bias) = (conv.weight.val(), conv.bias.as_ref()?.val());
    if [x, &weight].iter().any(|one| one.device().is_autodiff()) || bias.device().is_autodiff() {
        return None;
    }
    let convolution = crate::conv2d::kernel_for(x, &weight, Some(&bias), &options_of(conv)?)?;
    let [height, width] = convolution.output_size().ok()?;
    let dims = [x.dims()[0], weight.dims()[0], height, width];
    let apart = matches!(after, After::Add(_) | After::AddRelu(_));
    (!apart && after.fits(dims)).then_some((convolution, bias))
}

fn bias_of(layer: &Conv2d) -> Option<Tensor<1>> {
    layer.bias.as_ref().map(|bias| bias.val())
}

/// The layer's padding in numbers, where it does not depend on more than the layer.
pub(crate) fn options_of(layer: &Conv2d) -> Option<ConvOptions<2>> {
    let padding = match layer.padding {
        PaddingConfig2d::Valid => [(0, 0); 2],
        PaddingConfig2d::Explicit(top, left, bottom, right) => [(top, bottom), (left, right)],
        // With a stride it depends on the input's size, with an even kernel on a choice of Burn's.
        PaddingConfig2d::Same
            if layer.stride == [1, 1] && layer.kernel_size.map(|k| k % 2) == [1, 1] =>
        {
            layer.kernel_size.map(|kernel| (kernel / 2, kernel / 2))
        }
        _ => return None,
    };
    Some(ConvOptions::new_with_padding(layer.stride, padding, layer.dilation, layer.groups))
}
