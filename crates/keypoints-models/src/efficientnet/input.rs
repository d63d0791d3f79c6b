//! From a picture to what a network trained on ImageNet expects.

use burn::tensor::{Device, Tensor, TensorData};

use crate::layers::resize;

/// Mean and standard deviation of the red, green and blue of ImageNet's pictures in `0..=1`, as torchvision's weights want them.
const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const STD: [f32; 3] = [0.229, 0.224, 0.225];

/// Brings pictures to the size, the three channels and the range that networks trained on ImageNet expect: resized
/// bilinearly (see [`resize`]), a grey value in every channel, each channel less ImageNet's mean and over its
/// standard deviation.
///
/// # Shapes
/// - `images`: `[batch, 1 or 3, any, any]`, square, grey or red, green and blue in `0..=1`
/// - output: `[batch, 3, side, side]`, values in about −2.1..2.7
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_models::efficientnet::imagenet_input;
///
/// let black = Tensor::zeros([1, 1, 96, 96], &Device::flex());
/// let input = imagenet_input(black, 224);
/// assert_eq!(input.dims(), [1, 3, 224, 224]);
/// assert!((input.into_data().try_to_vec::<f32>()?[0] + 0.485 / 0.229).abs() < 1e-6);
/// # Ok::<(), burn::tensor::DataError>(())
/// ```
pub fn imagenet_input(images: Tensor<4>, side: usize) -> Tensor<4> {
    let device = images.device();
    let scale = channels(std::array::from_fn(|c| 1.0 / STD[c]), &device);
    let shift = channels(std::array::from_fn(|c| -MEAN[c] / STD[c]), &device);
    resize(images, side) * scale + shift
}

fn channels(values: [f32; 3], device: &Device) -> Tensor<4> {
    Tensor::from_data(TensorData::new(values.to_vec(), [1, 3, 1, 1]), device)
}
