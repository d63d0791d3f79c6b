//! Pictures back from their files.
#![allow(dead_code)] // Not every test file needs everything.

use std::fs;
use std::path::{Path, PathBuf};

use image::RgbImage;
use keypoints_core::{Keypoint, Labels, Point};
use keypoints_plot::Colour;

/// A folder that goes away at the end of the test.
pub(crate) struct Album(tempfile::TempDir);

impl Album {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Lets `draw` make a picture in both formats: the pixels of the one, the text of the other.
    pub(crate) fn both(&self, draw: impl Fn(&Path)) -> (RgbImage, String) {
        let (png, svg) = (self.path("picture.png"), self.path("picture.svg"));
        draw(&png);
        draw(&svg);
        (image::open(png).unwrap().to_rgb8(), fs::read_to_string(svg).unwrap())
    }
}

/// All texts of an SVG, which must be well-formed and have the size of the PNG.
pub(crate) fn texts(svg: &str, like: &RgbImage) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "svg");
    assert_eq!(root.attribute("width"), Some(like.width().to_string().as_str()));
    assert_eq!(root.attribute("height"), Some(like.height().to_string().as_str()));
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.map(|node| node.text().unwrap_or_default().trim().to_owned()).collect()
}

/// How many elements with this name an SVG has.
pub(crate) fn elements(svg: &str, name: &str) -> usize {
    let document = roxmltree::Document::parse(svg).unwrap();
    // The namespace plays no part here.
    document.descendants().filter(|node| node.tag_name().name() == name).count()
}

/// Whether a pixel has nearly this colour.
pub(crate) fn is_near(pixel: &image::Rgb<u8>, colour: Colour) -> bool {
    let off = |a: u8, b: u8| a.abs_diff(b) <= 24;
    off(pixel[0], colour.0) && off(pixel[1], colour.1) && off(pixel[2], colour.2)
}

/// The places of all pixels of nearly this colour.
pub(crate) fn places(image: &RgbImage, colour: Colour) -> Vec<(u32, u32)> {
    let found = image.enumerate_pixels().filter(|(_, _, pixel)| is_near(pixel, colour));
    found.map(|(x, y, _)| (x, y)).collect()
}

/// The middle of all pixels of nearly this colour; pixel `(x, y)` has its centre at `(x, y)`.
pub(crate) fn middle(image: &RgbImage, colour: Colour) -> (f64, f64) {
    let found = places(image, colour);
    assert!(!found.is_empty(), "nothing has the colour {colour:?}");
    let mean = |part: fn(&(u32, u32)) -> u32| {
        found.iter().map(|place| f64::from(part(place))).sum::<f64>() / found.len() as f64
    };
    (mean(|place| place.0), mean(|place| place.1))
}

pub(crate) fn labels(points: &[(Keypoint, f32, f32)]) -> Labels {
    let mut labels = Labels::default();
    for &(keypoint, x, y) in points {
        labels.set_point(keypoint, Point { x, y });
    }
    labels
}
