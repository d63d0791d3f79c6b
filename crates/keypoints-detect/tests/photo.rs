//! Whole photos: faces that are drawn turned, small, large and mirrored.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

#[path = "drawn/interpolated.rs"]
mod interpolated;

use std::f64::consts::{FRAC_PI_2, PI};
use std::path::PathBuf;

use keypoints_core::{PictureShape, kaggle15};
use keypoints_data::kaggle::DataDir;
use keypoints_data::synth::face_of_source;
use keypoints_detect::image::{DynamicImage, GrayImage, Luma};
use keypoints_detect::{
    Crop, DetectError, Detector, Device, Face, FaceFinder, FinderError, FoundFace, Keypoint,
    Labels, Picture, Point, Region,
};
use keypoints_predict::{Model, Predictor};

use interpolated::interpolated;

const SHAPE: PictureShape = kaggle15::SHAPE;

/// Pixels of faces: drawn ones and, where they are at hand, some of the competition's.
fn faces() -> Vec<Vec<u8>> {
    let drawn = (0..8).map(|index| face_of_source(42, index, kaggle15::FULL).pixels);
    let mut faces: Vec<Vec<u8>> = drawn.collect();
    match std::env::var_os("KEYPOINTS_KAGGLE_DIR").map(PathBuf::from) {
        Some(folder) => {
            let real = DataDir::new(&folder).training().unwrap();
            faces.extend((0..12).map(|index| real.pictures().get(index * 150).to_vec()));
        }
        None => println!("without real faces: KEYPOINTS_KAGGLE_DIR is not set"),
    }
    faces
}

/// A photo with 96×96 pixels drawn into a square of it. Around the square its edge fades to grey.
fn photo(size: [u32; 2], pixels: &[u8], crop: &Crop) -> Picture {
    let image = GrayImage::from_fn(size[0], size[1], |x, y| {
        let place = crop.to_crop(SHAPE, Point { x: x as f32, y: y as f32 });
        let [x, y] = [f64::from(place.x), f64::from(place.y)];
        let beyond = |place: f64| (-place).max(place - 95.0).max(0.0);
        let share = (-beyond(x).hypot(beyond(y)) / 12.0).exp();
        Luma([(interpolated(pixels, x, y) * share + 120.0 * (1.0 - share)).round() as u8])
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

fn detector() -> Detector {
    Detector::pretrained(&Device::flex()).unwrap()
}

/// Asserts that points lie where they are expected, in pixels of a crop with this side brought to 96 pixels.
fn assert_close(found: &Labels, expected: &Labels, side: f64, what: &str) {
    let all = distances(found, expected, side);
    let worst = all.iter().copied().fold(0.0, f64::max);
    println!("{what}: mean {:.3}, worst {worst:.3}", mean(&all));
    assert!(mean(&all) < 0.3 && worst < 0.8, "{what}: {all:.2?}");
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

/// A finder that knows the faces.
#[derive(Debug)]
struct Known(Vec<FoundFace>);

impl FaceFinder for Known {
    fn find(&self, _: &Picture) -> Result<Vec<FoundFace>, FinderError> {
        Ok(self.0.clone())
    }
}

fn found(crops: &[Crop]) -> Box<Known> {
    let face = |(index, &crop)| FoundFace { crop, score: 0.9 - 0.1 * index as f32 };
    Box::new(Known(crops.iter().enumerate().map(face).collect()))
}

/// Where the face lies on most photos here.
const FACE: Crop = Crop::upright([150.3, 120.6], 130.0);

#[test]
fn points_follow_a_face_that_is_turned_moved_and_scaled() {
    let detector = detector();
    for (index, pixels) in faces().iter().enumerate() {
        let upright = find_in(&detector, &photo([300, 240], pixels, &FACE), rough(&FACE));
        for (roll, scale) in
            [(0.0, 2.0), (0.1, 1.0), (0.35, 1.0), (-0.35, 2.0), (0.5, 0.8), (-0.5, 1.5)]
        {
            let to = Crop { centre: [290.0, 305.5], side: FACE.side * scale, roll };
            let turned = photo([600, 600], pixels, &to);
            // The box is upright whatever the face does.
            let there = find_in(&detector, &turned, rough(&to));
            let map = |point| to.to_photo(SHAPE, FACE.to_crop(SHAPE, point));
            let what = format!("face {index}, roll {roll}, scale {scale}");
            assert_close(&there.points, &moved(&upright.points, map), to.side, &what);
            let turned = there.crop.roll - upright.crop.roll - roll;
            assert!(turned.abs() < 0.03, "{what}: {turned}");
            assert!((there.crop.side / upright.crop.side / scale - 1.0).abs() < 0.03, "{what}");
        }
    }
}

#[test]
fn points_follow_quarter_turns_and_mirrors_of_the_pixels() {
    let detector = detector();
    let schema = detector.schema().clone();
    for (index, pixels) in faces().iter().enumerate() {
        let upright = photo([300, 240], pixels, &FACE);
        let face = find_in(&detector, &upright, rough(&FACE));
        let [x, y] = FACE.centre;
        let last = [299.0, 239.0];
        let quarters: [(DynamicImage, [f64; 2], f64); 3] = [
            (upright.as_image().rotate90(), [last[1] - y, x], FRAC_PI_2),
            (upright.as_image().rotate180(), [last[0] - x, last[1] - y], PI),
            (upright.as_image().rotate270(), [y, last[0] - x], -FRAC_PI_2),
        ];
        for (turns, (image, centre, roll)) in (1..).zip(quarters) {
            let turned = Picture::from_image(image).unwrap();
            // A finder says how a face is turned, more or less.
            let crop = Crop { centre, side: 1.15 * FACE.side, roll: roll + 0.25 };
            let finding =
                Detector::pretrained(&Device::flex()).unwrap().with_finder(found(&[crop]));
            let there = finding.find(&turned).unwrap().pop().unwrap();
            let (width, height) = (last[0] as f32, last[1] as f32);
            let map = |Point { x, y }| match turns {
                1 => Point { x: height - y, y: x },
                2 => Point { x: width - x, y: height - y },
                _ => Point { x: y, y: width - x },
            };
            let what = format!("face {index}, {turns} quarters");
            assert_close(&there.points, &moved(&face.points, map), FACE.side, &what);
        }

        let mirrored = Picture::from_image(upright.as_image().fliph()).unwrap();
        let to = Crop::upright([last[0] - x, y], FACE.side);
        let there = find_in(&detector, &mirrored, rough(&to));
        let mut expected = Labels::default();
        for (keypoint, point) in face.points.points() {
            let point = Point { x: 299.0 - point.x, ..point };
            expected.set_point(schema.mirrored(keypoint).unwrap(), point);
        }
        assert_close(&there.points, &expected, FACE.side, &format!("face {index}, mirrored"));
    }
}

#[test]
fn a_model_with_a_margin_is_aligned_by_its_points() {
    let device = Device::flex();
    let trained = detector().into_predictor();
    let Model { network, record, epoch } = trained.models()[0].clone();
    // About what lies around the points on the competition's pictures.
    let record = keypoints_predict::ModelRecord { crop: None, margin: Some(0.25), ..record };
    let unknown = keypoints_predict::ModelRecord { margin: None, ..record.clone() };
    let [margin, unknown] = [record, unknown].map(|record| {
        let model = Model { network: network.clone(), record, epoch };
        Detector::of_predictor(Predictor::of_model(model, None, &device))
    });
    for (index, pixels) in faces().iter().enumerate() {
        // A rough box around the points: they take up two thirds of the drawn face.
        let around = |crop: &Crop| rough(&Crop { side: crop.side / 1.5, ..*crop });
        let upright = find_in(&margin, &photo([300, 240], pixels, &FACE), around(&FACE));
        let to = Crop { centre: [290.0, 305.5], side: 1.7 * FACE.side, roll: 0.0 };
        let larger = find_in(&margin, &photo([600, 600], pixels, &to), around(&to));
        let map = |point| to.to_photo(SHAPE, FACE.to_crop(SHAPE, point));
        assert_close(
            &larger.points,
            &moved(&upright.points, map),
            to.side,
            &format!("face {index}"),
        );
        // The crop is the box around the points with the margin, and the region is that box.
        let around = Region::of_points(&larger.points).unwrap();
        let overlap = larger.region.overlap(around.crop(0.0).unwrap().region());
        assert!(overlap > 0.9, "{overlap}");
        assert_eq!(larger.crop.roll, 0.0);
        // Nothing is known of the crops: the box stays as it is.
        let region = rough(&FACE);
        let face = find_in(&unknown, &photo([300, 240], pixels, &FACE), region);
        assert_eq!(face.crop, region.crop(0.0).unwrap());
        assert_eq!(unknown.crop_of(&face), None);
    }
}

/// A photo with three faces, and where they are.
fn group() -> (Picture, [Crop; 3]) {
    let crops = [
        Crop { centre: [100.0, 110.0], side: 120.0, roll: 0.2 },
        Crop { centre: [320.0, 130.0], side: 90.0, roll: -0.3 },
        Crop { centre: [480.0, 100.0], side: 150.0, roll: 0.0 },
    ];
    let mut image = GrayImage::from_pixel(600, 240, Luma([120]));
    for (index, crop) in crops.iter().enumerate() {
        let pixels = face_of_source(7, index as u64, kaggle15::FULL).pixels;
        let one = photo([600, 240], &pixels, crop).into_image().into_luma8();
        for (to, from) in image.pixels_mut().zip(one.pixels()) {
            to.0[0] = (i16::from(to.0[0]) + i16::from(from.0[0]) - 120).clamp(0, 255) as u8;
        }
    }
    (Picture::from_image(image.into()).unwrap(), crops)
}

#[test]
fn many_faces_are_found_as_one_by_one() {
    let detector = detector();
    let (photo, crops) = group();
    let regions = crops.map(|crop| rough(&crop));
    let together = detector.find_in(&photo, &regions).unwrap();
    assert_eq!(together.len(), 3);
    for (region, together) in regions.into_iter().zip(&together) {
        let alone = find_in(&detector, &photo, region);
        assert!(distances(&alone.points, &together.points, 96.0).iter().all(|&off| off < 0.02));
        assert_eq!(together.score, 1.0);
        // The face's own box leads to the same face.
        let again = find_in(&detector, &photo, together.region);
        assert_close(&again.points, &together.points, together.crop.side, "again");
    }
}

#[test]
fn found_faces_that_are_the_same_become_one() {
    let (photo, crops) = group();
    let [first, second, third] = crops;
    let twice = Crop { centre: [106.0, 104.0], side: 140.0, roll: 0.0 };
    // Out of order, as no finder should give them.
    let faces = [(twice, 0.5), (second, 0.4), (first, 0.9), (third, 0.7)];
    let faces = faces.map(|(crop, score)| FoundFace { crop, score });
    let detector = detector().with_finder(Box::new(Known(faces.to_vec())));
    assert!(detector.finder().is_some());
    let found = detector.find(&photo).unwrap();
    let scores: Vec<f32> = found.iter().map(|face| face.score).collect();
    assert_eq!(scores, [0.9, 0.7, 0.4]);
    for (face, crop) in found.iter().zip([first, third, second]) {
        assert!(face.region.overlap(crop.region()) > 0.7, "{face:?}");
    }
    // Boxes that a caller brings stay one face each.
    let found = detector.find_in(&photo, &[twice.region(), first.region()]).unwrap();
    assert!(found.len() == 2 && found[0].is_same(&found[1]));
}

#[test]
fn a_face_is_followed_from_frame_to_frame() {
    let detector = detector();
    let pixels = face_of_source(42, 3, kaggle15::FULL).pixels;
    let frame = |step: f64| Crop {
        centre: [150.0 + 4.0 * step, 120.0 + 2.0 * step],
        side: 120.0 + 2.0 * step,
        roll: 0.06 * step,
    };
    let start = photo([400, 300], &pixels, &frame(0.0));
    let first = find_in(&detector, &start, rough(&frame(0.0)));
    let mut face = first.clone();
    for step in 1..=20 {
        let next = photo([400, 300], &pixels, &frame(f64::from(step)));
        let crop = detector.crop_of(&face).unwrap();
        face = detector.follow(&next, &[crop]).unwrap().pop().unwrap();
        assert_eq!(face.crop, crop);
    }
    let (from, to) = (frame(0.0), frame(20.0));
    let map = |point| to.to_photo(SHAPE, from.to_crop(SHAPE, point));
    let off = mean(&distances(&face.points, &moved(&first.points, map), to.side));
    // One look at the last frame's place.
    assert!(off < 1.0, "{off}");
    let last = photo([400, 300], &pixels, &to);
    assert!(detector.follow(&last, &[]).unwrap().is_empty());
}

#[test]
fn uncertainty_is_in_pixels_of_the_photo() {
    let detector = detector();
    let pixels = face_of_source(42, 1, kaggle15::FULL).pixels;
    let spreads = [1.0, 2.0].map(|scale| {
        let crop = Crop::upright([200.0, 200.0], 100.0 * scale);
        let photo = photo([400, 400], &pixels, &crop);
        let face = detector.follow(&photo, &[crop]).unwrap().pop().unwrap();
        let all: Vec<f32> = face.uncertainty.unwrap().into_values().collect();
        assert_eq!(all.len(), 15);
        all
    });
    for (one, two) in spreads[0].iter().zip(&spreads[1]) {
        assert!((two / one - 2.0).abs() < 0.2, "{one} {two}");
        // The calibration begins at .6 pixels of 96.
        assert!((0.6..10.0).contains(one), "{one}");
    }
}

/// Sees candidates at known places, and takes those for faces whose points are certain.
#[derive(Debug)]
struct Doubtful(Vec<Crop>);

impl FaceFinder for Doubtful {
    fn find(&self, _: &Picture) -> Result<Vec<FoundFace>, FinderError> {
        Ok(vec![FoundFace { crop: self.0[1], score: 0.6 }])
    }

    fn candidates(&self, _: &Picture) -> Result<Vec<FoundFace>, FinderError> {
        Ok(self.0.iter().map(|&crop| FoundFace { crop, score: 0.1 }).collect())
    }

    fn judge(&self, candidate: &FoundFace, uncertainty: f64) -> Option<f32> {
        assert_eq!(candidate.score, 0.1);
        (uncertainty < 0.05).then_some(1.0 - uncertainty as f32)
    }
}

#[test]
fn the_finder_judges_when_the_points_are_known() {
    let device = Device::flex();
    let pixels = face_of_source(42, 1, kaggle15::FULL).pixels;
    let face = Crop::upright([150.0, 120.0], 100.0);
    let nothing = Crop::upright([320.0, 220.0], 100.0);
    let photo = photo([400, 300], &pixels, &face);
    let finder = || Box::new(Doubtful(vec![nothing, face]));
    let found = detector().with_finder(finder()).find(&photo).unwrap();
    assert_eq!(found.len(), 1);
    assert!(found[0].score > 0.95 && found[0].crop.centre[0] < 250.0, "{found:?}");

    // Without a calibration the finder's own score stands.
    let plain = Detector::pretrained_predictor(&device).unwrap().with_calibration(None);
    let found = Detector::of_predictor(plain).with_finder(finder()).find(&photo).unwrap();
    assert_eq!((found.len(), found[0].score), (1, 0.6));
}

#[test]
fn boxes_that_hold_no_face_are_refused() {
    let detector = detector();
    let photo = Picture::from_image(DynamicImage::new_luma8(100, 80)).unwrap();
    let fine = Region::of_pixels(10.0, 10.0, 50.0, 50.0);
    let refused = [
        Region { left: f64::NAN, ..fine },
        Region { bottom: f64::INFINITY, ..fine },
        Region { right: fine.left, ..fine },
        Region { left: fine.right, right: fine.left, ..fine },
        Region::of_pixels(200.0, 10.0, 50.0, 50.0),
        Region::of_pixels(-60.0, 10.0, 50.0, 50.0),
        Region::of_pixels(10.0, -50.0, 50.0, 50.0),
    ];
    for region in refused {
        let error = detector.find_in(&photo, &[fine, region]).unwrap_err();
        assert!(matches!(error, DetectError::BadRegion { index: 1, .. }), "{error:?}");
        let text = error.to_string();
        assert!(text.starts_with("box 1 (left ") && text.contains("100×80"), "{text}");
    }
    // Partly on the photo, or around it.
    let accepted = [
        Region::of_pixels(-49.0, 10.0, 50.0, 50.0),
        Region::of_pixels(-1e6, -1e6, 3e6, 3e6),
        Region::of_pixels(50.0, 40.0, 1e-6, 1e-6),
    ];
    assert_eq!(detector.find_in(&photo, &accepted).unwrap().len(), 3);
    assert!(detector.find_in(&photo, &[]).unwrap().is_empty());

    let crop = Crop::upright([50.0, 40.0], 30.0);
    for odd in [
        Crop { side: 0.0, ..crop },
        Crop { side: f64::NAN, ..crop },
        Crop { roll: f64::INFINITY, ..crop },
        Crop { centre: [500.0, 40.0], ..crop },
    ] {
        let error = detector.follow(&photo, &[crop, odd]).unwrap_err();
        assert!(matches!(error, DetectError::BadCrop { index: 1, .. }), "{error:?}");
    }
}

#[test]
fn without_faces_there_are_no_points() {
    let photo = Picture::from_image(DynamicImage::new_rgb8(100, 80)).unwrap();
    assert!(detector().find(&photo).unwrap().is_empty());
    let error = Detector::of_predictor(detector().into_predictor()).find(&photo).unwrap_err();
    assert!(matches!(error, DetectError::NoFinder), "{error:?}");
    assert!(detector().with_finder(found(&[])).find(&photo).unwrap().is_empty());
    // What a finder finds beside the photo is no face.
    let crop = Crop::upright([50.0, 40.0], 30.0);
    let odd = [Crop { side: f64::NAN, ..crop }, Crop { centre: [-500.0, 40.0], ..crop }];
    assert!(detector().with_finder(found(&odd)).find(&photo).unwrap().is_empty());

    #[derive(Debug)]
    struct Broken;
    impl FaceFinder for Broken {
        fn find(&self, _: &Picture) -> Result<Vec<FoundFace>, FinderError> {
            Err(FinderError::Failed("the device is gone".into()))
        }
    }
    let error = detector().with_finder(Box::new(Broken)).find(&photo).unwrap_err();
    assert!(matches!(error, DetectError::Finder(_)));
    assert_eq!(error.to_string(), "the device is gone");
}

#[test]
fn colour_photos_and_grey_ones_have_the_same_points() {
    let detector = detector();
    let pixels = face_of_source(42, 5, kaggle15::FULL).pixels;
    let crop = Crop { roll: 0.3, ..FACE };
    let grey = photo([300, 240], &pixels, &crop);
    let colour = Picture::from_image(grey.as_image().to_rgb8().into()).unwrap();
    let [grey, colour] = [grey, colour].map(|photo| find_in(&detector, &photo, rough(&crop)));
    assert_close(&colour.points, &grey.points, FACE.side, "colour");
}
