//! How far beside the faces their labels lie, measured on drawn faces.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use std::sync::Arc;

use keypoints_core::kaggle15::{FOUR_POINT, FULL};
use keypoints_core::{Dataset, LabelShifts, PictureShape, Pictures, Source};
use keypoints_data::synth::{SynthConfig, generate};

fn measure(faces: &Dataset) -> LabelShifts {
    LabelShifts::measure(faces, 0..faces.len())
}

fn of(shifts: &LabelShifts, source: Source) -> f32 {
    shifts.pixels()[source.index()]
}

/// Drawn faces, their labels moved by so much.
fn moved(full: f32, four_point: f32) -> Dataset {
    let config = SynthConfig { training: 600, test: 0, seed: 3, ..Default::default() };
    let faces = generate(&config).training;
    let (schema, sources) = (faces.schema(), faces.sources());
    let away = LabelShifts::new(vec![full, four_point]);
    let rows = sources.iter().zip(faces.labels());
    let labels = rows.map(|(&source, labels)| away.as_marked(schema, source, labels)).collect();
    Dataset::new(Arc::clone(schema), faces.pictures().clone(), labels, sources.to_vec()).unwrap()
}

/// The same faces with their grey values in each of three channels.
fn in_colour(faces: &Dataset) -> Dataset {
    let shape = PictureShape::colour(faces.pictures().shape().side);
    let pixels = faces.pictures().iter().flat_map(|picture| picture.repeat(3)).collect();
    let pictures = Pictures::new(shape, pixels).unwrap();
    let (labels, sources) = (faces.labels().to_vec(), faces.sources().to_vec());
    Dataset::new(Arc::clone(faces.schema()), pictures, labels, sources).unwrap()
}

#[test]
fn drawn_faces_are_labelled_where_their_points_are() {
    let faces = generate(&SynthConfig { training: 100, test: 0, ..Default::default() }).training;
    let shifts = measure(&faces);
    assert!(of(&shifts, FULL).abs() < 0.5 && of(&shifts, FOUR_POINT).abs() < 0.5, "{shifts:?}");
}

#[test]
fn a_shift_of_either_source_is_found() {
    let base = measure(&moved(0.0, 0.0));
    assert!(of(&base, FULL).abs() < 0.3 && of(&base, FOUR_POINT).abs() < 0.3, "{base:?}");
    let found = measure(&moved(0.8, -1.5));
    assert!((of(&found, FULL) - 0.8).abs() < 0.35, "{found:?}");
    assert!((of(&found, FOUR_POINT) + 1.5).abs() < 0.35, "{found:?}");
}

#[test]
fn grey_faces_in_three_channels_have_the_same_shifts() {
    let faces = moved(0.8, -1.5);
    let found = measure(&faces);
    assert!(!found.is_none(), "{found:?}");
    assert_eq!(measure(&in_colour(&faces)), found);
}
