use super::*;
use crate::heads::Heads;
use burn::tensor::Device;
use keypoints_core::kaggle15::NOSE_TIP;
use keypoints_core::{CoordinateScale, Schema};

#[test]
fn what_is_found_at_every_place_is_moved_back() {
    let nose = [NOSE_TIP.x(), NOSE_TIP.y()];
    let (schema, heads, scale) = (Schema::kaggle15(), Heads::Shared, CoordinateScale::PIXELS);
    let outputs = Outputs { schema: &schema, coordinates: &nose, heads, scale };
    // A white pixel at column 3 of row 5, and a network that finds it.
    let mut pixels = vec![0.0_f32; 64];
    pixels[5 * 8 + 3] = 1.0;
    let images = Tensor::<1>::from_data(pixels.as_slice(), &Device::flex()).reshape([1, 1, 8, 8]);
    let network = |images: Tensor<4>| {
        let at = images.reshape([1, 64]).argmax(1).float();
        let row = (at.clone() / 8.0).floor();
        Ok::<_, std::convert::Infallible>(Tensor::cat(vec![at - row.clone() * 8.0, row], 1))
    };
    for pixels in [0, 1, 2] {
        let mean = average_moved(network, images.clone(), &outputs, pixels).unwrap();
        assert_eq!(mean.into_data().try_to_vec::<f32>().unwrap(), [3.0, 5.0]);
    }
}
