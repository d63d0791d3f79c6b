use keypoints_image::image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage};

use super::*;

fn grey(width: u32, height: u32, value: impl Fn(u32, u32) -> u8) -> Picture {
    let image = GrayImage::from_fn(width, height, |x, y| Luma([value(x, y)]));
    Picture::from_image(DynamicImage::from(image)).unwrap()
}

#[test]
fn a_small_picture_is_padded_on_the_right_and_below() {
    let image = RgbImage::from_pixel(3, 2, Rgb([30, 20, 10]));
    let picture = Picture::from_image(DynamicImage::from(image)).unwrap();
    let input = Input::new(&picture, 640);
    assert_eq!((input.width, input.height, input.scale), (32, 32, [1.0; 2]));
    for (plane, value) in input.values.chunks_exact(32 * 32).zip([10.0, 20.0, 30.0]) {
        for (index, &found) in plane.iter().enumerate() {
            let inside = index % 32 < 3 && index / 32 < 2;
            assert_eq!(found, if inside { value } else { 0.0 });
        }
    }
}

#[test]
fn a_grey_picture_has_three_equal_channels() {
    let input = Input::new(&grey(32, 32, |x, y| (3 * x + y) as u8), 640);
    let planes: Vec<&[f32]> = input.values.chunks_exact(32 * 32).collect();
    assert_eq!((planes[0][33], planes[1], planes[2]), (4.0, planes[0], planes[0]));
}

#[test]
fn a_large_picture_is_shrunk_to_means() {
    // 64 to 48 pixels: a new one covers one old pixel and a third of the next.
    let input = Input::new(&grey(64, 40, |x, _| 3 * x as u8), 48);
    assert_eq!((input.width, input.height), (64, 32));
    assert_eq!(input.scale, [64.0 / 48.0, 40.0 / 30.0]);
    for (found, expected) in input.values.iter().zip([0.75, 4.5, 8.25, 12.75]) {
        assert!((found - expected).abs() < 1e-4, "{found} for {expected}");
    }
    // The mean of all is kept.
    let sum: f32 = input.values[..64 * 32].iter().sum();
    assert!((sum / (48.0 * 30.0) - 3.0 * 31.5).abs() < 0.01);
}

#[test]
fn a_narrow_picture_keeps_a_pixel() {
    let input = Input::new(&grey(1000, 1, |_, _| 7), 64);
    assert_eq!((input.width, input.height, input.scale[1]), (64, 32, 1.0));
    assert!(input.values[..64].iter().all(|value| (value - 7.0).abs() < 1e-4));
    assert_eq!(input.values[64], 0.0);
}
