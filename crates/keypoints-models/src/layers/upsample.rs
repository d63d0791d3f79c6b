//! Small maps brought to the size of large ones.

use burn::tensor::Tensor;
use burn::tensor::module::interpolate;
use burn::tensor::ops::{InterpolateMode, InterpolateOptions};

/// Repeats every cell `factor` times in both directions.
///
/// # Shapes
/// - input: `[batch, channels, height, width]`
/// - output: `[batch, channels, factor·height, factor·width]`
pub(crate) fn upsample(maps: Tensor<4>, factor: usize) -> Tensor<4> {
    let [_, _, height, width] = maps.dims();
    let options = InterpolateOptions::new(InterpolateMode::Nearest)
        .with_align_corners(false)
        .with_output_size([factor * height, factor * width]);
    interpolate(maps, options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, TensorData};

    #[test]
    fn every_cell_becomes_a_square_and_gathers_its_gradients() {
        let data = TensorData::new(vec![1.0_f32, 2.0, 3.0, 4.0], [1, 1, 2, 2]);
        let maps = Tensor::<4>::from_data(data, &Device::flex().autodiff()).require_grad();
        let large = upsample(maps.clone(), 2);
        let values = large.clone().inner().into_data().try_to_vec::<f32>().unwrap();
        let expected = [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4].map(|v| v as f32);
        assert_eq!(values, expected);
        let slope = maps.grad(&large.powi_scalar(2).sum().backward()).unwrap();
        // Four squares of the same value: the slope is 4 · 2 · value.
        assert_eq!(slope.into_data().try_to_vec::<f32>().unwrap(), [8.0, 16.0, 24.0, 32.0]);
    }
}
