//! A network asked twice, the second time in a mirror.

use burn::tensor::{Int, Tensor, TensorData};
use keypoints_data::{Axis, Coordinate, CoordinateScale};

use super::LAST;
use super::columns::mirror_column;
use super::resample::tensor;
use crate::error::TrainError;

/// The mean of a network's answers for faces and for their mirror images, the latter turned back.
///
/// Costs two forward passes. A network that was trained on flipped faces is usually a little better this way.
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
/// use keypoints_train::augment::average_flipped;
///
/// let eyes = [Keypoint::LeftEyeCenter.x(), Keypoint::RightEyeCenter.x()];
/// let images = Tensor::<4>::zeros([1, 1, 96, 96], &Device::flex());
/// // Says 66 and 31 whatever it sees: in the mirror image the left eye would be at 95 − 31.
/// let network = |images: Tensor<4>| Tensor::<2>::from_data([[66.0, 31.0]], &images.device());
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
    let columns: Result<Vec<usize>, TrainError> =
        coordinates.iter().map(|&one| mirror_column(coordinates, one, 1.0)).collect();
    let columns: Vec<i32> = columns?.into_iter().map(|column| column as i32).collect();
    let width = coordinates.len();
    let device = images.device();
    let columns = Tensor::<1, Int>::from_data(TensorData::new(columns, [width]), &device);
    // x pixels become 95 − x: in network units the sign turns and a constant is added.
    let per_axis = |x: f32, y: f32| {
        let of = |one: &Coordinate| if one.axis == Axis::X { x } else { y };
        tensor(coordinates.iter().map(of).collect(), [1, width], &device)
    };
    let constant = (LAST as f32 - 2.0 * scale.offset) / scale.scale;
    let mirrored = network(images.clone().flip([3])).select(1, columns);
    let back = mirrored * per_axis(-1.0, 1.0) + per_axis(constant, 0.0);
    Ok((network(images) + back) / 2.0)
}
