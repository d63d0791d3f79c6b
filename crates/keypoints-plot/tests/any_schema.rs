//! Five points on 64×64 pictures in colour: nothing here is a face of the competition.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod common;

use std::sync::Arc;

use common::{Album, elements, is_near, middle, places, texts};
use image::{Rgb, RgbImage};
use keypoints_core::{
    Dataset, ErrorReport, Keypoint, Labels, Named, PictureShape, Pictures, Point, Schema, Source,
};
use keypoints_plot::{
    Colour, ErrorOptions, ErrorSeries, GapOptions, JudgedPicture, MarkSet, MarkStyle,
    OverlayOptions, Picture, PictureCell, PictureGridOptions, count_gaps, gap_histogram,
    keypoint_errors, overlay, picture_grid, worst_pictures,
};

const SHAPE: PictureShape = PictureShape::colour(64);
const FILL: [u8; 3] = [40, 90, 200];

fn hand(sources: &str) -> Arc<Schema> {
    let keypoints = r#""keypoints": ["thumb", "index", "middle", "ring", "little_finger"]"#;
    let text = format!(r#"{{ "name": "hand-5", {keypoints}, "sources": [{sources}] }}"#);
    Arc::new(serde_json::from_str(&text).unwrap())
}

/// A blue picture with a red square about column 20 and row 44, channel after channel.
fn picture() -> Vec<u8> {
    let square = |at: usize| (18..22).contains(&(at % 64)) && (42..46).contains(&(at / 64));
    let channel = |channel: usize| {
        let red = [250, 0, 0][channel];
        (0..64 * 64).map(move |at| if square(at) { red } else { FILL[channel] })
    };
    (0..3).flat_map(channel).collect()
}

/// The first `count` points of a hand, moved to the right.
fn points(count: u16, right: f32) -> Labels {
    let mut labels = Labels::default();
    for index in 0..count {
        let place = Point { x: 8.0 + 11.0 * f32::from(index) + right, y: 30.0 };
        labels.set_point(Keypoint::new(index), place);
    }
    labels
}

fn dataset(schema: Arc<Schema>, labels: Vec<Labels>, sources: Vec<Source>) -> Dataset {
    let pixels = picture().repeat(labels.len());
    Dataset::new(schema, Pictures::new(SHAPE, pixels).unwrap(), labels, sources).unwrap()
}

/// The middle of everything that is red.
fn square(image: &RgbImage) -> (f64, f64) {
    middle(image, Colour(250, 0, 0))
}

#[test]
fn a_picture_in_colour_keeps_its_colours_and_places() {
    let album = Album::new();
    let pixels = picture();
    let options = OverlayOptions { longest_side: Some(256), ..OverlayOptions::default() };
    let picture = Picture::new(SHAPE, &pixels).unwrap();
    let (png, svg) = album.both(|path| overlay(path, picture, &[], &options).unwrap());
    assert_eq!(png.dimensions(), (256, 256));
    assert_eq!(png.get_pixel(200, 10), &Rgb(FILL));
    let (x, y) = square(&png);
    assert!((x - (20.0 * 4.0 - 0.5)).abs() < 0.6 && (y - (44.0 * 4.0 - 0.5)).abs() < 0.6);
    assert_eq!(elements(&svg, "image"), 1);
}

#[test]
fn a_grid_has_the_size_of_the_competition_s_and_points_lie_where_they_are() {
    let album = Album::new();
    let rows =
        dataset(hand(r#"{ "name": "a" }"#), vec![points(5, 0.0); 3], vec![Source::default(); 3]);
    let cells: Vec<PictureCell<'_>> = (0..rows.len())
        .map(|row| PictureCell {
            picture: Picture::of(rows.pictures(), row).unwrap(),
            marks: vec![MarkSet {
                points: [(Keypoint::new(4).x(), 52.0), (Keypoint::new(4).y(), 30.0)]
                    .into_iter()
                    .collect(),
                style: MarkStyle::Dot,
                colour: Colour::TRUTH,
                ..MarkSet::default()
            }],
            caption: String::new(),
        })
        .collect();
    assert_eq!(Picture::of(rows.pictures(), 3), None);
    let options = PictureGridOptions { columns: 1, ..PictureGridOptions::default() };
    let (png, _) = album.both(|path| picture_grid(path, &cells[..1], &options).unwrap());
    // 192 pixels and a margin of 20 on either side, as for 96×96 pictures.
    assert_eq!(png.dimensions(), (232, 232));
    assert_eq!((png.get_pixel(20, 20), png.get_pixel(211, 211)), (&Rgb(FILL), &Rgb(FILL)));
    let (x, y) = square(&png);
    assert!((x - (20.0 + 20.0 * 3.0 - 0.5)).abs() < 0.6, "{x}");
    assert!((y - (20.0 + 44.0 * 3.0 - 0.5)).abs() < 0.6, "{y}");
    let (x, y) = middle(&png, Colour::TRUTH);
    assert!((x - (20.0 + 52.5 * 3.0 - 0.5)).abs() < 1.0, "{x}");
    assert!((y - (20.0 + 30.5 * 3.0 - 0.5)).abs() < 1.0, "{y}");
    let (png, svg) = album.both(|path| picture_grid(path, &cells, &options).unwrap());
    assert_eq!((png.width(), elements(&svg, "image")), (232, 3));
}

#[test]
fn large_pictures_are_reduced() {
    let album = Album::new();
    let shape = PictureShape::colour(512);
    let pixels = vec![120; shape.bytes()];
    let cell = PictureCell {
        picture: Picture::new(shape, &pixels).unwrap(),
        marks: Vec::new(),
        caption: String::new(),
    };
    let (png, _) = album
        .both(|path| picture_grid(path, std::slice::from_ref(&cell), &Default::default()).unwrap());
    assert_eq!(png.dimensions(), (232, 232));
    assert!(is_near(png.get_pixel(116, 116), Colour(120, 120, 120)));
}

#[test]
fn a_dataset_with_one_source_has_no_legend_of_sources() {
    let album = Album::new();
    let labels = vec![points(5, 0.0), points(5, 0.0), points(3, 0.0)];
    let options = GapOptions {
        title: "Missing coordinates per hand".into(),
        noun: "hands".into(),
        log_scale: false,
        ..GapOptions::default()
    };
    let only = dataset(hand(r#"{ "name": "a" }"#), labels.clone(), vec![Source::default(); 3]);
    let (png, svg) = album.both(|path| gap_histogram(path, &count_gaps(&only), &options).unwrap());
    let found = texts(&svg, &png);
    for expected in ["missing coordinates, of 10", "hands", "Missing coordinates per hand", "10"] {
        assert!(found.iter().any(|text| text == expected), "{expected} is not in {found:?}");
    }
    assert!(!found.iter().any(|text| text.contains(": ") || text.contains("face")), "{found:?}");
    assert!(!places(&png, Colour::series(0)).is_empty());

    // Two rows without a gap, one of each source: their bars stand side by side.
    let sources = [0, 1, 1].map(Source::new).to_vec();
    let both = hand(r#"{ "name": "by_hand" }, { "name": "by_program" }"#);
    let counts = count_gaps(&dataset(both, labels, sources));
    let (png, svg) = album.both(|path| gap_histogram(path, &counts, &options).unwrap());
    let found = texts(&svg, &png);
    for expected in ["by_hand: 1 hands", "by_program: 2 hands"] {
        assert!(found.iter().any(|text| text == expected), "{expected} is not in {found:?}");
    }
    let left = |colour| {
        let bars = places(&png, colour).into_iter().filter(|place| place.1 > 85);
        bars.map(|place| place.0).min().unwrap()
    };
    assert!(left(Colour::series(0)) < left(Colour::series(1)));
}

#[test]
fn errors_of_any_keypoints_have_their_names() {
    let album = Album::new();
    let schema = hand("");
    let (truth, guess) = ([points(5, 0.0)], [points(5, 2.0)]);
    let report = ErrorReport::compare(&schema, &[Source::default()], &truth, &guess);
    let series = [ErrorSeries::new("", report.per_keypoint)];
    let options = ErrorOptions::of(SHAPE);
    let (png, svg) = album.both(|path| keypoint_errors(path, &series, &options).unwrap());
    let found = texts(&svg, &png);
    for expected in ["thumb", "little finger", "1.41", "RMSE, pixels of the 64×64 image"] {
        assert!(found.iter().any(|text| text == expected), "{expected} is not in {found:?}");
    }
}

#[test]
fn the_worst_pictures_may_be_in_colour() {
    let album = Album::new();
    let pixels = picture();
    let judged: Vec<JudgedPicture<'_>> = [1.0, 5.0]
        .into_iter()
        .map(|off| JudgedPicture {
            picture: Picture::new(SHAPE, &pixels).unwrap(),
            truth: points(5, 0.0),
            prediction: points(5, off),
            name: format!("row {off}"),
        })
        .collect();
    let draw = |path: &std::path::Path| worst_pictures(path, &judged, 1, &Default::default());
    let (png, svg) = album.both(|path| draw(path).unwrap());
    assert!(texts(&svg, &png).iter().any(|text| text == "row 5 · 3.5 px"));
    assert!(!places(&png, Colour(FILL[0], FILL[1], FILL[2])).is_empty());
}

#[test]
fn a_face_of_many_points_fits() {
    let album = Album::new();
    let schema = Schema::builtin("wflw-98").unwrap();
    let counts = (0..=2 * schema.len()).map(|gaps| 7000 / (1 + gaps)).collect();
    let counts: Named<Vec<usize>> = [("all".to_owned(), counts)].into_iter().collect();
    let (png, svg) =
        album.both(|path| gap_histogram(path, &counts, &GapOptions::default()).unwrap());
    let found = texts(&svg, &png);
    assert!(found.iter().any(|text| text == "missing coordinates, of 196"), "{found:?}");
    // Marks for every tenth only, and no number that is much wider than its bar.
    assert!(found.iter().any(|text| text == "190") && !found.iter().any(|text| text == "7000"));
    assert!(found.len() < 150, "{}", found.len());

    let errors = schema.names().iter().zip(1..).map(|(name, at)| (name.clone(), f64::from(at)));
    let series = [ErrorSeries::new("", errors.collect())];
    let (_, svg) =
        album.both(|path| keypoint_errors(path, &series, &ErrorOptions::default()).unwrap());
    assert!(svg.contains("98.00"));
}
