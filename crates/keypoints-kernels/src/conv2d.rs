//! The convolution for models.

use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use burn::tensor::module;
use burn::tensor::ops::ConvOptions;

/// A 2-D convolution like [`burn::tensor::module::conv2d`], by our kernels where they can.
///
/// They can on Burn's Flex backend (with or without autodiff) for `f32`, one group or one for each channel
/// (depthwise, as many channels out as in) and no dilation, with any kernel size, stride and padding. Everything
/// else, other devices and types among it, goes to Burn's own operation, so that a model has one code path.
/// [`with_precision`](crate::with_precision) says how exactly dense ones multiply, and the backward pass does as the
/// forward pass did.
///
/// # Shapes
/// - `x`: `[batch, channels_in, height, width]`
/// - `weight`: `[channels_out, channels_in / groups, kernel height, kernel width]`
/// - `bias`: `[channels_out]`
/// - output: `[batch, channels_out, output height, output width]`
///
/// # Panics
/// As Burn's operation does, where shapes do not fit together.
///
/// ```
/// use burn::tensor::ops::ConvOptions;
/// use burn::tensor::{Device, Distribution, Tensor};
/// use keypoints_kernels::conv2d;
///
/// let device = Device::flex().autodiff();
/// let images = Tensor::<4>::random([2, 1, 24, 24], Distribution::Default, &device);
/// let weight = Tensor::<4>::random([8, 1, 3, 3], Distribution::Default, &device).require_grad();
///
/// let options = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
/// let output = conv2d(images, weight.clone(), None, options);
/// assert_eq!(output.dims(), [2, 8, 24, 24]);
///
/// let gradients = output.sum().backward();
/// assert_eq!(weight.grad(&gradients).map(|gradient| gradient.dims()), Some([8, 1, 3, 3]));
/// ```
pub fn conv2d(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    options: impl Into<ConvOptions<2>>,
) -> Tensor<4> {
    convolve(x, weight, bias, options.into(), false)
}

/// [`conv2d`], then a ReLU, whose way back needs no tensor of its own.
///
/// # Shapes
/// As for [`conv2d`].
///
/// # Panics
/// As for [`conv2d`].
///
/// ```
/// use burn::tensor::ops::ConvOptions;
/// use burn::tensor::{Device, Distribution, Tensor};
/// use keypoints_kernels::conv2d_relu;
///
/// let device = Device::flex();
/// let images = Tensor::<4>::random([2, 1, 24, 24], Distribution::Default, &device);
/// let weight = Tensor::<4>::full([8, 1, 3, 3], -1.0, &device);
/// let output = conv2d_relu(images, weight, None, ConvOptions::new([1, 1], [1, 1], [1, 1], 1));
/// assert_eq!(output.sum().into_scalar::<f32>(), 0.0);
/// ```
pub fn conv2d_relu(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    options: impl Into<ConvOptions<2>>,
) -> Tensor<4> {
    convolve(x, weight, bias, options.into(), true)
}

pub(crate) fn convolve(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    options: ConvOptions<2>,
    rectify: bool,
) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if let Some(convolution) = kernel_for(&x, &weight, bias.as_ref(), &options) {
        use crate::extension::{ConvBackend, Optional};
        use burn::backend::Dispatch;

        let (x, weight) = (x.into_dispatch(), weight.into_dispatch());
        let bias = Optional::new(bias.map(Tensor::into_dispatch));
        let output = Dispatch::kernel_conv2d(x, weight, bias, convolution, rectify);
        return Tensor::from_dispatch(output);
    }
    let output = module::conv2d(x, weight, bias, options);
    if rectify { relu(output) } else { output }
}

/// Whether [`conv2d`] takes our kernels for these arguments.
#[must_use]
pub fn is_accelerated(
    x: &Tensor<4>,
    weight: &Tensor<4>,
    bias: Option<&Tensor<1>>,
    options: &ConvOptions<2>,
) -> bool {
    #[cfg(feature = "flex")]
    return kernel_for(x, weight, bias, options).is_some();
    #[cfg(not(feature = "flex"))]
    {
        let _ = (x, weight, bias, options);
        false
    }
}

/// The kernel for these arguments, if there is one.
#[cfg(feature = "flex")]
pub(crate) fn kernel_for(
    x: &Tensor<4>,
    weight: &Tensor<4>,
    bias: Option<&Tensor<1>>,
    options: &ConvOptions<2>,
) -> Option<crate::Convolution> {
    let [channels_out, inputs, height, width] = weight.dims();
    let [_, channels_in, _, _] = x.dims();
    let dense = options.groups == 1 && inputs == channels_in;
    let depthwise = !dense && inputs == 1 && [options.groups, channels_out] == [channels_in; 2];
    let ours = (dense || depthwise)
        && options.dilation == [1, 1]
        && is_ours(x)
        && is_ours(weight)
        && bias.is_none_or(|bias| bias.dims() == [channels_out] && is_ours(bias));
    if !ours {
        return None;
    }
    let convolution = match dense {
        true => crate::Convolution::new(x.dims(), channels_out, [height, width]),
        false => crate::Convolution::depthwise(x.dims(), [height, width]),
    };
    let convolution = convolution
        .ok()?
        .with_padding(options.padding[0], options.padding[1])
        .with_stride(options.stride)
        .with_precision(crate::precision());
    convolution.output_size().ok().map(|_| convolution)
}

/// Whether our kernels can take a tensor.
#[cfg(feature = "flex")]
pub(crate) fn is_ours<const D: usize>(tensor: &Tensor<D>) -> bool {
    crate::switch::enabled()
        && tensor.dtype() == burn::tensor::DType::F32
        && on_flex(&tensor.device())
}

#[cfg(feature = "flex")]
fn on_flex(device: &burn::tensor::Device) -> bool {
    use burn::backend::DispatchDevice;

    match device.as_dispatch() {
        DispatchDevice::Flex(_) => true,
        DispatchDevice::Autodiff(inner) => matches!(&**inner, DispatchDevice::Flex(_)),
        // The only variants when no other backend is compiled in.
        #[allow(unreachable_patterns)]
        _ => false,
    }
}
