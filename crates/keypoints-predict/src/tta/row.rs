//! Numbers of the host as a row on the device.

use burn::tensor::{Device, Tensor, TensorData};

/// A row of numbers as a tensor, `[1, numbers]`.
pub(super) fn row(numbers: Vec<f32>, device: &Device) -> Tensor<2> {
    let shape = [1, numbers.len()];
    Tensor::from_data(TensorData::new(numbers, shape), device)
}
