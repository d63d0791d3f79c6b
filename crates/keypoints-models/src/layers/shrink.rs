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
mod tests {
    use super::*;
    use burn::tensor::{Device, TensorData};

    #[test]
    fn each_pixel_is_the_mean_of_its_block() {
        let pixels: Vec<f32> = (0..16).map(|v| v as f32).collect();
        let data = TensorData::new(pixels, [1, 1, 4, 4]);
        let images = Tensor::<4>::from_data(data, &Device::flex());
        let small = shrink(images.clone(), 2).into_data().try_to_vec::<f32>().unwrap();
        assert_eq!(small, [2.5, 4.5, 10.5, 12.5]);
        let same = shrink(images.clone(), 4);
        assert_eq!(same.into_data(), images.into_data());
    }
}
