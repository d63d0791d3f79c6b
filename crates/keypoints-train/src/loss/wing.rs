//! Steepest near the label.

use burn::tensor::Tensor;

use super::masked_mean;

/// Mean Wing loss over the labels that exist: of an error `e`, `w · ln(1 + |e| / ε)` where `|e| < w`, and beyond it a
/// line of slope 1 that goes on from there.
///
/// # Shapes
/// As [`masked_mse`](crate::masked_mse). `width` (`w`) and `epsilon` are positive and in the unit of `output`.
///
/// Source: Feng et al., "Wing Loss for Robust Facial Landmark Localisation with Convolutional Neural Networks" (2018).
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_train::masked_wing;
///
/// let device = Device::flex();
/// let output = Tensor::<2>::from_data([[2.0, 13.0]], &device);
/// let (targets, mask) = (Tensor::zeros([1, 2], &device), Tensor::ones([1, 2], &device));
/// let loss = masked_wing(output, targets, mask, 10.0, 2.0).into_scalar::<f32>();
/// // 10 ln 2, then 10 ln 6 + 3
/// let expected = (10.0 * 2.0_f32.ln() + 10.0 * 6.0_f32.ln() + 3.0) / 2.0;
/// assert!((loss - expected).abs() < 1e-5);
/// ```
pub fn masked_wing(
    output: Tensor<2>,
    targets: Tensor<2>,
    mask: Tensor<2>,
    width: f64,
    epsilon: f64,
) -> Tensor<1> {
    let error = (output - targets).abs();
    // With c = min(|e|, w), both branches are w · ln(1 + c / ε) + |e| − c.
    let near = error.clone().clamp_max(width);
    let curve = (near.clone() / epsilon).log1p() * width;
    masked_mean(curve + error - near, mask)
}
