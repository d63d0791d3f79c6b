//! Reading heat maps by operations that can be exported.

use burn::tensor::{Device, Tensor, TensorData};
use keypoints_models::compact::cells_to_normalised;

/// What square heat maps say: where their heat lies, as [`heat_map_places`](keypoints_models::compact::heat_map_places) reads it, and
/// how far it spreads, as [`heat_map_spread`](keypoints_models::compact::heat_map_spread) does.
///
/// The softmax is written out, and means are sums of products: burn-onnx 0.22 can write neither a softmax nor the matrix product of a single
/// map, in which Burn swaps dimensions.
///
/// # Shapes
/// - `maps`: `[batch, maps, cells, cells]`
/// - first output: `[batch, 2 · maps]`, in −1..1, x before y
/// - second output: `[batch, maps]`, in pixels of a picture of `side` pixels
pub(super) fn read_heat_maps(maps: Tensor<4>, side: usize) -> (Tensor<2>, Tensor<2>) {
    let ([batch, count, height, width], device) = (maps.dims(), maps.device());
    let maps = maps.reshape([batch, count, height * width]);
    // The shares are the same with or without the largest number, but it keeps the powers finite.
    let (largest, _) = maps.clone().max_dim_with_indices(2);
    let heat = (maps - largest).exp();
    let total = heat.clone().sum_dim(2);
    let mean =
        |numbers: Vec<f32>| (heat.clone() * row(numbers, &device)).sum_dim(2) / total.clone();
    // About the middle of the map, where sums lose least.
    let middle = [width, height].map(|cells| (cells as f32 - 1.0) / 2.0);
    let columns = (0..height * width).map(|cell| (cell % width) as f32 - middle[0]);
    let rows = (0..height * width).map(|cell| (cell / width) as f32 - middle[1]);
    let [columns, rows]: [Vec<f32>; 2] = [columns.collect(), rows.collect()];
    let squares = |numbers: &[f32]| numbers.iter().map(|one| one * one).collect();
    let means = [mean(columns.clone()), mean(rows.clone())];
    let [x, y] = [squares(&columns), squares(&rows)].map(mean);
    let [x, y] = [(x, &means[0]), (y, &means[1])].map(|(squares, mean)| {
        // Rounding may bring it below zero.
        burn::tensor::activation::relu(squares - mean.clone() * mean.clone())
    });
    let spread = (x + y).sqrt() * (side as f64 / width as f64);
    let [x, y] = means;
    let cells = Tensor::cat(vec![x + f64::from(middle[0]), y + f64::from(middle[1])], 2);
    let places = cells_to_normalised(cells, width, side);
    (places.reshape([batch, 2 * count]), spread.reshape([batch, count]))
}

/// A number per cell, `[1, 1, cells]`.
fn row(numbers: Vec<f32>, device: &Device) -> Tensor<3> {
    let shape = [1, 1, numbers.len()];
    Tensor::from_data(TensorData::new(numbers, shape), device)
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use burn::tensor::{Distribution, Tolerance};
    use keypoints_models::compact::{heat_map_places, heat_map_spread};

    #[test]
    fn reads_what_the_networks_own_operations_read() {
        let device = Device::flex();
        device.seed(5);
        for maps in [1, 4] {
            let shape = [3, maps, 12, 12];
            let maps = Tensor::<4>::random(shape, Distribution::Normal(0.0, 3.0), &device);
            let (places, spread) = read_heat_maps(maps.clone(), 48);
            let close = |one: Tensor<2>, other: Tensor<2>| {
                one.into_data()
                    .assert_approx_eq::<f32>(&other.into_data(), Tolerance::absolute(2e-5));
            };
            close(places, heat_map_places(maps.clone(), 48));
            close(spread, heat_map_spread(maps, 48));
        }
    }

    #[test]
    fn large_numbers_stay_finite() {
        let maps = Tensor::<4>::from_data([[[[0.0, 900.0], [0.0, 900.0]]]], &Device::flex());
        let (places, spread) = read_heat_maps(maps, 96);
        let places = (places * 48.0 + 48.0).into_data().try_to_vec::<f32>().unwrap();
        assert_eq!(places, [71.5, 47.5]);
        assert_eq!(spread.into_scalar::<f32>(), 24.0);
    }
}
