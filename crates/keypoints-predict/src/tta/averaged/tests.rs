use super::*;
use crate::heads::Heads;
use burn::tensor::Device;
use keypoints_core::kaggle15::{LEFT_EYE_CENTER, NOSE_TIP, RIGHT_EYE_CENTER};
use keypoints_core::{CoordinateScale, Schema};

fn outputs<'a>(schema: &'a Schema, coordinates: &'a [Coordinate], heads: Heads) -> Outputs<'a> {
    Outputs { schema, coordinates, heads, scale: CoordinateScale::PIXELS }
}

#[test]
fn each_head_is_turned_back_into_itself() {
    let coordinates = [LEFT_EYE_CENTER.x(), NOSE_TIP.y(), RIGHT_EYE_CENTER.x()];
    let schema = Schema::kaggle15();
    let outputs = outputs(&schema, &coordinates, Heads::PerSource);
    assert_eq!(mirrored_columns(&outputs).unwrap(), [2, 1, 0, 5, 4, 3]);
    let values = [66.0, 50.0, 31.0, 60.0, 52.0, 33.0];
    let network = |images: Tensor<4>| Tensor::<2>::from_data([values; 2], &images.device());
    let mean = |side: usize| {
        let images = Tensor::<4>::zeros([1, 1, side, side], &Device::flex());
        let mean = average_flipped(network, images, &outputs).unwrap();
        mean.into_data().try_to_vec::<f32>().unwrap()
    };
    assert_eq!(mean(96), [65.0, 50.0, 30.0, 61.0, 52.0, 34.0]);
    assert_eq!(mean(128), [81.0, 50.0, 46.0, 77.0, 52.0, 50.0]);
}

#[test]
fn a_point_without_its_mirror_image_is_refused() {
    let coordinates = [LEFT_EYE_CENTER.x(), NOSE_TIP.x()];
    let schema = Schema::kaggle15();
    let error = mirrored_columns(&outputs(&schema, &coordinates, Heads::Shared)).unwrap_err();
    let error = error.to_string();
    assert!(error.contains("left_eye_center_x but not its mirror image right_eye"), "{error}");
    let ears = Schema::new("ears", ["left", "right"]).unwrap();
    let all: Vec<Coordinate> = ears.coordinates().collect();
    let error = mirrored_columns(&outputs(&ears, &all, Heads::Shared)).unwrap_err().to_string();
    assert!(error.contains("schema `ears` has no `mirror_pairs`"), "{error}");
}
