//! The network in the box on pictures that it has never seen.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use burn::tensor::Device;
use keypoints_core::{Dataset, Labels, Source};
use keypoints_data::synth::{SynthConfig, generate};
use keypoints_detect::image::imageops::FilterType;
use keypoints_detect::image::metadata::Orientation;
use keypoints_detect::image::{DynamicImage, GrayImage, ImageFormat, Pixel, Rgba, RgbaImage};
use keypoints_detect::{Detector, Picture};
use keypoints_predict::{KeypointPredictor, TestTimeAugmentation};

fn drawn_faces(count: usize) -> Dataset {
    generate(&SynthConfig { training: count, test: 1, ..Default::default() }).training
}

fn picture(pixels: &[u8]) -> Picture {
    upright(GrayImage::from_raw(96, 96, pixels.to_vec()).unwrap().into())
}

fn upright(image: DynamicImage) -> Picture {
    Picture::from_image(image).unwrap()
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
        let large = upright(small.as_image().resize_exact(288, 192, FilterType::Triangle));
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
    let pictures: Vec<Picture> = faces.pictures().iter().map(picture).collect();
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
        let mirrored = detector.detect(&upright(picture(face).as_image().fliph())).unwrap();
        for (keypoint, point) in found.points() {
            let other = mirrored.point(detector.schema().mirrored(keypoint).unwrap()).unwrap();
            let off = [95.0 - point.x - other.x, point.y - other.y];
            assert!(off.iter().all(|off| off.abs() < 0.05), "{keypoint:?}: {off:?}");
        }
    }
}

/// A PNG file whose EXIF data note an orientation.
fn png(image: &DynamicImage, orientation: u8) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    image.write_to(&mut file, ImageFormat::Png).unwrap();
    let file = file.into_inner();
    let exif =
        [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", &[orientation; 1][..], &[0; 7]].concat();
    let mut chunk = (exif.len() as u32).to_be_bytes().to_vec();
    chunk.extend(b"eXIf");
    chunk.extend(&exif);
    let sum = chunk[4..].iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 }
        })
    });
    chunk.extend((!sum).to_be_bytes());
    [&file[..33], &chunk, &file[33..]].concat()
}

#[test]
fn a_photo_is_turned_upright_before_it_is_looked_at() {
    let detector = Detector::pretrained(&Device::flex()).unwrap();
    for face in drawn_faces(2).pictures().iter() {
        let upright = picture(face);
        let found = detector.detect(&upright).unwrap();
        for number in 1..=8 {
            let note = Orientation::from_exif(number).unwrap();
            // As the sensor saw it: turned so that the note turns it back.
            let mut seen = upright.as_image().clone();
            seen.apply_orientation(match note {
                Orientation::Rotate90 => Orientation::Rotate270,
                Orientation::Rotate270 => Orientation::Rotate90,
                own => own,
            });
            let opened = Picture::from_bytes(&png(&seen, number)).unwrap();
            assert_eq!(opened, upright, "{number}");
            assert_eq!(detector.detect(&opened).unwrap(), found, "{number}");
        }
    }
}

#[test]
fn the_pixels_of_a_crop_are_taken_as_they_are() {
    let faces = drawn_faces(3);
    let detector = Detector::pretrained(&Device::flex()).unwrap();
    let shape = faces.pictures().shape();
    for pixels in faces.pictures().iter() {
        assert_eq!(picture(pixels).resize(shape).pixels(), pixels);
        // Noise that nobody sees does not count.
        let cut_out = |hidden: u8| {
            let grey = picture(pixels).into_image().into_luma8();
            let image = RgbaImage::from_fn(96, 96, |x, y| match x.abs_diff(48) < 40 {
                true => grey.get_pixel(x, y).to_rgba(),
                false => Rgba([hidden, x as u8, y as u8, 0]),
            });
            detector.detect(&upright(image.into())).unwrap()
        };
        assert_eq!(cut_out(255), cut_out(77));
    }
}

#[test]
fn points_and_their_uncertainty_are_the_same_together() {
    let faces = drawn_faces(10);
    let predictor = Detector::pretrained(&Device::flex()).unwrap().into_predictor();
    for count in TestTimeAugmentation::COUNTS {
        let tta = TestTimeAugmentation::of_count(count).unwrap();
        let predictor = predictor.clone().with_tta(tta);
        // Few pictures go through the network together with their mirror images, many do not.
        for rows in [vec![3], (0..10).collect()] {
            let pictures = faces.pictures().select(&rows);
            let sources: Vec<Source> =
                (0..rows.len()).map(|row| Source::new(row as u8 % 2)).collect();
            let (labels, uncertainty) =
                predictor.predict_with_uncertainty(&pictures, &sources, &mut |_| ()).unwrap();
            assert_eq!(labels, predictor.predict_as(&pictures, &sources, &mut |_| ()).unwrap());
            let alone = predictor.uncertainty(&pictures, &sources, &mut |_| ()).unwrap().unwrap();
            for (one, other) in uncertainty.unwrap().iter().zip(alone) {
                let off = one.iter().map(|(keypoint, spread)| (spread - other[keypoint]).abs());
                assert!(off.fold(0.0, f32::max) < 1e-3, "{count} looks");
            }
        }
    }
}
