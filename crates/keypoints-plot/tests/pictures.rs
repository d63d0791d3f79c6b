//! Pictures with points: everything is where it belongs, in both formats.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod common;

use common::{Album, elements, labels, middle, places, texts};
use image::RgbImage;
use keypoints_core::{Labels, kaggle15};
use keypoints_plot::{
    Colour, JudgedPicture, MarkSet, MarkStyle, OverlayOptions, Picture, PictureCell,
    PictureGridOptions, PlotError, overlay, picture_grid, worst_pictures,
};

const GREY: u8 = 100;

fn face() -> Vec<u8> {
    vec![GREY; 96 * 96]
}

/// The top left corner of the first grey picture: words are not of one grey.
fn corner(image: &RgbImage) -> (u32, u32) {
    let is_grey = |x, y| image.get_pixel_checked(x, y).is_some_and(|pixel| pixel.0 == [GREY; 3]);
    let mut all = image.enumerate_pixels().map(|(x, y, _)| (x, y));
    all.find(|&(x, y)| is_grey(x, y) && is_grey(x + 1, y) && is_grey(x, y + 1)).unwrap()
}

fn dots(colour: Colour, points: Labels) -> MarkSet {
    // Without a name there is no legend to be taken for a point.
    MarkSet { name: String::new(), points, style: MarkStyle::Dot, colour }
}

#[test]
fn a_point_is_drawn_where_it_is() {
    let album = Album::new();
    let pixels = face();
    let picture = Picture::new(kaggle15::SHAPE, &pixels).unwrap();
    for scale in [1, 2, 3] {
        let (x, y) = (20.0, 70.5);
        let marks = vec![dots(Colour::TRUTH, labels(&[(kaggle15::NOSE_TIP, x, y)]))];
        let cell = PictureCell { picture, marks, caption: String::new() };
        let options = PictureGridOptions { side: 96 * scale, ..PictureGridOptions::default() };
        let (png, svg) =
            album.both(|path| picture_grid(path, std::slice::from_ref(&cell), &options).unwrap());

        // The grey face itself tells where its corner is.
        let corner = corner(&png);
        let found = middle(&png, Colour::TRUTH);
        for (found, corner, at) in [(found.0, corner.0, x), (found.1, corner.1, y)] {
            let expected = f64::from(corner) + (f64::from(at) + 0.5) * f64::from(scale) - 0.5;
            assert!((found - expected).abs() < 1.0, "scale {scale}: {found} is not {expected}");
        }
        assert_eq!(png.width(), 96 * scale + 2 * corner.0);
        assert!(texts(&svg, &png).iter().all(String::is_empty));
    }
}

#[test]
fn the_pixels_of_a_face_are_not_moved() {
    let album = Album::new();
    let mut pixels = face();
    for y in 40..44 {
        pixels[y * 96 + 10..y * 96 + 14].fill(255);
    }
    let picture = Picture::new(kaggle15::SHAPE, &pixels).unwrap();
    let options = OverlayOptions { longest_side: Some(96 * 4), ..OverlayOptions::default() };
    let (png, svg) = album.both(|path| overlay(path, picture, &[], &options).unwrap());
    assert_eq!(png.dimensions(), (384, 384));
    let found = middle(&png, Colour(255, 255, 255));
    let expected = (12.0 * 4.0 - 0.5, 42.0 * 4.0 - 0.5);
    assert!((found.0 - expected.0).abs() < 0.6 && (found.1 - expected.1).abs() < 0.6, "{found:?}");
    // The SVG carries the face itself, not thousands of rectangles.
    assert_eq!((elements(&svg, "image"), elements(&svg, "rect")), (1, 1));
    assert!(svg.contains("data:image/png;base64,"));
}

#[test]
fn truth_and_prediction_are_told_apart_and_linked() {
    let album = Album::new();
    let pixels = face();
    let picture = Picture::new(kaggle15::SHAPE, &pixels).unwrap();
    let truth =
        labels(&[(kaggle15::NOSE_TIP, 20.0, 48.0), (kaggle15::LEFT_EYE_CENTER, 60.0, 20.0)]);
    let prediction = labels(&[(kaggle15::NOSE_TIP, 70.0, 48.0)]);
    let marks = vec![MarkSet::truth(truth), MarkSet::prediction(prediction)];
    let cell = PictureCell { picture, marks, caption: "row 5 <&> \"x\" \u{7}".into() };
    let draw = |link| {
        let options = PictureGridOptions {
            title: "Two\nlines".into(),
            link,
            side: 3 * 96,
            ..Default::default()
        };
        album.both(|path| picture_grid(path, std::slice::from_ref(&cell), &options).unwrap())
    };
    let (linked, svg) = draw(true);
    let (bare, _) = draw(false);

    let found = texts(&svg, &linked);
    for expected in ["Twolines", "truth", "prediction", "row 5 <&> \"x\""] {
        assert!(found.iter().any(|text| text == expected), "{expected} is not in {found:?}");
    }
    assert!(!places(&linked, Colour::TRUTH).is_empty());
    assert!(!places(&linked, Colour::PREDICTION).is_empty());
    // Between the two noses, on the face.
    let corner = corner(&bare);
    let between = (corner.0 + 45 * 3, corner.1 + 48 * 3 + 1);
    assert_eq!(bare.get_pixel(between.0, between.1).0, [GREY; 3]);
    let is_lit = |y: u32| linked.get_pixel(between.0, y)[0] > GREY + 60;
    assert!((between.1 - 1..=between.1 + 1).any(is_lit));
}

#[test]
fn pictures_of_any_number_and_size_fit() {
    let album = Album::new();
    let (small, wide) = (vec![GREY; 4], vec![GREY; 300]);
    let pictures = [Picture::grey(&small, 2, 2).unwrap(), Picture::grey(&wide, 30, 10).unwrap()];
    let cells: Vec<PictureCell<'_>> = (0..7)
        .map(|index| PictureCell {
            picture: pictures[index % 2],
            marks: Vec::new(),
            caption: format!("number {index}"),
        })
        .collect();
    for columns in [0, 1, 3, 100] {
        let options = PictureGridOptions { columns, ..PictureGridOptions::default() };
        let (png, svg) = album.both(|path| picture_grid(path, &cells, &options).unwrap());
        assert_eq!(elements(&svg, "image"), 7);
        assert_eq!(texts(&svg, &png).len(), 7);
        assert!(!places(&png, Colour(GREY, GREY, GREY)).is_empty());
    }
}

#[test]
fn points_that_have_no_place_are_left_out() {
    let album = Album::new();
    let pixels = face();
    let picture = Picture::new(kaggle15::SHAPE, &pixels).unwrap();
    let lost = labels(&[
        (kaggle15::NOSE_TIP, f32::NAN, 10.0),
        (kaggle15::LEFT_EYE_CENTER, 1e30, 10.0),
        (kaggle15::RIGHT_EYE_CENTER, f32::NEG_INFINITY, f32::INFINITY),
        (kaggle15::MOUTH_LEFT_CORNER, -300.0, 10.0),
    ]);
    let marks = [dots(Colour::TRUTH, lost.clone()), dots(Colour::PREDICTION, lost)];
    let (png, svg) =
        album.both(|path| overlay(path, picture, &marks, &OverlayOptions::default()).unwrap());
    assert!(places(&png, Colour::TRUTH).is_empty());
    assert_eq!(elements(&svg, "circle") + elements(&svg, "polyline"), 0);
}

#[test]
fn the_worst_pictures_come_first() {
    let album = Album::new();
    let pixels = face();
    let picture = Picture::new(kaggle15::SHAPE, &pixels).unwrap();
    let nose = |x: f32| labels(&[(kaggle15::NOSE_TIP, x, 40.0)]);
    let judged = |name: &str, off: f32| JudgedPicture {
        picture,
        truth: nose(30.0),
        prediction: nose(30.0 + off),
        name: name.into(),
    };
    let mut faces = vec![judged("good", 1.0), judged("bad", 20.0), judged("lost", f32::NAN)];
    faces.push(JudgedPicture { truth: Labels::default(), ..judged("unlabelled", 0.0) });
    let options = PictureGridOptions::default();
    let (png, svg) = album.both(|path| worst_pictures(path, &faces, 3, &options).unwrap());
    let captions: Vec<String> =
        texts(&svg, &png).into_iter().filter(|text| text.contains(" px")).collect();
    // The root of (20² + 0²) / 2, and of (1² + 0²) / 2.
    assert_eq!(captions, ["lost · NaN px", "bad · 14.1 px", "good · 0.7 px"]);
}

#[test]
fn an_overlay_has_the_size_of_its_photograph() {
    let album = Album::new();
    for (size, longest_side, expected) in [
        ((640, 480), None, (640, 480)),
        ((96, 96), None, (480, 480)),
        ((3200, 1000), None, (1600, 500)),
        ((1, 500), None, (1, 500)),
        ((640, 480), Some(320), (320, 240)),
        ((640, 480), Some(0), (1, 1)),
    ] {
        let pixels = vec![GREY; (size.0 * size.1) as usize];
        let picture = Picture::grey(&pixels, size.0, size.1).unwrap();
        let options = OverlayOptions { longest_side, ..OverlayOptions::default() };
        let path = album.path("photograph.png");
        overlay(&path, picture, &[], &options).unwrap();
        assert_eq!(image::image_dimensions(&path).unwrap(), expected);
    }
}

#[test]
fn a_point_on_a_photograph_is_in_its_pixels() {
    let album = Album::new();
    let pixels = vec![GREY; 1000 * 600];
    let picture = Picture::grey(&pixels, 1000, 600).unwrap();
    let marks = [dots(Colour::PREDICTION, labels(&[(kaggle15::NOSE_TIP, 812.0, 333.0)]))];
    let (png, svg) =
        album.both(|path| overlay(path, picture, &marks, &OverlayOptions::default()).unwrap());
    let found = middle(&png, Colour::PREDICTION);
    assert!((found.0 - 812.0).abs() < 1.0 && (found.1 - 333.0).abs() < 1.0, "{found:?}");
    assert!(texts(&svg, &png).is_empty());
}

#[test]
fn no_pictures_and_giants_are_errors() {
    let album = Album::new();
    let path = album.path("faces.png");
    let error = picture_grid(&path, &[], &PictureGridOptions::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{}: nothing to draw: there are no pictures", path.display())
    );

    let pixels = face();
    let picture = Picture::new(kaggle15::SHAPE, &pixels).unwrap();
    let options = OverlayOptions { longest_side: Some(u32::MAX), ..OverlayOptions::default() };
    for name in ["giant.png", "giant.svg"] {
        let error = overlay(album.path(name), picture, &[], &options).unwrap_err();
        assert!(matches!(error, PlotError::Drawing { size: (u32::MAX, u32::MAX), .. }), "{error}");
        assert!(!album.path(name).exists());
    }
}
