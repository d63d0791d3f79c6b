//! Faces on a photo: drawn where they are, and nothing else is changed.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod common;

use common::{Album, labels, places};
use image::{Rgb, RgbImage};
use keypoints_core::{Region, kaggle15};
use keypoints_plot::{Colour, FaceMarks, photo_overlay};

const GREY: Rgb<u8> = Rgb([100; 3]);

/// The drawn photo, from a PNG.
fn drawn(size: [u32; 2], faces: &[FaceMarks]) -> RgbImage {
    let album = Album::new();
    let path = album.path("drawn.png");
    photo_overlay(&path, RgbImage::from_pixel(size[0], size[1], GREY), faces).unwrap();
    image::open(path).unwrap().to_rgb8()
}

fn face(region: Region, x: f32, y: f32, caption: &str) -> FaceMarks {
    let points = labels(&[(kaggle15::NOSE_TIP, x, y)]);
    FaceMarks { region, points, caption: caption.into() }
}

#[test]
fn box_and_point_are_where_they_are() {
    // Over several bands of rows.
    let one = face(Region::of_pixels(40.0, 100.0, 200.0, 200.0), 140.0, 255.0, "");
    let image = drawn([300, 400], &[one]);
    let found = places(&image, Colour::PREDICTION);
    let dot: Vec<_> =
        found.iter().filter(|(x, y)| (60..220).contains(x) && (120..280).contains(y)).collect();
    let mean = |of: fn(&(u32, u32)) -> u32| {
        dot.iter().map(|place| f64::from(of(place))).sum::<f64>() / dot.len() as f64
    };
    assert!(
        (mean(|place| place.0) - 140.0).abs() < 0.3 && (mean(|place| place.1) - 255.0).abs() < 0.3
    );
    let [left, right] =
        [found.iter().map(|place| place.0).min(), found.iter().map(|place| place.0).max()];
    let [top, bottom] =
        [found.iter().map(|place| place.1).min(), found.iter().map(|place| place.1).max()];
    // Lines of less than two pixels on the edges at 40 and 240, 100 and 300.
    for (found, edge) in [(left, 40.0), (right, 240.0), (top, 100.0), (bottom, 300.0)] {
        let found = f64::from(found.unwrap()) + 0.5;
        assert!((found - edge).abs() < 1.5, "{found} is not {edge}");
    }
    for (x, y, pixel) in image.enumerate_pixels() {
        let away = !(36..244).contains(&x) || !(96..304).contains(&y);
        assert!(!away || *pixel == GREY, "{x}, {y}");
    }
}

#[test]
fn captions_and_faces_at_the_edge_fit_on_the_photo() {
    let region = Region::of_pixels(-50.0, -20.0, 160.0, 160.0);
    let image = drawn([200, 200], &[face(region, 1e9, f32::NAN, "0.98")]);
    // The plate is in the box, with white letters on it.
    let plate = places(&image, Colour::PREDICTION);
    assert!(plate.iter().filter(|(x, y)| *x < 40 && *y < 30).count() > 200);
    assert!(image.enumerate_pixels().any(|(x, y, pixel)| x < 60 && y < 30 && pixel.0 == [255; 3]));
    let above = face(Region::of_pixels(50.0, 80.0, 100.0, 100.0), 100.0, 120.0, "0.98");
    let image = drawn([200, 200], &[above]);
    assert!(places(&image, Colour::PREDICTION).iter().any(|(_, y)| (64..76).contains(y)));
}

#[test]
fn odd_photos_and_faces_are_drawn() {
    let everywhere = Region { left: -1e12, top: -1e12, right: 1e12, bottom: 1e12 };
    let nowhere = Region { left: f64::NAN, top: 0.0, right: f64::INFINITY, bottom: 0.0 };
    for region in [everywhere, nowhere, Region::of_pixels(0.0, 0.0, 0.0, 0.0)] {
        for size in [[1, 1], [3, 500], [500, 3]] {
            let image = drawn(size, &[face(region, 0.0, 0.0, "1.00")]);
            assert_eq!([image.width(), image.height()], size);
        }
    }
}

#[test]
fn the_name_tells_the_kind_of_file() {
    let album = Album::new();
    for (name, start) in
        [("a.jpg", b"\xff\xd8\xff"), ("b.JPEG", b"\xff\xd8\xff"), ("c.png", b"\x89PN")]
    {
        let path = album.path(name);
        photo_overlay(&path, RgbImage::from_pixel(40, 30, GREY), &[]).unwrap();
        assert!(std::fs::read(path).unwrap().starts_with(start));
    }
}
