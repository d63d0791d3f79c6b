//! Squared near the label, linear beyond.

use burn::tensor::Tensor;

use super::masked_mean;

/// Mean smooth-L1 loss over the labels that exist: of an error `e`, `e² / (2β)` where `|e| < β` and `|e| − β / 2`
/// beyond.
///
/// # Shapes
/// As [`masked_mse`](crate::masked_mse). `beta` is positive and in the unit of `output`.
///
/// Source: Girshick, "Fast R-CNN" (2015), with PyTorch's `beta`.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_train::masked_smooth_l1;
///
/// let device = Device::flex();
/// let output = Tensor::<2>::from_data([[1.0, -4.0]], &device);
/// let (targets, mask) = (Tensor::zeros([1, 2], &device), Tensor::ones([1, 2], &device));
/// let loss = masked_smooth_l1(output, targets, mask, 2.0).into_scalar::<f32>();
/// assert_eq!(loss, (0.25 + 3.0) / 2.0); // 1² / 4, then 4 − 1
/// ```
pub fn masked_smooth_l1(
    output: Tensor<2>,
    targets: Tensor<2>,
    mask: Tensor<2>,
    beta: f64,
) -> Tensor<1> {
    let error = (output - targets).abs();
    // With c = min(|e|, β), both branches are c · (|e| − c / 2) / β.
    let near = error.clone().clamp_max(beta);
    masked_mean(near.clone() * (error - near / 2.0) / beta, mask)
}
