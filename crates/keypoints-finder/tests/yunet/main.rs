//! YuNet: files that are refused, and faces that are found.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod drawn;
mod onnx;

use std::path::Path;

use keypoints_core::{PictureShape, kaggle15};
use keypoints_finder::{Device, FaceFinder, FinderError, YuNet, YuNetFault, YuNetFileError};

use onnx::{Network, TensorPart, field};

fn open(bytes: &[u8]) -> Result<YuNet, FinderError> {
    YuNet::from_bytes(Path::new("a.onnx"), bytes, &Device::flex())
}

/// What is wrong with a file, and the message.
fn fault(bytes: &[u8]) -> (YuNetFault, String) {
    match open(bytes) {
        Err(FinderError::YuNet(error)) => {
            let message = error.to_string();
            assert!(message.starts_with("a.onnx: "), "{message}");
            assert!(message.len() < 500 && !message.contains('\n'), "{message}");
            (error.fault, message)
        }
        other => panic!("an error about the file expected: {other:?}"),
    }
}

/// A file in which one thing was changed.
fn changed(change: impl FnOnce(&mut Network)) -> Vec<u8> {
    let mut network = Network::yunet(|_| [0.0; 16]);
    change(&mut network);
    network.bytes()
}

#[test]
fn heads_are_read_in_their_order() {
    // Only the coarsest level sees faces: in every cell one of 32×64 pixels around the cell's middle.
    let head = |level: usize| {
        let mut cell = [-20.0; 16];
        if level == 2 {
            cell[..6].copy_from_slice(&[3.0, 1.0, 0.5, 0.5, 0.0, 2.0_f32.ln()]);
            // Eyes, nose, corners of the mouth.
            cell[6..].copy_from_slice(&[0.25, 0.25, 0.75, 0.25, 0.5, 0.5, 0.25, 0.75, 0.75, 0.75]);
        }
        cell
    };
    let finder = open(&Network::yunet(head).bytes()).unwrap();
    let picture = drawn::picture(64, 20, &[]);
    let faces = finder.faces(&picture).unwrap();
    assert_eq!(faces.len(), 2);
    let sigmoid = |logit: f32| 1.0 / (1.0 + (-logit).exp());
    for (face, left) in faces.iter().zip([0.0, 32.0]) {
        assert!((face.score - (sigmoid(3.0) * sigmoid(1.0)).sqrt()).abs() < 1e-6);
        let expected = [left, -16.0, 32.0, 64.0];
        assert!(
            face.region
                .to_pixels()
                .iter()
                .zip(expected)
                .all(|(one, other)| (one - other).abs() < 1e-4),
            "{face:?}"
        );
        let [right_eye, left_eye, ..] = face.points;
        assert_eq!([right_eye.x, left_eye.x], [left as f32 + 7.5, left as f32 + 23.5]);
        // Eyes and corners of the mouth are at the corners of a square of 16 pixels; the template's are 33 apart across and 39 down.
        let crop = face.crop().unwrap();
        assert!(crop.roll.abs() < 0.01 && (crop.side - 96.0 * 16.0 / 36.7).abs() < 2.0, "{crop:?}");
    }
    assert_eq!(finder.with_score(0.9).faces(&picture).unwrap(), []);
}

#[test]
fn numbers_may_be_written_in_two_ways() {
    let bytes =
        changed(|network| network.tensors.iter_mut().for_each(|tensor| tensor.as_floats = true));
    assert!(open(&bytes).is_ok());
}

#[test]
fn files_that_are_no_onnx_are_refused() {
    assert!(matches!(fault(b"").0, YuNetFault::EmptyFile));
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:8f23\nsize 232589\n";
    let (lfs, message) = fault(pointer);
    assert!(matches!(lfs, YuNetFault::LfsPointer) && message.contains("git lfs pull"));
    for bytes in
        [b"<!DOCTYPE html><html>".as_slice(), b"\x89PNG\r\n\x1a\n", &[0xff; 100], &[0; 100]]
    {
        assert!(matches!(fault(bytes).0, YuNetFault::NotOnnx(_)));
    }
    // The version of the format and nothing else.
    assert!(fault(&[1 << 3, 6]).1.contains("no network"));
}

#[test]
fn a_file_that_is_cut_off_is_refused() {
    let bytes = changed(|_| ());
    assert!(open(&bytes).is_ok());
    for length in (1..bytes.len()).step_by(997).chain([2, bytes.len() - 1]) {
        assert!(matches!(fault(&bytes[..length]).0, YuNetFault::NotOnnx(_)), "{length} bytes");
    }
}

#[test]
fn lengths_that_a_file_only_claims_take_no_memory() {
    // A graph, a tensor in a graph, numbers of a tensor in a graph: each of 2⁶⁰ bytes.
    let claim = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10];
    let mut inner: Vec<u8> = [&[4 << 3 | 2], claim.as_slice()].concat();
    for number in [5, 7] {
        let claimed = [&[number << 3 | 2], claim.as_slice()].concat();
        assert!(matches!(fault(&claimed).0, YuNetFault::NotOnnx(_)));
        let mut outer = Vec::new();
        field(&mut outer, number.into(), &inner);
        inner = outer;
    }
    assert!(matches!(fault(&inner).0, YuNetFault::NotOnnx(_)));
}

#[test]
fn large_files_are_refused() {
    assert!(matches!(fault(&vec![0; (1 << 20) + 1]).0, YuNetFault::TooLarge { .. }));
    // A sparse one of a tebibyte, of which hardly anything is read.
    let file = tempfile::NamedTempFile::new().unwrap();
    if file.as_file().set_len(1 << 40).is_ok() {
        let error = YuNet::open(file.path(), &Device::flex()).unwrap_err();
        let FinderError::YuNet(YuNetFileError { fault: YuNetFault::TooLarge { .. }, .. }) = error
        else {
            panic!("{error}");
        };
    }
    // As many tensors without anything as fit.
    let mut file = Vec::new();
    field(&mut file, 7, &[5 << 3 | 2, 0].repeat((1 << 19) - 8));
    let (other, message) = fault(&file);
    assert!(matches!(other, YuNetFault::OtherNetwork { known: 0, .. }), "{message}");
}

#[test]
fn paths_that_cannot_be_read_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path(), &folder.path().join("none.onnx")] {
        let error = YuNet::open(path, &Device::flex()).unwrap_err();
        let message = error.to_string();
        let FinderError::YuNet(YuNetFileError { fault: YuNetFault::Io(_), .. }) = error else {
            panic!("{message}");
        };
        assert!(message.contains("cannot be read"), "{message}");
    }
}

#[test]
fn another_network_is_named() {
    let mut other = Network::default();
    other.tensors.push(TensorPart::new("fc.weight\u{7}", &[2, 2], vec![0.0; 4]));
    let (fault, message) = fault(&other.bytes());
    let YuNetFault::OtherNetwork { known: 0, of: 26, .. } = fault else { panic!("{message}") };
    let parts =
        ["0 of 26", "`backbone.model0.conv2.conv1.weight` is missing", "fc.weight\\u{7}", "0 more"];
    assert!(parts.iter().all(|part| message.contains(part)), "{message}");

    assert!(matches!(open(&Network::default().bytes()), Err(FinderError::YuNet(_))));
    let bytes = changed(|network| {
        network.tensor("neck.lateral_convs.1.conv1.weight").name = "x".repeat(100_000)
    });
    let (other, message) = self::fault(&bytes);
    assert!(matches!(other, YuNetFault::OtherNetwork { known: 25, .. }), "{message}");
}

#[test]
fn a_layer_that_is_missing_is_named() {
    let bytes = changed(|network| {
        network.convs.retain(|conv| conv[1] != "neck.lateral_convs.1.conv2.weight")
    });
    let (missing, message) = fault(&bytes);
    assert!(matches!(missing, YuNetFault::NoLayer { .. }));
    assert!(message.contains("depthwise convolution of `neck.lateral_convs.1`"), "{message}");
    let bytes = changed(|network| network.convs.clear());
    assert!(matches!(fault(&bytes).0, YuNetFault::NoLayer { .. }));
    let bytes = changed(|network| network.tensors.retain(|tensor| tensor.name != "420.bias"));
    assert!(fault(&bytes).1.contains("no first convolution"));
}

#[test]
fn a_tensor_of_another_shape_or_type_is_named() {
    let name = "backbone.model3.conv1.conv2.weight";
    let check = |change: &dyn Fn(&mut TensorPart), parts: &[&str]| {
        let (fault, message) = fault(&changed(|network| change(network.tensor(name))));
        assert!(matches!(fault, YuNetFault::BadTensor { .. }), "{message}");
        let named =
            message.contains("weight of the depthwise convolution of `backbone.model3.conv1`");
        assert!(named && parts.iter().all(|part| message.contains(part)), "{message}");
    };
    check(&|tensor| tensor.dims = vec![64, 1, 5, 5], &["64×1×3×3", "64×1×5×5"]);
    check(&|tensor| tensor.dims = vec![], &["64×1×3×3", "a single number"]);
    check(&|tensor| tensor.dims = vec![usize::MAX >> 1, usize::MAX, 1, 1], &["64×1×3×3"]);
    check(&|tensor| tensor.dims = vec![1; 100_000], &["64×1×3×3", "100000 dimensions"]);
    check(&|tensor| tensor.kind = 3, &["32-bit floating point", "type 3"]);
    check(&|tensor| tensor.values.truncate(9), &["576 numbers", "9 numbers"]);
    check(&|tensor| tensor.values.clear(), &["576 numbers", "0 numbers"]);
    check(&|tensor| tensor.values.push(0.0), &["576 numbers", "577 numbers"]);
}

#[test]
fn weights_that_are_not_finite_are_refused() {
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let bytes = changed(|network| network.tensor("420").values[100] = value);
        let (not_finite, message) = fault(&bytes);
        assert!(matches!(not_finite, YuNetFault::NotFinite { .. }), "{message}");
        assert!(message.contains("weight of the first convolution"), "{message}");
    }
}

#[test]
fn weights_that_are_huge_find_no_face() {
    // Finite, but what is computed from them is not.
    let bytes = changed(|network| {
        network.tensors.iter_mut().for_each(|tensor| tensor.values.fill(f32::MAX))
    });
    let finder = open(&bytes).unwrap().with_score(0.0);
    assert!(finder.find(&drawn::picture(64, 64, &[])).is_ok());
}

/// Three drawn faces, against what OpenCV 5.0 finds with the same file.
#[test]
fn drawn_faces_are_found_as_by_opencv() {
    let Some(path) = std::env::var_os("KEYPOINTS_YUNET") else {
        eprintln!("skipped: KEYPOINTS_YUNET does not name `face_detection_yunet_2023mar.onnx`");
        return;
    };
    let finder = YuNet::open(&path, &Device::flex()).unwrap();
    let picture = drawn::picture(300, 250, &[([110, 120], 15), ([240, 60], 6), ([250, 180], 3)]);
    // Left, top, width, height; x and y of five points; the score.
    #[rustfmt::skip]
    let expected = [
        [214.023, 22.469, 56.144, 80.374, 228.578, 52.27, 255.317, 52.791, 241.656, 68.228, 229.862, 80.581, 252.287, 81.432, 0.918],
        [39.002, 43.514, 133.009, 176.902, 83.199, 104.063, 145.638, 103.025, 119.283, 140.274, 93.156, 174.712, 142.679, 173.876, 0.907],
        [237.004, 164.394, 26.818, 34.117, 244.613, 178.047, 258.071, 177.393, 251.865, 184.396, 246.521, 188.657, 257.476, 189.918, 0.889],
    ];
    let faces = finder.faces(&picture).unwrap();
    assert_eq!(faces.len(), expected.len());
    for (face, expected) in faces.iter().zip(expected) {
        // OpenCV counts points from the picture's corner.
        let points =
            face.points.iter().flat_map(|point| [point.x, point.y]).map(|one| f64::from(one) + 0.5);
        let found: Vec<f64> = face.region.to_pixels().into_iter().chain(points).collect();
        let close = |(one, other): (&f64, &f64)| (one - other).abs() < 0.02;
        assert!(found.iter().zip(&expected).all(close), "{face:?}");
        assert!((f64::from(face.score) - expected[14]).abs() < 0.002);
    }

    // The crops bring the eyes to the template's places.
    let found = finder.find(&picture).unwrap();
    assert_eq!(found.len(), faces.len());
    let (template, shape) = (kaggle15::crop_template(), PictureShape::grey(96));
    for (found, face) in found.iter().zip(&faces) {
        for (name, point) in
            [("right_eye_center", face.points[0]), ("left_eye_center", face.points[1])]
        {
            let [x, y] = template.place(name, shape).unwrap();
            let on_crop = found.crop.to_crop(shape, point);
            assert!(
                (f64::from(on_crop.x) - x).hypot(f64::from(on_crop.y) - y) < 10.0,
                "{name}: {on_crop:?}"
            );
        }
    }

    // The same faces on a picture that has to be shrunk.
    let large = picture.as_image().resize_exact(
        900,
        750,
        keypoints_image::image::imageops::FilterType::Triangle,
    );
    let large = keypoints_image::Picture::from_image(large).unwrap();
    let again = finder.with_side(300).faces(&large).unwrap();
    assert_eq!(again.len(), faces.len());
    for face in &faces {
        let [left, top, width, height] = face.region.to_pixels().map(|one| 3.0 * one);
        let region = keypoints_core::Region::of_pixels(left, top, width, height);
        assert!(again.iter().any(|one| one.region.overlap(region) > 0.9), "{again:?}");
    }
}
