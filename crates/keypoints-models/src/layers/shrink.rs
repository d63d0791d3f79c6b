//! Large pictures for a network that looks at small ones.

use burn::tensor::Tensor;
use burn::tensor::module::avg_pool2d;
use burn::tensor::ops::AvgPoolOptions;
use keypoints_kernels::halve;

/// Averages square pictures down to `side` where they are larger; `side` has to divide theirs.
///
/// # Shapes
/// - input: `[batch, channels, k·side, k·side]`
/// - output: `[batch, channels, side, side]`
pub(crate) fn shrink(images: Tensor<4>, side: usize) -> Tensor<4> {
    let factor = images.dims()[3] / side;
    if factor <= 1 {
        return images;
    }
    if factor == 2 {
        return halve(images);
    }
    avg_pool2d(images, AvgPoolOptions::new([factor, factor]))
}

#[cfg(test)]
mod tests;
