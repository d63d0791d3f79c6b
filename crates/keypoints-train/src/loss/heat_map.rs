//! The divergence of heat maps from Gaussian targets around the labels.

use burn::tensor::Tensor;
use keypoints_kernels::heat_map_divergences;
use keypoints_models::compact::normalised_to_cells;

/// Standard deviation of the narrowest target, in cells: the mean of its samples is within .02 cells of its middle
/// (of one half as wide, within .27).
const NARROWEST: f64 = 0.5;

/// Mean Kullback-Leibler divergence of heat maps from Gaussians that stand on the labels, over the points that are
/// labelled; 0 where none is.
///
/// Each map is turned into shares that add up to 1; what they should be is a normal distribution around the label,
/// cut at the edge of the map. A loss on coordinates asks only that the mean of the shares is right; this one asks
/// for the whole map, one peak of a known width.
///
/// # Shapes
/// - `maps`: `[batch, maps, cells, cells]`, any finite numbers
/// - `places`: `[batch, 2 · maps]`, x before y, −1..1 about the middle of the picture; finite everywhere
/// - `mask`: `[batch, 2 · maps]`, 1 where there is a label, 0 where there is none, or a weight between the two. A
///   point of which one coordinate is missing does not count.
///
/// `spread` is the standard deviation of the targets in pixels of the picture, which is `picture_side` pixels wide; at least
/// half a cell, because the mean of a narrower Gaussian on a grid is pulled towards the nearest cell.
///
/// Sources: Tompson et al., "Joint Training of a Convolutional Network and a Graphical Model" (2014), for the targets;
/// Nibali et al., "Numerical Coordinate Regression with Convolutional Neural Networks" (2018), for the divergence.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_train::heat_map_kl;
///
/// let device = Device::flex();
/// let place = || Tensor::<2>::from_data([[-0.25, 0.5]], &device);
/// let loss = |maps: Tensor<4>| {
///     heat_map_kl(maps, place(), Tensor::ones([1, 2], &device), 4.0, 96).into_scalar::<f32>()
/// };
/// let flat = loss(Tensor::zeros([1, 1, 24, 24], &device));
///
/// // Cell i has its centre at the pixel 4 i + 1.5; the target stands on the pixels 36 and 72 and is a cell wide.
/// let target = |index: usize| {
///     let (x, y) = ((index % 24) as f32, (index / 24) as f32);
///     -0.5 * ((x - 34.5 / 4.0).powi(2) + (y - 70.5 / 4.0).powi(2))
/// };
/// let target: Vec<f32> = (0..576).map(target).collect();
/// let target = Tensor::<1>::from_data(target.as_slice(), &device).reshape([1, 1, 24, 24]);
/// assert!(flat > 3.0 && loss(target).abs() < 1e-4);
/// ```
pub fn heat_map_kl(
    maps: Tensor<4>,
    places: Tensor<2>,
    mask: Tensor<2>,
    spread: f64,
    picture_side: usize,
) -> Tensor<1> {
    let [batch, count, _, width] = maps.dims();
    let cells = normalised_to_cells(places.reshape([batch, count, 2]), width, picture_side);
    let spread = f64::max(spread * width as f64 / picture_side as f64, NARROWEST);
    let divergence = heat_map_divergences(maps, cells, spread).reshape([batch, count, 1]);
    let mask = mask.reshape([batch, count, 2]);
    let marked = mask.clone().narrow(2, 0, 1).min_pair(mask.narrow(2, 1, 1));
    let points = marked.clone().sum().clamp_min(1.0);
    (divergence * marked).sum() / points
}
