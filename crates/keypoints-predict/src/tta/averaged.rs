//! The mean over pictures and their mirror images.

use burn::tensor::{Int, Tensor};
use keypoints_core::Coordinate;

use super::per_axis::per_axis;
use crate::error::PredictError;
use crate::outputs::Outputs;

/// The mean of a network's outputs for pictures and for their mirror images, the latter turned back. Each head is its own
/// mirror image.
///
/// Costs two forward passes, or one of twice the pictures where they are few. A network that was trained with flips is
/// usually a little better this way.
///
/// # Shapes
/// - `images`: `[pictures, channels, side, side]`
/// - output: `[pictures, outputs]`, in the network's units
///
/// # Errors
/// [`PredictError::NoMirror`] if the schema has no mirror pairs, or a point's mirror image is not among the coordinates.
pub(crate) fn average_flipped(
    network: impl Fn(Tensor<4>) -> Tensor<2>,
    images: Tensor<4>,
    outputs: &Outputs<'_>,
) -> Result<Tensor<2>, PredictError> {
    let columns: Vec<i32> =
        mirrored_columns(outputs)?.into_iter().map(|column| column as i32).collect();
    let (device, scale) = (images.device(), outputs.scale);
    let columns = Tensor::<1, Int>::from_data(columns.as_slice(), &device);
    // x pixels become side − 1 − x: in network units the sign turns and a constant is added.
    let last = (images.dims()[3] - 1) as f32;
    let constant = (last - 2.0 * scale.offset) / scale.scale;
    let [sign, constant] =
        [[-1.0, 1.0], [constant, 0.0]].map(|numbers| per_axis(numbers, outputs, &device));
    let [plain, mirrored] = both(network, images);
    let back = mirrored.select(1, columns) * sign + constant;
    Ok((plain + back) / 2.0)
}

/// Up to so many pictures go through the network together with their mirror images: the fixed cost of a pass is then paid
/// once.
const FEW: usize = 8;

/// The outputs for pictures and for their mirror images.
fn both(network: impl Fn(Tensor<4>) -> Tensor<2>, images: Tensor<4>) -> [Tensor<2>; 2] {
    let mirrored = images.clone().flip([3]);
    let [pictures, ..] = images.dims();
    if pictures > FEW {
        return [network(images), network(mirrored)];
    }
    let values = network(Tensor::cat(vec![images, mirrored], 0));
    [values.clone().narrow(0, 0, pictures), values.narrow(0, pictures, pictures)]
}

/// The output that each output becomes in a mirror image.
///
/// # Errors
/// [`PredictError::NoMirror`] if the schema has no mirror pairs, or a point's mirror image is not among the coordinates.
pub fn mirrored_columns(outputs: &Outputs<'_>) -> Result<Vec<usize>, PredictError> {
    let Outputs { schema, coordinates, .. } = *outputs;
    let column = |&one: &Coordinate| {
        let Some(partner) = schema.mirrored(one.keypoint) else {
            let problem = format!(
                "schema `{}` has no `mirror_pairs`; name them in the schema, or set `flip_average` to false \
                 and train without flips (`augment` no_flip)",
                schema.name()
            );
            return Err(PredictError::NoMirror { problem });
        };
        let mirrored = one.of(partner);
        coordinates.iter().position(|other| *other == mirrored).ok_or_else(|| {
            let [own, other] = [one, mirrored].map(|one| schema.coordinate_name(one));
            PredictError::NoMirror {
                problem: format!("the network predicts {own} but not its mirror image {other}"),
            }
        })
    };
    let head: Vec<usize> = coordinates.iter().map(column).collect::<Result<_, _>>()?;
    let width = head.len();
    let of_head = |number: usize| head.iter().map(move |column| number * width + column);
    Ok((0..outputs.heads()).flat_map(of_head).collect())
}

#[cfg(test)]
mod tests;
