//! Whole photos: faces that are drawn turned, small, large and mirrored.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use keypoints_core::{Crop, Keypoint, Labels, PictureShape, Point, Region};
use keypoints_data::synth::{SyntheticFace, face_of_source};
use keypoints_core::kaggle15;
use keypoints_detect::image::{DynamicImage, GrayImage, Luma};
use keypoints_detect::{
    DetectError, Detector, Device, Face, FaceFinder, FinderError, FoundFace, Picture,
};

const SHAPE: PictureShape = kaggle15::SHAPE;

fn faces(count: u64) -> impl Iterator<Item = SyntheticFace> {
    (0..count).map(|index| face_of_source(42, index, kaggle15::FULL))
}

/// A photo with 96×96 pixels drawn into a square of it. Around the square its edge fades to grey.
fn photo(size: [u32; 2], pixels: &[u8], crop: &Crop) -> Picture {
    let value = |x: f64, y: f64| {
        let [x, y] = [x, y].map(|place| place.clamp(0.0, 95.0));
        let (left, top) = ((x as usize).min(94), (y as usize).min(94));
        let (x, y) = (x - left as f64, y - top as f64);
        let at = |right, down| f64::from(pixels[(top + down) * 96 + left + right]);
        let upper = at(0, 0) * (1.0 - x) + at(1, 0) * x;
        let lower = at(0, 1) * (1.0 - x) + at(1, 1) * x;
        upper * (1.0 - y) + lower * y
    };
    let image = GrayImage::from_fn(size[0], size[1], |x, y| {
        let place = crop.to_crop(SHAPE, Point { x: x as f32, y: y as f32 });
        let [x, y] = [f64::from(place.x), f64::from(place.y)];
        let beyond = |place: f64| (-place).max(place - 95.0).max(0.0);
        let share = (-beyond(x).hypot(beyond(y)) / 12.0).exp();
        Luma([(value(x, y) * share + 120.0 * (1.0 - share)).round() as u8])
    });
    Picture::from_image(image.into()).unwrap()
}

/// Distances between the points of two faces, in pixels of a crop with this side brought to 96 pixels.
fn distances(found: &Labels, expected: &Labels, side: f64) -> Vec<f64> {
    let distance = |(keypoint, point): (Keypoint, Point)| {
        found.point(keypoint).unwrap().distance(point) / side * 96.0
    };
    let distances: Vec<f64> = expected.points().map(distance).collect();
    assert_eq!(distances.len(), 15);
    distances
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// A user's box: a bit too large and beside the face.
fn rough(crop: &Crop) -> Region {
    let [x, y] = crop.centre;
    let side = crop.side;
    Crop::upright([x + 0.06 * side, y - 0.05 * side], 1.12 * side).region()
}

fn find_in(detector: &Detector, photo: &Picture, region: Region) -> Face {
    detector.find_in(photo, &[region]).unwrap().pop().unwrap()
}

fn moved(labels: &Labels, map: impl Fn(Point) -> Point) -> Labels {
    let mut moved = Labels::default();
    for (keypoint, point) in labels.points() {
        moved.set_point(keypoint, map(point));
    }
    moved
}

#[test]
#[ignore = "a measurement"]
fn measure() {
    let detector = Detector::pretrained(&Device::flex()).unwrap();
    for face in faces(12) {
        let crop = Crop::upright([150.3, 120.6], 130.0);
        let truth = crop.labels_to_photo(SHAPE, &face.labels());
        let upright = photo([300, 240], &face.pixels, &crop);
        let ideal = detector.follow(&upright, &[crop]).unwrap().pop().unwrap();
        let found = find_in(&detector, &upright, rough(&crop));
        print!("follow {:.2}", mean(&distances(&ideal.points, &truth, crop.side)));
        print!(" find_in {:.2}", mean(&distances(&found.points, &truth, crop.side)));
        for roll in [0.0, 0.1, 0.35, -0.35, 0.5, 0.8] {
            for scale in [1.0, 2.0] {
                let to = Crop { centre: [300.0, 280.0], side: crop.side * scale, roll };
                let turned = photo([600, 560], &face.pixels, &to);
                let expected = to.labels_to_photo(SHAPE, &crop.labels_to_crop(SHAPE, &found.points));
                let there = find_in(&detector, &turned, rough(&to));
                let all = distances(&there.points, &expected, to.side);
                print!(" | {roll} {scale}: {:.2} {:.2}", mean(&all), all.iter().copied().fold(0.0, f64::max));
            }
        }
        println!();
    }
}
