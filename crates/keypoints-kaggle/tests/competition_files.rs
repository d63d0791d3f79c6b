//! The competition's own files, where `KEYPOINTS_KAGGLE_DIR` says that they are.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests may panic")]

use std::path::PathBuf;

use keypoints_core::{Labels, Schema, kaggle15};
use keypoints_data::kaggle::{DataDir, LookupTable};
use keypoints_kaggle::{Submission, check, image_sources, score};

fn kaggle_files() -> Option<(PathBuf, LookupTable)> {
    let Some(folder) = std::env::var_os("KEYPOINTS_KAGGLE_DIR").map(PathBuf::from) else {
        println!("skipped: KEYPOINTS_KAGGLE_DIR is not set");
        return None;
    };
    let lookup = DataDir::new(&folder).lookup().unwrap();
    Some((folder, lookup))
}

#[test]
fn the_lookup_table_routes_a_third_of_the_images_to_the_full_source() {
    let Some((_, lookup)) = kaggle_files() else {
        return;
    };
    assert_eq!(lookup.len(), 27_124);
    let sources = image_sources(&lookup);
    let count = |source| sources.values().filter(|&&one| one == source).count();
    assert_eq!(count(kaggle15::FULL), 591);
    assert_eq!(count(kaggle15::FOUR_POINT), 1192);
}

#[test]
fn the_sample_submission_passes_with_a_warning() {
    let Some((folder, lookup)) = kaggle_files() else {
        return;
    };
    let path = folder.join("SampleSubmission.csv");
    if !path.exists() {
        println!("skipped: no {}", path.display());
        return;
    }
    let report = check(&path, &lookup).unwrap();
    println!("{report}");
    assert!(report.is_ok(), "{report}");
    assert_eq!(report.summary().rows, 27_124);
    assert_eq!(report.summary().max, 0.0);
    assert_eq!(report.warnings().len(), 1);
    assert_eq!(Submission::read(&path).unwrap().len(), 27_124);
}

#[test]
fn a_constant_prediction_goes_the_whole_way() {
    let Some((_, lookup)) = kaggle_files() else {
        return;
    };
    let coordinates = Schema::kaggle15().coordinates();
    let middle: Labels = coordinates.map(|one| (one, 48.125)).collect();
    let submission = Submission::route(&lookup, |_, _, coordinate| middle.get(coordinate)).unwrap();
    let target = tempfile::tempdir().unwrap();
    let path = target.path().join("submission.csv");
    submission.write(&path).unwrap();
    let report = check(&path, &lookup).unwrap();
    assert!(report.is_ok(), "{report}");
    let zeros = Submission::route(&lookup, |_, _, _| Some(0.0)).unwrap();
    let score = score(&submission, &zeros, &lookup).unwrap();
    println!("{score}");
    assert_eq!(score.overall().rmse(), Some(48.125));
    assert_eq!(score.overall().labels, 27_124);
    // What the weights of the two sources in the competition's score come from.
    assert_eq!(score.source(kaggle15::FULL).labels, 17_592);
    assert_eq!(score.source(kaggle15::FOUR_POINT).labels, 9_532);
}
