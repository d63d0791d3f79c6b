//! From heat maps to places.

use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor, TensorData};
use keypoints_kernels::heat_map_means;

/// Where the heat lies: its mean place and its spread, both differentiable.
///
/// Each map is turned into shares that add up to 1 (softmax over its cells); the place is the mean of the cells'
/// numbers under these shares, which lies between cells as easily as on one, and the variance is their spread about
/// it. A map with two peaks has its place between them and a variance that says so.
///
/// # Shapes
/// - `heat`: `[batch, maps, height, width]`, any finite numbers; 1 more is e times the share
/// - first output: `[batch, maps, 2]`, the column and the row, in cells: 0 is the centre of the first cell,
///   `width − 1` that of the last. [`cells_to_normalised`] makes places on the picture of them.
/// - second output: `[batch, maps, 2]`, the variance of the columns and of the rows, in cells²
///
/// Source: Nibali et al., "Numerical Coordinate Regression with Convolutional Neural Networks" (2018), section 3.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_models::compact::soft_argmax;
///
/// // Two cells of the second row share all the heat.
/// let heat = Tensor::<4>::from_data([[[[0.0, 0.0, 0.0], [0.0, 900.0, 900.0]]]], &Device::flex());
/// let (place, variance) = soft_argmax(heat);
/// assert_eq!(place.into_data().try_to_vec::<f32>()?, [1.5, 1.0]);
/// assert_eq!(variance.into_data().try_to_vec::<f32>()?, [0.25, 0.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn soft_argmax(heat: Tensor<4>) -> (Tensor<3>, Tensor<3>) {
    let (shares, grid, shape) = shares_and_grid(heat);
    let [batch, maps, height, width] = shape;
    let centred = shares.clone().matmul(grid.clone());
    let squares = shares.matmul(grid.powi_scalar(2));
    let variance = (squares - centred.clone().powi_scalar(2)).clamp_min(0.0);
    let place = centred + middle([height, width], &variance.device());
    (place.reshape([batch, maps, 2]), variance.reshape([batch, maps, 2]))
}

/// The first output of [`soft_argmax`] alone.
pub(super) fn expected_cell(heat: Tensor<4>) -> Tensor<3> {
    heat_map_means(heat)
}

/// Brings columns and rows of a square grid that covers a picture to −1..1 about the picture's middle.
///
/// Cell `i` of `cells` covers the pixels `s·i` to `s·i + s − 1`, where `s = picture_side / cells`; its centre is the
/// pixel `p = s·i + (s − 1) / 2`, and the answer `(p − picture_side / 2) / (picture_side / 2)`.
///
/// # Shapes
/// - both: any `[batch, maps, 2]`, as [`soft_argmax`] returns
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_models::compact::cells_to_normalised;
///
/// // 24 cells on 96 pixels: cell 0 covers the pixels 0 to 3, its centre is 1.5; cell 12 covers 48 to 51.
/// let cells = Tensor::<3>::from_data([[[0.0, 12.0]]], &Device::flex());
/// let places = cells_to_normalised(cells, 24, 96) * 48.0 + 48.0;
/// assert_eq!(places.into_data().try_to_vec::<f32>()?, [1.5, 49.5]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn cells_to_normalised(places: Tensor<3>, cells: usize, picture_side: usize) -> Tensor<3> {
    // (s·i + (s − 1) / 2) / (side / 2) − 1, with s = side / cells.
    let (cells, side) = (cells as f64, picture_side as f64);
    places * (2.0 / cells) + (1.0 / cells - 1.0 / side - 1.0)
}

/// The reverse of [`cells_to_normalised`].
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_models::compact::{cells_to_normalised, normalised_to_cells};
///
/// let cells = Tensor::<3>::from_data([[[0.0, 12.0]]], &Device::flex());
/// let back = normalised_to_cells(cells_to_normalised(cells.clone(), 24, 96), 24, 96);
/// assert!((back - cells).abs().max().into_scalar::<f32>() < 1e-5);
/// ```
pub fn normalised_to_cells(places: Tensor<3>, cells: usize, picture_side: usize) -> Tensor<3> {
    let (cells, side) = (cells as f64, picture_side as f64);
    (places - (1.0 / cells - 1.0 / side - 1.0)) * (cells / 2.0)
}

/// What square heat maps say of a picture of `picture_side` pixels, in −1..1: the place of each map's heat.
///
/// # Shapes
/// - `heat`: `[batch, maps, cells, cells]`, not yet normalised
/// - output: `[batch, 2 · maps]`, x before y
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_models::compact::heat_map_places;
///
/// let heat = Tensor::<4>::from_data([[[[0.0, 0.0], [0.0, 900.0]]]], &Device::flex());
/// let places = heat_map_places(heat, 96) * 48.0 + 48.0;
/// assert_eq!(places.into_data().try_to_vec::<f32>()?, [71.5, 71.5]); // the centre of the pixels 48 to 95
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn heat_map_places(heat: Tensor<4>, picture_side: usize) -> Tensor<2> {
    let [batch, maps, _, cells] = heat.dims();
    cells_to_normalised(expected_cell(heat), cells, picture_side).reshape([batch, 2 * maps])
}

/// How unsure heat maps are: the standard deviation of the heat about its place, over both directions together, in
/// pixels of a picture of `picture_side` pixels.
///
/// A map that was only taught where its mean has to lie may be as wide as it likes; one that was taught its shape is
/// wide where the network hesitates.
///
/// # Shapes
/// - `heat`: `[batch, maps, cells, cells]`, not yet normalised
/// - output: `[batch, maps]`, 0 where all heat is in one cell
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_models::compact::heat_map_spread;
///
/// // Half of the heat in each of two cells side by side, 48 pixels apart.
/// let heat = Tensor::<4>::from_data([[[[0.0, 0.0], [900.0, 900.0]]]], &Device::flex());
/// assert_eq!(heat_map_spread(heat, 96).into_scalar::<f32>(), 24.0);
/// ```
pub fn heat_map_spread(heat: Tensor<4>, picture_side: usize) -> Tensor<2> {
    let [batch, maps, _, cells] = heat.dims();
    let (_, variance) = soft_argmax(heat);
    let pixels = picture_side as f64 / cells as f64;
    (variance.sum_dim(2).sqrt() * pixels).reshape([batch, maps])
}

/// The shares `[batch · maps, cells]`, the cells' columns and rows about the grid's middle `[cells, 2]`, and the
/// shape of the maps.
///
/// About the middle, because their squares are then small and f32 loses less of the variance.
fn shares_and_grid(heat: Tensor<4>) -> (Tensor<2>, Tensor<2>, [usize; 4]) {
    let shape @ [batch, maps, height, width] = heat.dims();
    let middle = middle_of([height, width]);
    let cell =
        |index: usize| [(index % width) as f32 - middle[0], (index / width) as f32 - middle[1]];
    let grid: Vec<f32> = (0..height * width).flat_map(cell).collect();
    let grid = TensorData::new(grid, [height * width, 2]);
    let grid = Tensor::from_data(grid, &heat.device());
    (softmax(heat.reshape([batch * maps, height * width]), 1), grid, shape)
}

/// Column and row of the grid's middle.
fn middle_of([height, width]: [usize; 2]) -> [f32; 2] {
    [width, height].map(|cells| (cells as f32 - 1.0) / 2.0)
}

fn middle(shape: [usize; 2], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(middle_of(shape).to_vec(), [1, 2]), device)
}

#[cfg(test)]
mod tests;
