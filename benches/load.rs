//! How long do the competition's files take to read?
//!
//! `load/pixels` parses one picture's text, `load/csv` a small `training.csv` made up here; `load/bytes` only reads such a file and counts what separates its numbers, which is the least that any
//! reader has to do. With `KEYPOINTS_KAGGLE_DIR` set, `load/kaggle` reads the real
//! `training.csv` (or its zip).

mod common;

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use keypoints_core::{Coordinate, Schema, kaggle15};
use keypoints_data::kaggle::{parse_pixels, read_training};

const FACES: usize = 300;

/// Grey values as smooth as a picture's: most neighbours have the same number of digits.
fn image(face: usize) -> String {
    let value = |index: usize| {
        let (x, y) = ((index % 96) as f32, (index / 96) as f32);
        let wave = (x / (9.0 + face as f32 % 7.0)).sin() + (y / 13.0).cos();
        (120.0 + 55.0 * wave) as u8
    };
    let pixels: Vec<String> =
        (0..kaggle15::SHAPE.bytes()).map(|index| value(index).to_string()).collect();
    pixels.join(" ")
}

/// Two rows of three have only the four points that most real rows have.
fn training_csv() -> String {
    let names: Vec<String> = Schema::kaggle15().coordinate_names();
    let mut csv = names.join(",") + ",Image\n";
    for face in 0..FACES {
        for coordinate in Coordinate::all(15) {
            let few = kaggle15::FOUR_POINTS.contains(&coordinate.keypoint);
            if few || face % 3 == 0 {
                let value = (face * 7 + coordinate.index() * 3) % 90;
                let _ = write!(csv, "{value}.0335639098");
            }
            csv.push(',');
        }
        csv += &image(face);
        csv.push('\n');
    }
    csv
}

fn bytes(path: &Path) -> Throughput {
    Throughput::Bytes(std::fs::metadata(path).map_or(0, |metadata| metadata.len()))
}

fn pixels(criterion: &mut Criterion) {
    let text = image(3);
    let mut face = [0; kaggle15::SHAPE.bytes()];
    let mut group = criterion.benchmark_group("load/pixels");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function(BenchmarkId::from_parameter(kaggle15::SHAPE.bytes()), |bencher| {
        bencher.iter(|| parse_pixels(black_box(text.as_bytes()), black_box(&mut face)));
    });
    group.finish();
}

/// How many characters separate the numbers of a file.
fn separators(path: &Path) -> std::io::Result<usize> {
    let text = std::fs::read(path)?;
    Ok(text.iter().filter(|&&one| matches!(one, b' ' | b',' | b'\n')).count())
}

/// Reads a training file.
fn source(criterion: &mut Criterion, name: &str, parameter: &str, path: &Path) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(bytes(path));
    group.bench_function(BenchmarkId::from_parameter(parameter), |bencher| {
        bencher.iter(|| read_training(path).map(|faces| faces.len()));
    });
    group.finish();

    if path.extension().is_some_and(|extension| extension == "csv") {
        let mut group = criterion.benchmark_group("load/bytes");
        group.throughput(bytes(path));
        group.bench_function(BenchmarkId::from_parameter(parameter), |bencher| {
            bencher.iter(|| separators(path));
        });
        group.finish();
    }
}

fn files(criterion: &mut Criterion) {
    let Ok(folder) = tempfile::tempdir() else { return };
    let path = folder.path().join("training.csv");
    if std::fs::write(&path, training_csv()).is_ok() {
        source(criterion, "load/csv", &format!("{FACES}_faces"), &path);
    }
}

fn kaggle_files(criterion: &mut Criterion) {
    let Some(kaggle) = std::env::var_os("KEYPOINTS_KAGGLE_DIR").map(PathBuf::from) else { return };
    for name in ["training.csv", "training.zip"] {
        let path = kaggle.join(name);
        if path.is_file() {
            source(criterion, "load/kaggle", name, &path);
        }
    }
}

criterion_group! {
    name = benches;
    config = common::criterion();
    targets = pixels, files, kaggle_files
}
criterion_main!(benches);
