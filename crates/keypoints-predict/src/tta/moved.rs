//! The mean over pictures moved to several places.

use burn::tensor::{Int, Tensor};

use super::per_axis::per_axis;
use crate::outputs::Outputs;

/// The largest distance between the places, in pixels.
pub const LARGEST_SHIFT: usize = 8;

/// The places: as the picture is, and moved along either diagonal both ways; columns, then rows.
pub(crate) const PLACES: [[i32; 2]; 5] = [[0, 0], [1, 1], [1, -1], [-1, 1], [-1, -1]];

/// The mean of a network's outputs for pictures as they are and moved by so many pixels along either diagonal, both ways; the
/// outputs are moved back. Edge pixels are repeated beyond the edge.
///
/// Costs five forward passes. A network that reads heat maps sees a point once in the middle of a cell and once at its edge:
/// two pixels are half a cell of four.
///
/// # Shapes
/// - `images`: `[pictures, channels, side, side]`
/// - output: `[pictures, outputs]`, in the network's units
///
/// # Errors
/// Those of `network`.
pub(crate) fn average_moved<E>(
    network: impl Fn(Tensor<4>) -> Result<Tensor<2>, E>,
    images: Tensor<4>,
    outputs: &Outputs<'_>,
    pixels: usize,
) -> Result<Tensor<2>, E> {
    if pixels == 0 {
        return network(images);
    }
    let mut sum = Tensor::zeros([images.dims()[0], outputs.len()], &images.device());
    for place in PLACES.map(|place| place.map(|one| one * pixels as i32)) {
        let values = network(moved(images.clone(), place))?;
        let distance = place.map(|pixels| pixels as f32 / outputs.scale.scale);
        let back = per_axis(distance, outputs, &values.device());
        sum = sum + (values - back);
    }
    Ok(sum / PLACES.len() as f64)
}

/// Pictures moved to the right and down.
pub(crate) fn moved(images: Tensor<4>, [right, down]: [i32; 2]) -> Tensor<4> {
    if [right, down] == [0, 0] {
        return images;
    }
    let [_, _, height, width] = images.dims();
    let device = images.device();
    let from = |size: usize, by: i32| {
        let places = (0..size as i32).map(|to| (to - by).clamp(0, size as i32 - 1));
        Tensor::<1, Int>::from_data(places.collect::<Vec<i32>>().as_slice(), &device)
    };
    images.select(2, from(height, down)).select(3, from(width, right))
}

#[cfg(test)]
mod tests;
