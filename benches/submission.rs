//! How long it takes to answer Kaggle's 27,124 requests, to write the answers and to check the file.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark that cannot run may panic")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use keypoints_core::{Coordinate, Labels, Pictures, kaggle15};
use keypoints_data::kaggle::{LookupTable, Request, TestSet};
use keypoints_kaggle::{Submission, check};

const REQUESTS: usize = 27_124;
const FULL_IMAGES: u32 = 591;
const FOUR_POINT_IMAGES: u32 = 1192;
/// Full images that are asked for 28 coordinates instead of 30.
const TRIMMED_FULL: u32 = 69;
/// Four-point images that are asked for 6 coordinates instead of 8.
const TRIMMED_FOUR_POINT: u32 = 2;

/// A lookup table with as many images and requests as the competition's.
fn lookup() -> LookupTable {
    let four: Vec<Coordinate> =
        kaggle15::FOUR_POINTS.into_iter().flat_map(|point| [point.x(), point.y()]).collect();
    let all: Vec<Coordinate> = Coordinate::all(15).collect();
    let requests: Vec<Request> = (1..=FULL_IMAGES + FOUR_POINT_IMAGES)
        .flat_map(|image_id| {
            let asked = match image_id {
                id if id <= TRIMMED_FULL => &all[..28],
                id if id <= FULL_IMAGES => &all,
                id if id <= FULL_IMAGES + TRIMMED_FOUR_POINT => &four[..6],
                _ => &four,
            };
            asked.iter().map(move |&coordinate| (image_id, coordinate))
        })
        .zip(1..)
        .map(|((image_id, coordinate), row_id)| Request { row_id, image_id, coordinate })
        .collect();
    assert_eq!(requests.len(), REQUESTS);
    LookupTable::new(requests).unwrap()
}

fn submission(c: &mut Criterion) {
    let lookup = lookup();
    let image_ids: Vec<u32> = (1..=FULL_IMAGES + FOUR_POINT_IMAGES).collect();
    let images =
        Pictures::new(kaggle15::SHAPE, vec![0; image_ids.len() * kaggle15::SHAPE.bytes()]).unwrap();
    let predictions: Vec<Labels> = image_ids
        .iter()
        .map(|&id| {
            // Numbers with as many digits as a network's.
            let value = |one: Coordinate| 48.0 + 47.0 * (id as f32 + one.index() as f32).sin();
            Coordinate::all(15).map(|one| (one, value(one))).collect()
        })
        .collect();
    let test = TestSet::new(image_ids, images).unwrap();
    let answers = Submission::from_predictions(&lookup, &test, &predictions).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("submission.csv");
    answers.write(&path).unwrap();

    let mut group = c.benchmark_group("submission");
    group.throughput(Throughput::Elements(REQUESTS as u64));
    group.bench_function("route", |b| {
        b.iter(|| Submission::from_predictions(black_box(&lookup), &test, &predictions).unwrap());
    });
    group.bench_function("write", |b| b.iter(|| black_box(&answers).write(&path).unwrap()));
    group.bench_function("read", |b| b.iter(|| Submission::read(black_box(&path)).unwrap()));
    group.bench_function("check", |b| {
        b.iter(|| {
            let report = check(black_box(&path), &lookup).unwrap();
            assert!(report.is_ok());
            report
        });
    });
    group.finish();
}

criterion_group!(benches, submission);
criterion_main!(benches);
