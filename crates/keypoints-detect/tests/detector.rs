//! The network in the box on pictures that it has never seen.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use burn::tensor::Device;
use image::imageops::FilterType;
use image::{DynamicImage, GrayImage};
use keypoints_core::{Dataset, Labels};
use keypoints_data::synth::{SynthConfig, generate};
use keypoints_detect::{DetectError, Detector, FacePicture};

fn drawn_faces(count: usize) -> Dataset {
    generate(&SynthConfig { training: count, test: 1, ..Default::default() }).training
}

fn picture(pixels: &[u8]) -> DynamicImage {
    GrayImage::from_raw(96, 96, pixels.to_vec()).unwrap().into()
}

/// Mean distance over the points that both have, in pixels.
fn distance(found: &Labels, truth: &Labels) -> f32 {
    let distances: Vec<f32> = truth
        .points()
        .map(|(keypoint, point)| {
            let found = found.point(keypoint).unwrap();
            (found.x - point.x).hypot(found.y - point.y)
        })
        .collect();
    distances.iter().sum::<f32>() / distances.len() as f32
}

#[test]
fn finds_the_points_of_faces_that_somebody_drew() {
    // Learnt from photographs; the drawings only resemble them.
    let faces = drawn_faces(40);
    let detector = Detector::pretrained(&Device::flex()).unwrap();
    let found: Vec<Labels> =
        faces.pictures().iter().map(|pixels| detector.detect(&picture(pixels)).unwrap()).collect();
    let mut distances: Vec<f32> =
        found.iter().zip(faces.labels()).map(|(found, truth)| distance(found, truth)).collect();
    distances.sort_by(f32::total_cmp);
    println!("mean distance: median {:.2} px, worst {:.2} px", distances[20], distances[39]);
    assert!(distances[20] < 6.0, "{distances:?}");
    assert!(found.iter().all(|face| face.points().count() == 15));
}

#[test]
fn answers_in_the_pixels_of_the_picture() {
    let faces = drawn_faces(4);
    let detector = Detector::pretrained(&Device::flex()).unwrap();
    for pixels in faces.pictures().iter() {
        let small = picture(pixels);
        let large = small.resize_exact(288, 192, FilterType::Triangle);
        let (there, here) = (detector.detect(&small).unwrap(), detector.detect(&large).unwrap());
        for (keypoint, point) in there.points() {
            let found = here.point(keypoint).unwrap();
            let (x, y) = (3.0 * point.x + 1.0, 2.0 * point.y + 0.5);
            let off = (found.x - x).abs().max((found.y - y).abs());
            assert!(off < 3.0, "{keypoint:?}: {found:?} is not {x}, {y}");
        }
    }
}

#[test]
fn many_pictures_are_answered_as_one_by_one() {
    let faces = drawn_faces(3);
    let detector = Detector::pretrained(&Device::flex()).unwrap();
    let pictures: Vec<FacePicture> =
        faces.pictures().iter().map(|pixels| FacePicture::new(picture(pixels)).unwrap()).collect();
    let together = detector.detect_all(&pictures).unwrap();
    for (pixels, together) in faces.pictures().iter().zip(together) {
        let alone = detector.detect(&picture(pixels)).unwrap();
        assert!(distance(&alone, &together) < 1e-3);
    }
    assert!(detector.detect_all(&[]).unwrap().is_empty());
}

#[test]
fn a_mirror_image_has_its_points_in_the_mirror() {
    let detector = Detector::pretrained(&Device::flex()).unwrap();
    for face in drawn_faces(5).pictures().iter() {
        let found = detector.detect(&picture(face)).unwrap();
        let mirrored = detector.detect(&picture(face).fliph()).unwrap();
        for (keypoint, point) in found.points() {
            let other = mirrored.point(detector.schema().mirrored(keypoint).unwrap()).unwrap();
            let off = [95.0 - point.x - other.x, point.y - other.y];
            assert!(off.iter().all(|off| off.abs() < 0.05), "{keypoint:?}: {off:?}");
        }
    }
}

#[test]
fn a_picture_without_pixels_is_refused() {
    let error = FacePicture::new(GrayImage::new(0, 5).into()).unwrap_err();
    assert!(matches!(error, DetectError::EmptyPicture { width: 0, height: 5 }));
}
