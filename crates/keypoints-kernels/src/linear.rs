//! The linear layer for models that keep Burn's.

use burn::nn::Linear;
use burn::tensor::Tensor;

/// Rows for which reading the weights takes longer than using them.
#[cfg(feature = "flex")]
const FEW: usize = 4;

/// What [`Linear::forward`] computes.
///
/// Ours, on Burn's Flex backend for `f32`, is for a few rows (up to four) of networks that have learned, and lets all threads read
/// the weights; everything else goes to Burn's own operation.
///
/// # Shapes
/// - `x`: `[batch, inputs]`
/// - output: `[batch, outputs]`
///
/// # Panics
/// As the layer does, where `x` has not its inputs.
///
/// ```
/// use burn::nn::LinearConfig;
/// use burn::tensor::{Device, Distribution, Tensor, Tolerance};
/// use keypoints_kernels::linear_layer;
///
/// let device = Device::flex();
/// let layer = LinearConfig::new(300, 70).init(&device);
/// let x = Tensor::<2>::random([1, 300], Distribution::Default, &device);
/// let ours = linear_layer(&layer, x.clone());
/// ours.into_data().assert_approx_eq::<f32>(&layer.forward(x).into_data(), Tolerance::default());
/// ```
pub fn linear_layer(layer: &Linear, x: Tensor<2>) -> Tensor<2> {
    #[cfg(feature = "flex")]
    if fits(layer, &x) {
        use crate::extension::InferenceBackend;
        use burn::backend::Dispatch;

        let (x, weight) = (x.into_dispatch(), layer.weight.val().into_dispatch());
        let output = Tensor::<2>::from_dispatch(Dispatch::kernel_linear(x, weight));
        return match &layer.bias {
            Some(bias) => output + bias.val().unsqueeze(),
            None => output,
        };
    }
    layer.forward(x)
}

/// Whether our kernel can take these.
#[cfg(feature = "flex")]
fn fits(layer: &Linear, x: &Tensor<2>) -> bool {
    let weight = layer.weight.val();
    let [rows, inputs] = x.dims();
    let [terms, outputs] = weight.dims();
    (1..=FEW).contains(&rows)
        && inputs == terms
        && terms * outputs > 0
        && !x.device().is_autodiff()
        && !weight.device().is_autodiff()
        && crate::conv2d::is_ours(x)
        && crate::conv2d::is_ours(&weight)
}
