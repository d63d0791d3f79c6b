//! Small files of the competition's shape, made up here.
#![allow(dead_code)] // Each test binary uses its own part.
#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use std::io::{Cursor, Write};
use std::path::PathBuf;

use keypoints_core::{Schema, kaggle15};
use tempfile::TempDir;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

/// The header of `training.csv`.
pub(crate) fn header() -> String {
    Schema::kaggle15().coordinate_names().join(",") + ",Image"
}

/// Pixel `index` of face `face`.
pub(crate) fn pixel(face: usize, index: usize) -> u8 {
    ((index * (face + 3)) % 256) as u8
}

pub(crate) fn image(face: usize) -> String {
    let pixels: Vec<String> =
        (0..kaggle15::SHAPE.bytes()).map(|i| pixel(face, i).to_string()).collect();
    pixels.join(" ")
}

/// The cell of a coordinate: face 1 has gaps, the others have none.
pub(crate) fn cell(face: usize, coordinate: usize) -> String {
    if face == 1 && coordinate.is_multiple_of(3) {
        String::new()
    } else {
        format!("{:.10}", 1.0 + (face * 31 + coordinate * 3) as f64 % 90.0 + 0.1234567891)
    }
}

pub(crate) fn row(face: usize) -> String {
    let cells: Vec<String> = (0..30).map(|coordinate| cell(face, coordinate)).collect();
    cells.join(",") + "," + &image(face)
}

/// A `training.csv` of so many faces.
pub(crate) fn training_csv(faces: usize) -> String {
    let mut csv = header() + "\n";
    for face in 0..faces {
        csv += &(row(face) + "\n");
    }
    csv
}

/// A `test.csv` with these ids.
pub(crate) fn test_csv(ids: &[&str]) -> String {
    let mut csv = "ImageId,Image\n".to_owned();
    for (face, id) in ids.iter().enumerate() {
        csv += &format!("{id},{}\n", image(face));
    }
    csv
}

/// A temporary folder with one file in it.
pub(crate) fn file(name: &str, bytes: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

pub(crate) fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(members, CompressionMethod::Deflated)
}

pub(crate) fn zip_with(members: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A text with some of its bytes replaced: from where, by what, and how many.
pub(crate) fn replaced(text: &str, changes: Vec<(usize, String, usize)>) -> String {
    let mut text = text.to_owned();
    for (at, new, gone) in changes {
        let at = at.min(text.len());
        let end = (at + gone).min(text.len());
        text.replace_range(at..end, &new);
    }
    text
}

/// The points that are there and finite, with their indices.
pub(crate) fn finite_points(points: Vec<Option<(f32, f32)>>) -> Vec<(u16, f32, f32)> {
    let points = (0..).zip(points);
    let points = points.filter_map(|(index, point)| point.map(|(x, y)| (index, x, y)));
    points.filter(|(_, x, y)| x.is_finite() && y.is_finite()).collect()
}
