//! Faces on photos, with a face finder that knows where they are.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use burn::tensor::Device;
use keypoints_cli::{
    PhotoCounts, PhotoDetector, PhotoOptions, find_pictures, keep_freed_memory, predict_photos,
};
use keypoints_core::{Crop, Point, kaggle15};
use keypoints_data::annotations::{ReadOptions, find};
use keypoints_data::synth::face_of_source;
use keypoints_detect::image::{GrayImage, Luma, Rgb, RgbImage};
use keypoints_detect::{Detector, FaceFinder, FinderError, FoundFace, Picture};
use keypoints_study::AnyPredictor;
use serde_json::Value;

/// Finds a face of 96 pixels in the middle of every photo that is not of one colour, and in each half of one that is twice as wide as high.
#[derive(Debug)]
struct Middle;

impl FaceFinder for Middle {
    fn find(&self, picture: &Picture) -> Result<Vec<FoundFace>, FinderError> {
        let bytes = picture.as_bytes();
        if bytes.iter().all(|byte| *byte == bytes[0]) {
            return Ok(Vec::new());
        }
        let [width, height] = [picture.width(), picture.height()].map(f64::from);
        let (places, side): (&[f64], _) = match width == 2.0 * height {
            true => (&[0.25, 0.75], 96.0),
            false => (&[0.5], width.min(height).min(96.0)),
        };
        let face = |&place: &f64| {
            let crop = Crop::upright([width * place - 0.5, (height - 1.0) / 2.0], side);
            FoundFace { crop, score: if place > 0.5 { 0.625 } else { 0.9 } }
        };
        Ok(places.iter().map(face).collect())
    }
}

fn detector() -> PhotoDetector {
    let detector = Detector::pretrained(&Device::flex()).unwrap();
    PhotoDetector::from(detector.with_finder(Box::new(Middle)))
}

/// A photo with drawn faces of 96 pixels, their middles at these places.
fn photo(path: &Path, [width, height]: [u32; 2], middles: &[[u32; 2]]) {
    let mut image = GrayImage::from_pixel(width, height, Luma([120]));
    for (&[x, y], index) in middles.iter().zip(0..) {
        let face = face_of_source(42, index, kaggle15::FULL);
        for (pixel, at) in face.pixels.iter().zip(0..) {
            image.put_pixel(x - 48 + at % 96, y - 48 + at / 96, Luma([*pixel]));
        }
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    RgbImage::from_fn(width, height, |x, y| Rgb([image.get_pixel(x, y).0[0]; 3]))
        .save(path)
        .unwrap();
}

/// A folder with photos: of one face, of two, of none, two of one name, and two files that are no pictures.
fn photos() -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("photos");
    photo(&root.join("a.jpg"), [200, 180], &[[100, 90]]);
    photo(&root.join("b/a.jpg"), [300, 150], &[[75, 75], [225, 75]]);
    photo(&root.join("c, d.png"), [150, 150], &[]);
    fs::write(root.join("e.jpg"), "no picture").unwrap();
    fs::write(root.join("e.txt"), "nobody asked for it").unwrap();
    photo(&root.join("f.png"), [96, 96], &[[48, 48]]);
    let found = find_pictures(&[root.clone(), root.join("gone.jpg")], None).unwrap();
    assert_eq!((found.files.len(), found.missing), (6, 0));
    (folder, found.files)
}

const ALL: PhotoCounts = PhotoCounts { photos: 4, faces: 4, unreadable: 2 };

fn options(format: &str, out: &Path) -> PhotoOptions {
    PhotoOptions { format: format.into(), out: Some(out.to_owned()), ..Default::default() }
}

#[test]
fn json_has_every_photo_and_face() {
    let (folder, files) = photos();
    let out = folder.path().join("faces.json");
    assert_eq!(predict_photos(&detector(), &files, &options("json", &out)).unwrap(), ALL);
    let text = fs::read_to_string(&out).unwrap();
    // A line per photo.
    assert_eq!(text.lines().count(), 4 + 2);
    let found: Value = serde_json::from_str(&text).unwrap();
    let found = found.as_array().unwrap();
    let counts: Vec<usize> =
        found.iter().map(|one| one["faces"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [1, 2, 0, 1]);
    let readable: Vec<&PathBuf> =
        files.iter().filter(|file| file.exists() && !file.ends_with("e.jpg")).collect();
    for (one, file) in found.iter().zip(readable) {
        assert_eq!(one["picture"], file.display().to_string());
    }
    let face = &found[0]["faces"][0];
    let number = |value: &Value| {
        let number = value.as_f64().unwrap();
        assert_eq!(number, (number * 1000.0).round() / 1000.0);
        number
    };
    assert_eq!(number(&face["score"]), 0.9);
    let bounds: Vec<f64> = face["box"].as_array().unwrap().iter().map(number).collect();
    let [left, top, width, height] = bounds[..] else { panic!("{bounds:?}") };
    // The drawn face begins at 52, 42. The box counts from the photo's corner.
    assert!((left - 52.0).abs() < 15.0 && (top - 42.0).abs() < 15.0, "{bounds:?}");
    assert!((width - 96.0).abs() < 20.0 && width == height, "{bounds:?}");
    let keypoints = face["keypoints"].as_object().unwrap();
    let uncertainty = face["uncertainty"].as_object().unwrap();
    assert_eq!((keypoints.len(), uncertainty.len()), (15, 15));
    let truth = face_of_source(42, 0, kaggle15::FULL).labels();
    let distance = |(name, point): (&String, &Value)| {
        assert!(number(&uncertainty[name]) > 0.0);
        let point = Point { x: number(&point[0]) as f32, y: number(&point[1]) as f32 };
        let true_point = truth.point(kaggle15_keypoint(name)).unwrap();
        point.distance(Point { x: true_point.x + 52.0, y: true_point.y + 42.0 })
    };
    let mean = keypoints.iter().map(distance).sum::<f64>() / 15.0;
    assert!(mean < 4.0, "{mean}");
}

fn kaggle15_keypoint(name: &str) -> keypoints_core::Keypoint {
    keypoints_core::Schema::kaggle15().keypoint(name).unwrap()
}

#[test]
fn a_table_has_a_row_per_face() {
    let (folder, files) = photos();
    let out = folder.path().join("faces.csv");
    let with_uncertainty = PhotoOptions { uncertainty: true, ..options("csv", &out) };
    assert_eq!(predict_photos(&detector(), &files, &with_uncertainty).unwrap(), ALL);
    let text = fs::read_to_string(&out).unwrap();
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 1 + 4);
    assert_eq!(rows[0][..7], ["picture", "face", "left", "top", "width", "height", "score"]);
    assert_eq!(rows[0].last(), Some(&"mouth_center_bottom_lip_uncertainty"));
    assert!(rows.iter().all(|row| row.len() == 7 + 30 + 15), "{text}");
    let named: Vec<(bool, &str, &str)> =
        rows[1..].iter().map(|row| (row[0].ends_with("a.jpg"), row[1], row[6])).collect();
    let expected =
        [(true, "1", "0.900"), (true, "1", "0.900"), (true, "2", "0.625"), (false, "1", "0.900")];
    assert_eq!(named, expected);
    for cell in rows[1..].iter().flat_map(|row| &row[2..]) {
        let decimals = cell.split_once('.').unwrap().1;
        assert!(decimals.len() == 3 && cell.parse::<f32>().is_ok(), "{cell}");
    }
    // The same photos, one after the other and all at once.
    for (file, row) in [(&files[0], 1), (&files[1], 3)] {
        let counts = predict_photos(&detector(), std::slice::from_ref(file), &options("csv", &out));
        assert_eq!(counts.unwrap().unreadable, 0);
        let alone = fs::read_to_string(&out).unwrap();
        let line = alone.lines().last().unwrap();
        assert_eq!(line, rows[row][..37].join(","));
    }
}

#[test]
fn overlays_are_drawn_and_named_apart() {
    let (folder, mut files) = photos();
    let out = folder.path().join("faces.json");
    let drawn = folder.path().join("drawn");
    // A photo that lies where the overlay of another would go.
    let in_the_way = drawn.join("f_keypoints.png");
    photo(&in_the_way, [120, 120], &[[60, 60]]);
    let before = fs::read(&in_the_way).unwrap();
    files.push(in_the_way.clone());
    let options = PhotoOptions { overlays: Some(drawn.clone()), ..options("json", &out) };
    predict_photos(&detector(), &files, &options).unwrap();
    let mut names: Vec<String> = fs::read_dir(&drawn)
        .unwrap()
        .map(|one| one.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let expected = [
        "a-2_keypoints.jpg",
        "a_keypoints.jpg",
        "c, d_keypoints.png",
        "f-2_keypoints.png",
        "f_keypoints.png",
        "f_keypoints_keypoints.png",
    ];
    assert_eq!(names, expected);
    assert_eq!(fs::read(&in_the_way).unwrap(), before);
    let pixels = |path: &Path| Picture::open(path).unwrap().into_image().into_rgb8();
    for (name, photo) in [
        ("a_keypoints.jpg", &files[0]),
        ("a-2_keypoints.jpg", &files[1]),
        ("f-2_keypoints.png", &files[4]),
    ] {
        let (drawn, photo) = (pixels(&drawn.join(name)), pixels(photo));
        assert_eq!(drawn.dimensions(), photo.dimensions());
        // Magenta on grey.
        let marked =
            drawn.pixels().filter(|pixel| pixel.0[0] > pixel.0[1].saturating_add(80)).count();
        assert!(marked > 100, "{name}: {marked}");
        let corner = |image: &RgbImage| i32::from(image.get_pixel(0, 0).0[0]);
        assert!(name.starts_with('f') || (corner(&drawn) - corner(&photo)).abs() < 10);
    }
    assert!(fs::read(drawn.join("a_keypoints.jpg")).unwrap().starts_with(&[0xff, 0xd8, 0xff]));
    assert_eq!(pixels(&drawn.join("c, d_keypoints.png")), pixels(&files[2]));
}

#[test]
fn annotation_formats_take_several_faces() {
    let (folder, files) = photos();
    for (format, name) in [("coco", "faces.json"), ("imglab", "faces.xml"), ("table", "faces.csv")]
    {
        let out = folder.path().join(format).join(name);
        predict_photos(&detector(), &files, &options(format, &out)).unwrap();
        let found = find(&out, Some(format)).unwrap();
        let read = found.format.read(&found.path, &ReadOptions::default()).unwrap();
        let rows: Vec<(bool, usize)> = read
            .rows
            .iter()
            .map(|row| (row.region.is_some(), row.labels.points().count()))
            .collect();
        assert_eq!(rows, [(true, 15); 4], "{format}");
        assert_eq!(read.rows[1].picture, read.rows[2].picture, "{format}");
    }
    let refused = predict_photos(&detector(), &files, &options("pts", &folder.path().join("pts")));
    assert!(refused.unwrap_err().to_string().contains("--crop"));
    let nowhere = PhotoOptions { format: "coco".into(), ..Default::default() };
    assert!(
        predict_photos(&detector(), &files, &nowhere).unwrap_err().to_string().contains("--out")
    );
}

#[test]
fn a_file_stays_where_nothing_was_found() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("faces.json");
    fs::write(&out, "of an earlier call").unwrap();
    let gone = [folder.path().join("gone.jpg")];
    for format in ["json", "csv", "coco"] {
        let counts = predict_photos(&detector(), &gone, &options(format, &out)).unwrap();
        assert_eq!(counts, PhotoCounts { photos: 0, faces: 0, unreadable: 1 });
        assert_eq!(fs::read_to_string(&out).unwrap(), "of an earlier call");
        assert_eq!(counts.to_string(), "0 photos read, 0 faces found, 1 file could not be opened");
    }
    // Without a finder nothing can be found, and nothing is written.
    let path = folder.path().join("a.png");
    photo(&path, [96, 96], &[[48, 48]]);
    let blind = PhotoDetector::from(Detector::of_predictor(
        Detector::pretrained(&Device::flex()).unwrap().into_predictor(),
    ));
    if let Err(error) = predict_photos(&blind, &[path], &options("json", &out)) {
        assert!(
            format!("{error:#}").contains("a.png: this detector has no face finder"),
            "{error:#}"
        );
        assert_eq!(fs::read_to_string(&out).unwrap(), "of an earlier call");
    }
}

#[test]
fn several_networks_are_averaged() {
    let (_folder, files) = photos();
    let network = || Detector::pretrained(&Device::flex()).unwrap().into_predictor();
    let alone = detector();
    let one = PhotoDetector::from(AnyPredictor::from(network())).with_finder(Box::new(Middle));
    let picture = Picture::open(&files[1]).unwrap();
    assert_eq!(one.find(&picture).unwrap(), alone.find(&picture).unwrap());
    let two = AnyPredictor::of_predictors(vec![network(), network()]).unwrap();
    let two = PhotoDetector::from(two).with_finder(Box::new(Middle));
    let (both, alone) = (two.find(&picture).unwrap(), alone.find(&picture).unwrap());
    assert_eq!(both.len(), 2);
    for (both, alone) in both.iter().zip(&alone) {
        assert_eq!((both.region, both.score), (alone.region, alone.score));
        for (keypoint, point) in alone.points.points() {
            assert!(both.points.point(keypoint).unwrap().distance(point) < 1e-3);
            // The same network twice is never of two minds.
            assert!(both.uncertainty.as_ref().unwrap()[&keypoint] < 1e-3);
        }
    }
}

/// The peak of this process's memory, in MiB.
fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

/// `KEYPOINTS_PHOTOS=FOLDER` with photos; `KEYPOINTS_OVERLAYS=FOLDER` draws them too.
#[test]
#[ignore = "a measurement"]
fn measure() {
    use rayon::prelude::*;

    keep_freed_memory();
    let named = [PathBuf::from(std::env::var_os("KEYPOINTS_PHOTOS").unwrap())];
    let mut files = find_pictures(&named, None).unwrap().files;
    files = files.iter().cycle().take(1000).cloned().collect();
    println!("{:.0} MiB before", peak());
    let started = Instant::now();
    files.par_iter().for_each(|file| drop(Picture::open(file).unwrap()));
    println!("decoded in {:.2} s, {:.0} MiB", started.elapsed().as_secs_f64(), peak());
    let folder = tempfile::tempdir().unwrap();
    let overlays = std::env::var_os("KEYPOINTS_OVERLAYS").map(PathBuf::from);
    let options = PhotoOptions { overlays, ..options("json", &folder.path().join("faces.json")) };
    let detector = detector();
    let started = Instant::now();
    let counts = predict_photos(&detector, &files, &options).unwrap();
    println!("{counts} in {:.2} s, {:.0} MiB", started.elapsed().as_secs_f64(), peak());
}
