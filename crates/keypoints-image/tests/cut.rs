//! Turned crops of pictures.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, TAU};

use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage};
use keypoints_core::{Crop, PictureShape};
use keypoints_image::Picture;

/// Waves of several lengths, in colour.
fn photo(width: u32, height: u32) -> Picture {
    let wave = |x: f32, y: f32| {
        (127.5 + 60.0 * (x / 7.0).sin() + 60.0 * (y / 11.0 + x / 40.0).cos()) as u8
    };
    let image = RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (x as f32, y as f32);
        Rgb([wave(x, y), wave(y, x), wave(x + 9.0, y - 30.0)])
    });
    Picture::from_image(image.into()).unwrap()
}

fn grey(picture: &Picture) -> Picture {
    Picture::from_image(picture.as_image().to_luma8().into()).unwrap()
}

fn furthest(one: &[u8], other: &[u8]) -> u8 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(one, other)| one.abs_diff(*other)).max().unwrap_or(0)
}

#[test]
fn a_quarter_turn_moves_pixels() {
    let photo = photo(120, 90);
    let turned = Picture::from_image(photo.as_image().rotate90()).unwrap();
    for shape in [PictureShape::grey(24), PictureShape::colour(31)] {
        for (centre, side) in [([60.0, 45.0], 24.0), ([50.3, 40.8], 50.0), ([10.0, 80.0], 70.0)] {
            let upright = Crop::upright(centre, side);
            let cut = photo.cut(&upright, shape);
            // The photo turned clockwise: what was at (x, y) is at (height − 1 − y, x).
            for close in [0.0, 1e-12, -1e-12] {
                let crop =
                    Crop { centre: [89.0 - centre[1], centre[0]], side, roll: FRAC_PI_2 + close };
                assert!(furthest(&turned.cut(&crop, shape), &cut) <= 1);
            }
            // Not close enough to be taken for a quarter.
            let crop = Crop { centre: [89.0 - centre[1], centre[0]], side, roll: FRAC_PI_2 + 1e-6 };
            assert!(furthest(&turned.cut(&crop, shape), &cut) <= 2, "{centre:?} {side}");
            for turns in [-8.0, -4.0, 4.0] {
                let crop = Crop { roll: turns * FRAC_PI_2, ..upright };
                assert_eq!(photo.cut(&crop, shape), cut);
            }
        }
    }
}

#[test]
fn a_small_roll_changes_little() {
    let photo = photo(700, 500);
    for side in [20.0, 64.0, 64.5, 100.0, 140.0, 160.0, 200.0, 250.0, 300.0, 450.0] {
        let upright = Crop::upright([350.2, 250.7], side);
        let shape = PictureShape::grey(64);
        let cut = photo.cut(&upright, shape);
        for roll in [1e-7, -1e-7, 1e-4] {
            let off = furthest(&photo.cut(&Crop { roll, ..upright }, shape), &cut);
            assert!(off <= 5, "side {side}, roll {roll}: {off}");
        }
    }
}

#[test]
fn the_crop_of_a_turned_photo_is_the_crop() {
    // A photo and the same drawn turned, both smooth functions of the place.
    let value = |x: f64, y: f64| 127.5 + 80.0 * (x / 23.0).sin() * (y / 17.0).cos();
    let draw = |roll: f64| {
        let image = GrayImage::from_fn(300, 300, |x, y| {
            let (x, y) = (f64::from(x) - 149.5, f64::from(y) - 149.5);
            let (sin, cos) = roll.sin_cos();
            // Where the pixel was before the photo was turned clockwise.
            Luma([value(x * cos + y * sin, y * cos - x * sin).round() as u8])
        });
        Picture::from_image(image.into()).unwrap()
    };
    let upright = draw(0.0);
    for side in [60.0, 96.0, 180.0] {
        let cut = upright.cut(&Crop::upright([149.5, 149.5], side), PictureShape::grey(96));
        for roll in [0.3, FRAC_PI_4, 1.2, 2.5, -0.7, -3.0, TAU + 0.1] {
            let crop = Crop { centre: [149.5, 149.5], side, roll };
            let off = furthest(&draw(roll).cut(&crop, PictureShape::grey(96)), &cut);
            assert!(off <= 2, "side {side}, roll {roll}: {off}");
        }
    }
}

#[test]
fn colours_and_grey() {
    let photo = photo(200, 160);
    let crop = Crop { centre: [90.0, 85.0], side: 70.0, roll: 0.4 };
    let colour = photo.cut(&crop, PictureShape::colour(40));
    let from_grey = grey(&photo).cut(&crop, PictureShape::colour(40));
    let luma = photo.cut(&crop, PictureShape::grey(40));
    for channel in 0..3 {
        assert_eq!(from_grey[channel * 1600..][..1600], from_grey[..1600]);
    }
    assert!(furthest(&from_grey[..1600], &luma) <= 1);
    for (index, &luma) in luma.iter().enumerate() {
        let [red, green, blue] = [0, 1, 2].map(|channel| f32::from(colour[channel * 1600 + index]));
        let mean = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        assert!((mean - f32::from(luma)).abs() <= 1.1, "{index}");
    }
}

#[test]
fn edges_go_on() {
    let image = GrayImage::from_fn(50, 40, |x, _| Luma([if x < 25 { 10 } else { 200 }]));
    let picture = Picture::from_image(image.into()).unwrap();
    for side in [30.0, 90.0, 500.0, 1e4, 1e7] {
        // Far to the left and far to the right of the picture, both with corners and sides outside.
        for (x, expected) in [(-side, 10), (49.0 + side, 200)] {
            let crop = Crop { centre: [x, 20.0], side, roll: 0.5 };
            let cut = picture.cut(&crop, PictureShape::grey(32));
            assert!(cut.iter().all(|&value| value == expected), "side {side}, {expected}");
        }
        let crop = Crop { centre: [24.5, 20.0], side, roll: 0.2 };
        let cut = picture.cut(&crop, PictureShape::grey(32));
        // Left and right of the turned edge.
        assert_eq!((cut[16 * 32], cut[16 * 32 + 31]), (10, 200), "{side}");
    }
}

#[test]
fn small_pictures_and_odd_crops_do_no_harm() {
    for (width, height) in [(1, 1), (1, 7), (300, 1), (40, 40)] {
        let image = DynamicImage::from(RgbImage::from_pixel(width, height, Rgb([90; 3])));
        let picture = Picture::from_image(image).unwrap();
        let numbers = [0.0, -3.0, 0.7, 17.3, 1e9, -1e300, f64::NAN, f64::INFINITY];
        for side in numbers {
            for roll in numbers {
                for x in numbers {
                    let crop = Crop { centre: [x, 5.0], side, roll };
                    assert_eq!(picture.cut(&crop, PictureShape::grey(8)).len(), 64);
                    assert_eq!(picture.cut(&crop, PictureShape::colour(8)).len(), 192);
                    if [x, side, roll].iter().all(|one| one.abs() < 20.0) && side > 0.0 {
                        let cut = picture.cut(&crop, PictureShape::grey(8));
                        assert!(cut.iter().all(|&value| value.abs_diff(90) <= 1), "{crop:?}");
                    }
                }
            }
        }
    }
}
