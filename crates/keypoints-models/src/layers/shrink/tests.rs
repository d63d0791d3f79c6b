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
