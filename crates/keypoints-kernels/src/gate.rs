//! Squeeze-and-excitation for models that keep Burn's layers.

use burn::nn::conv::Conv2d;
use burn::tensor::Tensor;
use burn::tensor::activation::sigmoid;
use burn::tensor::module::adaptive_avg_pool2d;

use crate::export::exporting;
use crate::silu;

/// Scales every map by a gate between 0 and 1 that two layers make of the means of all maps: a SiLU behind the first, a
/// sigmoid behind the second. The layers are 1×1 convolutions.
///
/// Ours, on Burn's Flex backend for `f32`, takes two passes over the maps forward and two back.
///
/// # Shapes
/// - `x` and output: `[batch, channels, height, width]`
/// - `narrow`: from `channels` to any number, `widen`: back
///
/// # Panics
/// As the layers do, where shapes do not fit together.
///
/// Source: Hu et al., "Squeeze-and-Excitation Networks" (2018).
///
/// ```
/// use burn::nn::conv::Conv2dConfig;
/// use burn::tensor::{Device, Tensor};
/// use keypoints_kernels::squeeze_excite;
///
/// let device = Device::flex();
/// let narrow = Conv2dConfig::new([8, 2], [1, 1]).init(&device);
/// let widen = Conv2dConfig::new([2, 8], [1, 1]).init(&device);
/// let scaled = squeeze_excite(Tensor::ones([2, 8, 6, 6], &device), &narrow, &widen);
/// let gate = scaled.max().into_scalar::<f32>();
/// assert!(0.0 < gate && gate < 1.0);
/// ```
pub fn squeeze_excite(x: Tensor<4>, narrow: &Conv2d, widen: &Conv2d) -> Tensor<4> {
    if exporting() {
        let means = adaptive_avg_pool2d(x.clone(), [1, 1]);
        return x * sigmoid(widen.forward(silu(narrow.forward(means))));
    }
    #[cfg(feature = "flex")]
    if let Some([weight_1, bias_1, weight_2, bias_2]) = ours(&x, narrow, widen) {
        use crate::extension::GateBackend;
        use burn::backend::Dispatch;

        let x = x.into_dispatch();
        let output = Dispatch::kernel_squeeze(x, weight_1, bias_1, weight_2, bias_2);
        return Tensor::from_dispatch(output);
    }
    let [batch, channels, _, _] = x.dims();
    let means = x.clone().flatten::<3>(2, 3).mean_dim(2).flatten::<2>(1, 2);
    let hidden = silu(linear(narrow, means));
    let gates = sigmoid(linear(widen, hidden));
    x * gates.reshape([batch, channels, 1, 1])
}

/// A 1×1 convolution of 1×1 maps: `[batch, channels_in]` to `[batch, channels_out]`.
fn linear(layer: &Conv2d, x: Tensor<2>) -> Tensor<2> {
    let weight = layer.weight.val();
    let [channels_out, channels_in, _, _] = weight.dims();
    let y = x.matmul(weight.reshape([channels_out, channels_in]).transpose());
    match &layer.bias {
        Some(bias) => y + bias.val().unsqueeze(),
        None => y,
    }
}

/// Weights and biases, if our kernels can take all.
#[cfg(feature = "flex")]
fn ours(
    x: &Tensor<4>,
    narrow: &Conv2d,
    widen: &Conv2d,
) -> Option<[burn::backend::DispatchTensor; 4]> {
    use crate::conv2d::is_ours;

    let [_, channels, _, _] = x.dims();
    let (weight_1, weight_2) = (narrow.weight.val(), widen.weight.val());
    let (bias_1, bias_2) = (narrow.bias.as_ref()?.val(), widen.bias.as_ref()?.val());
    let [squeezed, ..] = weight_1.dims();
    let fits = weight_1.dims() == [squeezed, channels, 1, 1]
        && weight_2.dims() == [channels, squeezed, 1, 1]
        && bias_1.dims() == [squeezed]
        && bias_2.dims() == [channels]
        && squeezed > 0
        && x.dims().iter().all(|&size| size > 0)
        && [x, &weight_1, &weight_2].into_iter().all(is_ours)
        && [&bias_1, &bias_2].into_iter().all(is_ours);
    fits.then(|| {
        let [weight_1, weight_2] = [weight_1, weight_2].map(Tensor::into_dispatch);
        let [bias_1, bias_2] = [bias_1, bias_2].map(Tensor::into_dispatch);
        [weight_1, bias_1, weight_2, bias_2]
    })
}
