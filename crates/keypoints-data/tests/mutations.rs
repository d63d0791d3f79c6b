//! Damaged files: never a panic, and never other values than a slow and simple reader sees.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::sync::LazyLock;

use common::{file, training_csv, zip_of};
use keypoints_core::{Coordinate, Dataset, Schema, kaggle15};
use keypoints_data::kaggle::read_training;
use proptest::prelude::*;

static CSV: LazyLock<Vec<u8>> = LazyLock::new(|| training_csv(3).into_bytes());

/// A face as the simple reader sees it.
type Face = (Vec<Option<f32>>, Vec<u8>);

/// Reads `training.csv` by splitting at line ends, commas, spaces and tabs. `None` if anything is odd but what
/// [`read_training`] says that it reads.
fn simple_reader(bytes: &[u8]) -> Option<Vec<Face>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = str::from_utf8(bytes).ok()?;
    let text = text.trim_start_matches(['\n', '\r']);
    let text = text.trim_end_matches(['\n', '\r', ' ', '\t', ',']);
    let line_end = if text.contains('\n') { '\n' } else { '\r' };
    let mut lines = text.split(line_end).map(|line| {
        line.trim_end_matches('\r').split(',').map(unquoted).collect::<Option<Vec<_>>>()
    });
    let header = without_end(lines.next()??);
    let mut wanted = Schema::kaggle15().coordinate_names();
    wanted.push("Image".to_owned());
    let places: Vec<usize> = wanted
        .iter()
        .map(|name| header.iter().position(|column| column == name))
        .collect::<Option<_>>()?;
    let mut faces = Vec::new();
    for line in lines {
        let line = without_end(line?);
        if line.len() != wanted.len() || header.len() != wanted.len() {
            return None;
        }
        let labels = places[..30].iter().map(|&place| coordinate(line[place]));
        let labels = labels.collect::<Option<Vec<_>>>()?;
        let pixels =
            line[places[30]].trim().split([' ', '\t', '\r']).filter(|text| !text.is_empty());
        let pixels = pixels.map(pixel).collect::<Option<Vec<_>>>()?;
        if pixels.len() != kaggle15::SHAPE.bytes() {
            return None;
        }
        faces.push((labels, pixels));
    }
    (!faces.is_empty()).then_some(faces)
}

/// A line without empty columns behind the last one.
fn without_end(mut line: Vec<&str>) -> Vec<&str> {
    while line.len() > 31 && line.last().is_some_and(|last| last.trim().is_empty()) {
        line.pop();
    }
    line
}

fn unquoted(field: &str) -> Option<&str> {
    match field.strip_prefix('"') {
        Some(quoted) => quoted.strip_suffix('"').filter(|text| !text.contains('"')),
        None => Some(field),
    }
}

/// `Some(None)` is a blank cell, `None` a bad one.
fn coordinate(text: &str) -> Option<Option<f32>> {
    if text.is_empty() || text.eq_ignore_ascii_case("nan") {
        return Some(None);
    }
    let (value, wide) = (text.parse::<f32>().ok()?, text.parse::<f64>().ok()?);
    (value.is_finite() && (0.0..=96.0).contains(&wide)).then_some(Some(value))
}

fn pixel(text: &str) -> Option<u8> {
    let text = match text.split_once('.') {
        Some((whole, zeros)) if zeros.chars().all(|zero| zero == '0') => whole,
        _ => text,
    };
    (text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

fn seen(faces: &Dataset) -> Vec<Face> {
    let pixels = faces.pictures().iter().map(<[u8]>::to_vec);
    let values = faces.labels().iter().map(|row| Coordinate::all(15).map(|one| row.get(one)));
    values.map(Iterator::collect).zip(pixels).collect()
}

#[derive(Clone, Debug)]
enum Mutation {
    Set(Place, u8),
    Flip(Place, u8),
    Insert(Place, Vec<u8>),
    Delete(Place, usize),
    Truncate(Place),
    DuplicateLine(usize),
    SwapLines(usize, usize),
}

/// Most of the file is pixels; header and labels get as many hits as they do.
#[derive(Clone, Debug)]
enum Place {
    Anywhere(prop::sample::Index),
    Header(prop::sample::Index),
    Start(usize, prop::sample::Index),
    LineEnd(usize),
}

impl Place {
    fn resolve(&self, bytes: &[u8]) -> usize {
        let starts: Vec<usize> =
            [0].into_iter().chain(memchr::memchr_iter(b'\n', bytes).map(|end| end + 1)).collect();
        let place = match self {
            Self::Anywhere(index) => index.index(bytes.len().max(1)),
            Self::Header(index) => index.index(700),
            Self::Start(line, index) => starts[line % starts.len()] + index.index(450),
            Self::LineEnd(line) => starts[line % starts.len()].saturating_sub(1),
        };
        place.min(bytes.len())
    }
}

impl Mutation {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Set(place, value) | Self::Flip(place, value) => {
                let place = place.resolve(bytes);
                if let Some(byte) = bytes.get_mut(place) {
                    *byte = if matches!(self, Self::Set(..)) { *value } else { *byte ^ *value };
                }
            }
            Self::Insert(place, values) => {
                let place = place.resolve(bytes);
                bytes.splice(place..place, values.iter().copied());
            }
            Self::Delete(place, count) => {
                let place = place.resolve(bytes);
                bytes.drain(place..(place + count).min(bytes.len()));
            }
            Self::Truncate(place) => bytes.truncate(place.resolve(bytes)),
            Self::DuplicateLine(line) => {
                let lines: Vec<Vec<u8>> =
                    bytes.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
                if !lines.is_empty() {
                    bytes.extend_from_slice(&lines[line % lines.len()]);
                }
            }
            Self::SwapLines(a, b) => {
                let mut lines: Vec<Vec<u8>> =
                    bytes.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
                if !lines.is_empty() {
                    let (a, b) = (a % lines.len(), b % lines.len());
                    lines.swap(a, b);
                    *bytes = lines.concat();
                }
            }
        }
    }
}

fn place() -> impl Strategy<Value = Place> {
    prop_oneof![
        any::<prop::sample::Index>().prop_map(Place::Anywhere),
        any::<prop::sample::Index>().prop_map(Place::Header),
        (0..5_usize, any::<prop::sample::Index>()).prop_map(|(line, at)| Place::Start(line, at)),
        (0..5_usize).prop_map(Place::LineEnd),
    ]
}

fn byte() -> impl Strategy<Value = u8> {
    prop_oneof![
        4 => prop::sample::select(b"0123456789".to_vec()),
        3 => prop::sample::select(b",\" \n\r.-+eE".to_vec()),
        1 => any::<u8>(),
    ]
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let text = prop_oneof![
        prop::collection::vec(byte(), 1..4),
        prop::sample::select(vec![
            &b"\r\n"[..],
            b"NaN",
            b"inf",
            b"\"\"",
            b"\n\n",
            b",,",
            b"\xef\xbb\xbf"
        ])
        .prop_map(<[u8]>::to_vec),
    ];
    prop_oneof![
        4 => (place(), byte()).prop_map(|(place, value)| Mutation::Set(place, value)),
        2 => (place(), any::<u8>()).prop_map(|(place, value)| Mutation::Flip(place, value)),
        4 => (place(), text).prop_map(|(place, text)| Mutation::Insert(place, text)),
        3 => (place(), 1..6_usize).prop_map(|(place, count)| Mutation::Delete(place, count)),
        1 => place().prop_map(Mutation::Truncate),
        1 => (0..5_usize).prop_map(Mutation::DuplicateLine),
        1 => (0..5_usize, 0..5_usize).prop_map(|(a, b)| Mutation::SwapLines(a, b)),
    ]
}

#[test]
fn the_simple_reader_reads() {
    let (_folder, path) = file("training.csv", &*CSV);
    assert_eq!(simple_reader(&CSV).unwrap(), seen(&read_training(&path).unwrap()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_damaged_file_is_refused_or_read_as_it_stands(mutations in prop::collection::vec(mutation(), 1..4)) {
        let mut bytes = CSV.clone();
        mutations.iter().for_each(|mutation| mutation.apply(&mut bytes));
        let (_folder, path) = file("training.csv", &bytes);
        match (read_training(&path), simple_reader(&bytes)) {
            (Ok(faces), Some(expected)) => {
                // By bits, so that -0.0 and 0.0 differ.
                let bits = |faces: &[Face]| -> Vec<Vec<Option<u32>>> {
                    faces.iter().map(|face| face.0.iter().map(|v| v.map(f32::to_bits)).collect()).collect()
                };
                let faces = seen(&faces);
                prop_assert_eq!(bits(&faces), bits(&expected));
                prop_assert!(faces == expected);
            }
            (Err(_), None) => {}
            (Ok(_), None) => prop_assert!(false, "read although the simple reader refuses"),
            (Err(error), Some(_)) => prop_assert!(false, "refused: {error}"),
        }
    }

    #[test]
    fn a_damaged_zip_is_refused_or_read_as_it_was(mutations in prop::collection::vec(mutation(), 1..3), nested: bool) {
        let mut bytes = zip_of(&[("training.csv", &CSV[..])]);
        if nested {
            bytes = zip_of(&[("training.zip", &bytes)]);
        }
        mutations.iter().for_each(|mutation| mutation.apply(&mut bytes));
        let (_folder, path) = file("training.zip", &bytes);
        if let Ok(faces) = read_training(&path) {
            prop_assert!(seen(&faces) == simple_reader(&CSV).unwrap_or_default());
        }
    }
}
