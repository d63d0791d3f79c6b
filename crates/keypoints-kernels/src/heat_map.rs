//! Reading heat maps.

use burn::tensor::activation::{log_softmax, softmax};
use burn::tensor::{Int, Tensor, TensorData};

/// The mean place on each heat map, whose shares are a softmax over its cells: a differentiable argmax.
///
/// # Shapes
/// - `maps`: `[batch, maps, height, width]`, any finite numbers
/// - output: `[batch, maps, 2]`, column before row, in cells from the centre of the first one
///
/// Source: Nibali et al., "Numerical Coordinate Regression with Convolutional Neural Networks" (2018).
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_kernels::heat_map_means;
///
/// let maps = Tensor::<4>::from_data([[[[0.0, 0.0, 0.0], [0.0, 0.0, 99.0]]]], &Device::flex());
/// assert_eq!(heat_map_means(maps).into_data().try_to_vec::<f32>()?, [2.0, 1.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn heat_map_means(maps: Tensor<4>) -> Tensor<3> {
    #[cfg(feature = "flex")]
    if crate::conv2d::is_ours(&maps) && has_cells(&maps) {
        use crate::extension::HeatMapBackend;
        use burn::backend::Dispatch;

        return Tensor::from_dispatch(Dispatch::kernel_means(maps.into_dispatch()));
    }
    let [batch, count, height, width] = maps.dims();
    // About the middle of the map, where sums lose least.
    let middle = [width, height].map(|cells| (cells as f32 - 1.0) / 2.0);
    let cell =
        |index: usize| [(index % width) as f32 - middle[0], (index / width) as f32 - middle[1]];
    let grid: Vec<f32> = (0..height * width).flat_map(cell).collect();
    let grid = Tensor::from_data(TensorData::new(grid, [height * width, 2]), &maps.device());
    let middle = Tensor::from_data(TensorData::new(middle.to_vec(), [1, 2]), &maps.device());
    let shares = softmax(maps.reshape([batch * count, height * width]), 1);
    (shares.matmul(grid) + middle).reshape([batch, count, 2])
}

/// The Kullback-Leibler divergence of each heat map from a Gaussian target: a normal distribution around the map's
/// centre, cut at the map's edge. The gradient is the maps'; centres have none.
///
/// # Shapes
/// - `maps`: `[batch, maps, height, width]`, any finite numbers
/// - `centres`: `[batch, maps, 2]`, column before row, in cells as [`heat_map_means`] answers; finite
/// - output: `[batch, maps]`, at least 0 but for rounding
///
/// `spread` is the standard deviation of the targets in cells.
///
/// # Panics
/// Where there are not as many centres as maps.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_kernels::heat_map_divergences;
///
/// let device = Device::flex();
/// let centre = || Tensor::<3>::from_data([[[1.0, 0.0]]], &device);
/// let of = |maps: Tensor<4>| heat_map_divergences(maps, centre(), 1.0).into_scalar::<f32>();
/// let gaussian = Tensor::from_data([[[[-0.5, 0.0, -0.5]]]], &device);
/// assert!(of(gaussian).abs() < 1e-6);
/// assert!(of(Tensor::zeros([1, 1, 1, 3], &device)) > 0.01);
/// ```
pub fn heat_map_divergences(maps: Tensor<4>, centres: Tensor<3>, spread: f64) -> Tensor<2> {
    let [batch, count, height, width] = maps.dims();
    assert_eq!(centres.dims(), [batch, count, 2], "a centre for every heat map");
    #[cfg(feature = "flex")]
    if crate::conv2d::is_ours(&maps) && crate::conv2d::is_ours(&centres) && has_cells(&maps) {
        use crate::extension::HeatMapBackend;
        use burn::backend::Dispatch;

        let (maps, centres) = (maps.into_dispatch(), centres.into_dispatch());
        return Tensor::from_dispatch(Dispatch::kernel_divergences(maps, centres, spread as f32));
    }
    let device = maps.device();
    let centres = centres.detach();
    // A Gaussian over a grid is one over its columns times one over its rows.
    let gaussian = |axis: usize, length: usize| {
        let grid = Tensor::<1, Int>::arange(0..length as i64, &device).float();
        let off = grid.reshape([1, 1, length]) - centres.clone().narrow(2, axis, 1);
        log_softmax(off.powi_scalar(2) / (-2.0 * spread * spread), 2)
    };
    let columns = gaussian(0, width).reshape([batch, count, 1, width]);
    let rows = gaussian(1, height).reshape([batch, count, height, 1]);
    let wanted = (rows + columns).reshape([batch, count, height * width]);
    let found = log_softmax(maps.reshape([batch, count, height * width]), 2);
    (wanted.clone().exp() * (wanted - found)).sum_dim(2).reshape([batch, count])
}

/// Whether there is something to read on the maps.
#[cfg(feature = "flex")]
fn has_cells(maps: &Tensor<4>) -> bool {
    maps.dims().iter().all(|&size| size > 0)
}
