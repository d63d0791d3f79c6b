use super::*;

#[test]
fn coordinates_come_back_within_a_rounding_error() {
    for scale in [CoordinateScale::centred(96), CoordinateScale::PIXELS] {
        for tenth in 0..=960 {
            let pixels = tenth as f32 / 10.0;
            let back = scale.denormalize(scale.normalize(pixels));
            // Half a unit in the last place of 96, twice.
            assert!((back - pixels).abs() <= 8e-6, "{pixels} came back as {back}");
        }
    }
}

#[test]
fn every_pixel_value_comes_back() {
    let all: Vec<u8> = (0..=255).collect();
    let back: Vec<u8> =
        normalize_pixels(&all).iter().map(|value| (value * 255.0).round() as u8).collect();
    assert_eq!(back, all);
}
