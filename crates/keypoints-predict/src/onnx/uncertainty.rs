//! From the spread of a heat map to the uncertainty of a point.

use burn::tensor::Tensor;

/// The uncertainty of points whose heat maps have this spread, both in pixels of the crop: the spread itself.
///
/// # Shapes
/// - `spread` and output: `[batch, K]`
pub(super) fn uncertainty_of(spread: Tensor<2>) -> Tensor<2> {
    spread
}
