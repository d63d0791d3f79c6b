//! The squared error over labels that exist.

use burn::tensor::Tensor;

/// Mean squared error over the labels that exist, as a tensor of one number.
///
/// The mean is over labels, not over batch × outputs: a batch with many gaps weighs its few labels no less.
/// A batch without any label has loss 0.
///
/// # Shapes
/// - `output`, `targets`: `[batch, coordinates]`; targets finite everywhere (0 where absent)
/// - `mask`: `[batch, coordinates]`, 1 where there is a label, 0 where there is none
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_train::masked_mse;
///
/// let device = Device::flex();
/// let output = Tensor::<2>::from_data([[1.0, 5.0], [2.0, 9.0]], &device);
/// let targets = Tensor::<2>::from_data([[0.0, 3.0], [2.0, 0.0]], &device);
/// let mask = Tensor::<2>::from_data([[1.0, 1.0], [1.0, 0.0]], &device); // nobody marked the 9
/// let loss = masked_mse(output, targets, mask).into_scalar::<f32>();
/// assert!((loss - 5.0 / 3.0).abs() < 1e-6); // (1 + 4 + 0) / 3
/// ```
pub fn masked_mse(output: Tensor<2>, targets: Tensor<2>, mask: Tensor<2>) -> Tensor<1> {
    let labels = mask.clone().sum().clamp_min(1.0);
    ((output - targets).powi_scalar(2) * mask).sum() / labels
}
