//! A number for each axis as a row of all outputs.

use burn::tensor::{Device, Tensor, TensorData};
use keypoints_core::{Axis, Coordinate};

use crate::outputs::Outputs;

/// The number of its axis for each output, `[1, outputs]`.
pub(super) fn per_axis([x, y]: [f32; 2], outputs: &Outputs<'_>, device: &Device) -> Tensor<2> {
    let of = |one: &Coordinate| if one.axis == Axis::X { x } else { y };
    let head: Vec<f32> = outputs.coordinates.iter().map(of).collect();
    Tensor::from_data(TensorData::new(head.repeat(outputs.heads()), [1, outputs.len()]), device)
}
