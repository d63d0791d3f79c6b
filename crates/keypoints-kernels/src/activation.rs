//! Activations for models.

use burn::tensor::Tensor;
use burn::tensor::activation;

use crate::export::exporting;
use crate::kernel::activation::Activation;

/// SiLU, `x / (1 + exp(−x))`, in one parallel pass forward and one back; like [`burn::tensor::activation::silu`], whose
/// operations are taken where ours do not fit.
///
/// Source: Elfwing et al., "Sigmoid-Weighted Linear Units for Neural Network Function Approximation" (2018).
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_kernels::silu;
///
/// let x = Tensor::<1>::from_data([0.0, 100.0, -100.0], &Device::flex());
/// assert_eq!(silu(x).into_data().try_to_vec::<f32>()?, [0.0, 100.0, 0.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn silu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    activate(x, Activation::Silu, activation::silu)
}

/// ReLU6, `min(max(x, 0), 6)`, as [`silu`] is SiLU. The slope at 0 and at 6 is 0, as in PyTorch; Burn's `clamp` has 1 there.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_kernels::relu6;
///
/// let x = Tensor::<1>::from_data([-1.0, 2.0, 7.0], &Device::flex());
/// assert_eq!(relu6(x).into_data().try_to_vec::<f32>()?, [0.0, 2.0, 6.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn relu6<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    if exporting() {
        // Exact up to 12, where the second difference begins to round.
        return activation::relu(x.clone()) - activation::relu(x - 6.0);
    }
    activate(x, Activation::Relu6, |x| x.clamp(0.0, 6.0))
}

/// By our kernel where it can, else by Burn's operation.
fn activate<const D: usize>(
    x: Tensor<D>,
    activation: Activation,
    burns: fn(Tensor<D>) -> Tensor<D>,
) -> Tensor<D> {
    #[cfg(feature = "flex")]
    if crate::conv2d::is_ours(&x) {
        use crate::extension::ActivationBackend;
        use burn::backend::Dispatch;

        return Tensor::from_dispatch(Dispatch::kernel_activate(x.into_dispatch(), activation));
    }
    let _ = activation;
    burns(x)
}
