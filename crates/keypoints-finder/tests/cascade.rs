//! The face finder on pictures.

use keypoints_core::Crop;
use keypoints_data::synth::{GroupPhoto, group_photo};
use keypoints_finder::Device;
use keypoints_finder::networks::Networks;
use keypoints_finder::{CascadeFinder, FaceFinder, FinderFileError};
use keypoints_image::Picture;
use keypoints_image::image::{DynamicImage, GrayImage, Luma};

fn picture(width: u32, height: u32, pixel: impl Fn(u32, u32) -> u8) -> Picture {
    let image = GrayImage::from_fn(width, height, |x, y| Luma([pixel(x, y)]));
    match Picture::from_image(DynamicImage::from(image)) {
        Ok(picture) => picture,
        Err(fault) => panic!("{fault}"),
    }
}

/// Whether a crop shows that face: its middle within a quarter of the side, its side within a third, its roll within 20°.
fn shows(crop: &Crop, face: &Crop) -> bool {
    let [x, y] = [0, 1].map(|axis| crop.centre[axis] - face.centre[axis]);
    let ratio = (crop.side / face.side).ln().abs();
    x.hypot(y) < face.side / 4.0 && ratio < 0.3 && (crop.roll - face.roll).abs() < 0.35
}

#[test]
fn drawn_faces_are_found_where_they_are() {
    let finder = CascadeFinder::pretrained(&Device::flex()).expect("the built-in networks");
    let (mut faces, mut found, mut others) = (0, 0, 0);
    for seed in 0..12 {
        let GroupPhoto { width, pixels, faces: drawn } = group_photo(seed, 480, 360, 6);
        let photo = picture(width as u32, 360, |x, y| pixels[y as usize * width + x as usize]);
        let seen = finder.find(&photo).expect("the CPU works");
        assert!(seen.is_sorted_by(|one, other| one.score >= other.score), "best first");
        let is_seen = |face: &Crop| seen.iter().any(|one| shows(&one.crop, face));
        faces += drawn.len();
        found += drawn.iter().filter(|face| is_seen(&face.crop)).count();
        others += seen.len() - drawn.iter().filter(|face| is_seen(&face.crop)).count();
    }
    println!("{found} of {faces} drawn faces found, {others} elsewhere");
    assert!(found * 100 >= faces * 90, "{found} of {faces}");
    assert!(others * 100 <= faces * 5, "{others} elsewhere");
}

#[test]
fn a_larger_picture_and_larger_faces_lead_to_the_same_places() {
    let finder = CascadeFinder::pretrained(&Device::flex()).expect("the built-in networks");
    let GroupPhoto { width, pixels, faces } = group_photo(3, 480, 360, 2);
    let photo = picture(width as u32, 360, |x, y| pixels[y as usize * width + x as usize]);
    // Beyond a megapixel pictures are searched at a smaller size.
    let large = photo.as_image().resize_exact(
        1920,
        1440,
        keypoints_image::image::imageops::FilterType::Triangle,
    );
    let large = Picture::from_image(large).expect("pixels");
    let finder = finder.with_smallest(40.0);
    let found = finder.find(&large).expect("the CPU works");
    for face in &faces {
        let centre = face.crop.centre.map(|place| (place + 0.5) * 4.0 - 0.5);
        let face = Crop { centre, side: face.crop.side * 4.0, ..face.crop };
        assert!(found.iter().any(|one| shows(&one.crop, &face)), "{face:?}: {found:?}");
    }
}

#[test]
fn pictures_without_a_face_have_none() {
    let finder = CascadeFinder::pretrained(&Device::flex()).expect("the built-in networks");
    let noise = |x: u32, y: u32| {
        ((x * 7919 + y * 104_729) ^ (x * y * 31)).wrapping_mul(2_654_435_761).to_be_bytes()[0]
    };
    for (what, picture) in [
        ("one pixel", picture(1, 1, |_, _| 7)),
        ("one row", picture(900, 1, |x, _| x as u8)),
        ("black", picture(200, 100, |_, _| 0)),
        ("white", picture(200, 100, |_, _| 255)),
        ("a ramp", picture(255, 200, |x, _| x as u8)),
        ("noise", picture(300, 200, noise)),
    ] {
        assert_eq!(finder.find(&picture).expect("the CPU works"), [], "{what}");
    }
}

#[test]
fn a_file_of_networks_reads_back_and_a_broken_one_says_so() {
    let (device, place) = (Device::flex(), tempfile::tempdir().expect("a folder"));
    let path = place.path().join("mine.safetensors");
    let networks = Networks::new(&device);
    let exact = networks.to_bytes(false).expect("weights");
    std::fs::write(&path, &exact).expect("the folder takes files");
    let again = Networks::open(&path, &device).expect("the file");
    assert!(again.to_bytes(false).expect("weights") == exact, "every bit");
    assert!(networks.to_bytes(true).expect("weights").len() < exact.len());

    let refused = |bytes: &[u8], text: &str| {
        std::fs::write(&path, bytes).expect("the folder takes files");
        let error = CascadeFinder::open(&path, &device).expect_err(text).to_string();
        assert!(error.contains("mine.safetensors") && error.contains(text), "{error}");
        assert!(!error.contains('\n'), "{error}");
    };
    refused(&[], "not the weights of a face finder");
    refused(b"not a file of tensors", "not the weights of a face finder");
    refused(&exact[..exact.len() / 2], "not the weights of a face finder");
    let missing = place.path().join("nowhere");
    let error = CascadeFinder::open(&missing, &device).expect_err("no file");
    assert!(matches!(error, FinderFileError::Io { .. }), "{error}");
}
