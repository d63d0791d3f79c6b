//! Halving and doubling feature maps, for models.

use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use burn::tensor::module::{avg_pool2d, interpolate};
use burn::tensor::ops::{AvgPoolOptions, InterpolateMode, InterpolateOptions};

/// The mean of every 2×2 pixels.
///
/// # Shapes
/// - `x`: `[batch, channels, height, width]`
/// - output: `[batch, channels, height / 2, width / 2]`
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_kernels::halve;
///
/// let x = Tensor::<4>::from_data([[[[1.0, 2.0], [3.0, 6.0]]]], &Device::flex());
/// assert_eq!(halve(x).into_scalar::<f32>(), 3.0);
/// ```
pub fn halve(x: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if is_even(&x) {
        use crate::extension::MapsBackend;
        return Tensor::from_dispatch(burn::backend::Dispatch::kernel_halve(x.into_dispatch()));
    }
    avg_pool2d(x, AvgPoolOptions::new([2, 2]))
}

/// Repeats every coarse cell twice in both directions, adds the fine maps, and takes the ReLU.
///
/// # Shapes
/// - `coarse`: `[batch, channels, height / 2, width / 2]`
/// - `fine` and output: `[batch, channels, height, width]`
///
/// # Panics
/// As Burn's addition does, where shapes do not fit together.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_kernels::double_add_relu;
///
/// let coarse = Tensor::<4>::from_data([[[[1.0]]]], &Device::flex());
/// let fine = Tensor::<4>::from_data([[[[1.0, 2.0], [-3.0, 0.0]]]], &Device::flex());
/// let sum = double_add_relu(coarse, fine);
/// assert_eq!(sum.into_data().try_to_vec::<f32>()?, [2.0, 3.0, 0.0, 1.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn double_add_relu(coarse: Tensor<4>, fine: Tensor<4>) -> Tensor<4> {
    let [batch, channels, height, width] = fine.dims();
    #[cfg(feature = "flex")]
    if is_even(&fine)
        && crate::conv2d::is_ours(&coarse)
        && coarse.dims() == [batch, channels, height / 2, width / 2]
    {
        use crate::extension::MapsBackend;
        let (coarse, fine) = (coarse.into_dispatch(), fine.into_dispatch());
        return Tensor::from_dispatch(burn::backend::Dispatch::kernel_double_add(coarse, fine));
    }
    let _ = (batch, channels);
    let options = InterpolateOptions::new(InterpolateMode::Nearest)
        .with_align_corners(false)
        .with_output_size([height, width]);
    relu(interpolate(coarse, options) + fine)
}

/// Whether our kernels can take maps of this size.
#[cfg(feature = "flex")]
fn is_even(x: &Tensor<4>) -> bool {
    let [_, _, height, width] = x.dims();
    crate::conv2d::is_ours(x)
        && height > 0
        && width > 0
        && height.is_multiple_of(2)
        && width.is_multiple_of(2)
}
