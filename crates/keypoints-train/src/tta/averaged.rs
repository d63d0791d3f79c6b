//! A network asked twice, the second time in a mirror.

use burn::tensor::{Int, Tensor, TensorData};
use keypoints_data::{Axis, Coordinate, CoordinateScale, IMAGE_SIDE};

use super::row;
use crate::error::TrainError;
use crate::outputs::Outputs;
use crate::strategy::Heads;

/// The mean of a network's answers for faces and for their mirror images, the latter turned back.
///
/// Costs two forward passes, or one of twice the faces where they are few. A network that was trained on flipped faces is usually a little better this way.
///
/// # Shapes
/// - `images`: `[faces, 1, 96, 96]`
/// - output: `[faces, coordinates]`, in the network's units
///
/// # Errors
/// [`TrainError::InvalidConfig`] if a point's mirror image is not among the coordinates.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_data::{CoordinateScale, Keypoint};
/// use keypoints_train::tta::average_flipped;
///
/// let eyes = [Keypoint::LeftEyeCenter.x(), Keypoint::RightEyeCenter.x()];
/// let images = Tensor::<4>::zeros([1, 1, 96, 96], &Device::flex());
/// // Says 66 and 31 whatever it sees: in the mirror image the left eye would be at 95 − 31.
/// let network = |images: Tensor<4>| Tensor::<2>::from_data([[66.0, 31.0]; 2], &images.device());
/// let answer = average_flipped(network, images, &eyes, CoordinateScale::PIXELS)?;
/// assert_eq!(answer.into_data().try_to_vec::<f32>()?, [65.0, 30.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn average_flipped(
    network: impl Fn(Tensor<4>) -> Tensor<2>,
    images: Tensor<4>,
    coordinates: &[Coordinate],
    scale: CoordinateScale,
) -> Result<Tensor<2>, TrainError> {
    let outputs = Outputs { coordinates, heads: Heads::Shared, scale };
    average_flipped_outputs(network, images, &outputs)
}

/// Like [`average_flipped`], for a network with any number of heads: each is its own mirror image.
pub(crate) fn average_flipped_outputs(
    network: impl Fn(Tensor<4>) -> Tensor<2>,
    images: Tensor<4>,
    outputs: &Outputs<'_>,
) -> Result<Tensor<2>, TrainError> {
    let columns: Vec<i32> =
        mirrored_columns(outputs)?.into_iter().map(|column| column as i32).collect();
    let (width, scale) = (outputs.len(), outputs.scale);
    let device = images.device();
    let columns = Tensor::<1, Int>::from_data(TensorData::new(columns, [width]), &device);
    // x pixels become 95 − x: in network units the sign turns and a constant is added.
    let per_axis = |x: f32, y: f32| {
        let of = |one: &Coordinate| if one.axis == Axis::X { x } else { y };
        let head: Vec<f32> = outputs.coordinates.iter().map(of).collect();
        row(head.repeat(outputs.heads.count()), &device)
    };
    let last = (IMAGE_SIDE - 1) as f32;
    let constant = (last - 2.0 * scale.offset) / scale.scale;
    let [plain, mirrored] = both(network, images);
    let mirrored = mirrored.select(1, columns);
    let back = mirrored * per_axis(-1.0, 1.0) + per_axis(constant, 0.0);
    Ok((plain + back) / 2.0)
}

/// Up to so many faces go through the network together with their mirror images: what a pass costs whatever its
/// size is then paid once.
const FEW: usize = 8;

/// The answers for faces and for their mirror images.
fn both(network: impl Fn(Tensor<4>) -> Tensor<2>, images: Tensor<4>) -> [Tensor<2>; 2] {
    let mirrored = images.clone().flip([3]);
    let [faces, ..] = images.dims();
    if faces > FEW {
        return [network(images), network(mirrored)];
    }
    let answers = network(Tensor::cat(vec![images, mirrored], 0));
    [answers.clone().narrow(0, 0, faces), answers.narrow(0, faces, faces)]
}

/// The output that each output is taken for in a mirror.
///
/// # Errors
/// [`TrainError::InvalidConfig`] if a point's mirror image is not among the coordinates.
pub(crate) fn mirrored_columns(outputs: &Outputs<'_>) -> Result<Vec<usize>, TrainError> {
    let coordinates = outputs.coordinates;
    let column = |&one: &Coordinate| {
        let mirrored = one.mirrored();
        coordinates.iter().position(|other| *other == mirrored).ok_or_else(|| {
            TrainError::InvalidConfig {
                field: "flip_average",
                expected: "false where a network answers for a point but not for its mirror image",
                found: format!("true with {one} but without {mirrored}"),
            }
        })
    };
    let head: Vec<usize> = coordinates.iter().map(column).collect::<Result<_, _>>()?;
    let width = head.len();
    let of_head = |number: usize| head.iter().map(move |column| number * width + column);
    Ok((0..outputs.heads.count()).flat_map(of_head).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;
    use keypoints_data::Keypoint::{LeftEyeCenter, NoseTip, RightEyeCenter};

    #[test]
    fn each_head_is_turned_back_into_itself() {
        let coordinates = [LeftEyeCenter.x(), NoseTip.y(), RightEyeCenter.x()];
        let scale = CoordinateScale::PIXELS;
        let outputs = Outputs { coordinates: &coordinates, heads: Heads::PerRegime, scale };
        assert_eq!(mirrored_columns(&outputs).unwrap(), [2, 1, 0, 5, 4, 3]);
        let images = Tensor::<4>::zeros([1, 1, 96, 96], &Device::flex());
        let says = [66.0, 50.0, 31.0, 60.0, 52.0, 33.0];
        let network = |images: Tensor<4>| Tensor::<2>::from_data([says; 2], &images.device());
        let answer = average_flipped_outputs(network, images, &outputs).unwrap();
        let answer = answer.into_data().try_to_vec::<f32>().unwrap();
        assert_eq!(answer, [65.0, 50.0, 30.0, 61.0, 52.0, 34.0]);
    }

    #[test]
    fn a_point_without_its_mirror_image_is_refused() {
        let coordinates = [LeftEyeCenter.x(), NoseTip.x()];
        let scale = CoordinateScale::PIXELS;
        let outputs = Outputs { coordinates: &coordinates, heads: Heads::Shared, scale };
        let error = mirrored_columns(&outputs).unwrap_err().to_string();
        assert!(error.contains("`flip_average` must be false"), "{error}");
        assert!(error.contains("without right_eye_center_x"), "{error}");
    }
}
