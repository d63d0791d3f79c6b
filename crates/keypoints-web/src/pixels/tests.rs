use super::*;

#[test]
fn opaque_pixels_are_the_same_either_way() {
    let data: Vec<u8> =
        (0..4 * 6 * 5).map(|at| if at % 4 == 3 { 255 } else { (at * 37 % 256) as u8 }).collect();
    let quick = picture_of_rgba(6, 5, data.clone()).unwrap();
    let image = RgbaImage::from_raw(6, 5, data).unwrap();
    assert_eq!(quick, Picture::from_image(image.into()).unwrap());
}

#[test]
fn transparent_pixels_lie_on_white() {
    let picture = picture_of_rgba(2, 1, vec![0, 100, 200, 128, 1, 2, 3, 255]).unwrap();
    assert_eq!(picture.as_bytes(), [127, 177, 227, 1, 2, 3]);
}

#[test]
fn sizes_must_fit() {
    let error = picture_of_rgba(2, 2, vec![0; 12]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the picture says 2×2 pixels, which are 16 bytes of red, green, blue and opacity, but its data has 12"
    );
    let most = picture_of_rgba(u32::MAX, u32::MAX, Vec::new()).unwrap_err();
    assert!(matches!(most, WebError::PixelCount { .. }), "{most}");
    let none = picture_of_rgba(0, 3, Vec::new()).unwrap_err();
    assert!(matches!(none, WebError::Picture(_)), "{none}");
}
