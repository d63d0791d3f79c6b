//! The local score against numbers worked out by hand.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod common;

use common::small_lookup;
use keypoints_core::{Keypoint, kaggle15};
use keypoints_data::kaggle::{LookupTable, Request};
use keypoints_kaggle::{Answer, KaggleError, Submission, score};

fn truth() -> Submission {
    Submission::route(&small_lookup(), |_, _, _| Some(40.0)).unwrap()
}

#[test]
fn the_truth_scores_zero() {
    let score = score(&truth(), &truth(), &small_lookup()).unwrap();
    assert_eq!(score.overall().rmse(), Some(0.0));
    assert_eq!(score.overall().labels, 48);
    assert_eq!(score.source(kaggle15::FULL).labels, 40);
    assert_eq!(score.source(kaggle15::FOUR_POINT).labels, 8);
    assert_eq!(score.keypoint(kaggle15::LEFT_EYE_CENTER).labels, 6);
    assert_eq!(score.keypoint(kaggle15::MOUTH_LEFT_CORNER).labels, 2);
    assert_eq!(score.part(kaggle15::FOUR_POINT, kaggle15::MOUTH_LEFT_CORNER).rmse(), None);
}

#[test]
fn parts_of_unequal_size_weigh_by_their_rows() {
    // 40 coordinates are 1 px off, 8 are 7 px off.
    let submission = Submission::route(&small_lookup(), |_, source, _| {
        Some(if source == kaggle15::FULL { 41.0 } else { 33.0 })
    })
    .unwrap();
    let score = score(&submission, &truth(), &small_lookup()).unwrap();
    assert_eq!(score.overall().rmse(), Some(((40.0 + 8.0 * 49.0) / 48.0f64).sqrt()));
    assert_eq!(score.overall().rmse(), Some(3.0));
    assert_eq!(score.source(kaggle15::FULL).rmse(), Some(1.0));
    assert_eq!(score.source(kaggle15::FOUR_POINT).rmse(), Some(7.0));
    // Four full coordinates (images 1 and 9) and two of four points.
    let eye = score.keypoint(kaggle15::LEFT_EYE_CENTER);
    assert_eq!((eye.squared, eye.labels), (4.0 + 2.0 * 49.0, 6));
    assert_eq!(score.part(kaggle15::FOUR_POINT, kaggle15::LEFT_EYE_CENTER).rmse(), Some(7.0));

    let json = serde_json::to_value(&score).unwrap();
    assert_eq!(json["rmse"], 3.0);
    assert_eq!(json["sources"]["four_point"]["rmse"], 7.0);
    assert_eq!(json["keypoints"]["left_eye_center"]["count"], 6);
    let table = score.to_string();
    assert!(table.contains("four_point                  7.0000           8\n"), "{table}");
}

#[test]
fn rows_are_joined_by_id() {
    let shuffled = |offset: f32| {
        let answers =
            (1..=48).rev().map(|row_id| Answer { row_id, location: row_id as f32 + offset });
        Submission::new(answers.collect()).unwrap()
    };
    let straight = Submission::route(&small_lookup(), {
        let mut row = 0.0;
        move |_, _, _| {
            row += 1.0;
            Some(row)
        }
    })
    .unwrap();
    let score = score(&shuffled(2.0), &straight, &small_lookup()).unwrap();
    assert_eq!(score.overall().rmse(), Some(2.0));
}

#[test]
fn a_row_that_is_missing_is_an_error() {
    let short = Submission::new(truth().answers()[..47].to_vec()).unwrap();
    let error = score(&short, &truth(), &small_lookup()).unwrap_err();
    let expected = "the submission has no row with row id 48 (right_eye_inner_corner_y of image 9)";
    assert_eq!(error.to_string(), expected);
    let error = score(&truth(), &short, &small_lookup()).unwrap_err();
    assert!(matches!(error, KaggleError::MissingAnswer { file: "solution", row_id: 48, .. }));
}

#[test]
fn a_point_that_the_competition_does_not_have_is_an_error() {
    let coordinate = Keypoint::new(97).y();
    let lookup = LookupTable::new(vec![Request { row_id: 1, image_id: 5, coordinate }]).unwrap();
    let answer = Submission::route(&lookup, |_, _, _| Some(1.0)).unwrap();
    let error = score(&answer, &answer, &lookup).unwrap_err();
    assert!(matches!(error, KaggleError::UnknownKeypoint { row_id: 1, number: 97 }), "{error}");
    let error = Submission::route(&lookup, |_, _, _| None).unwrap_err();
    let expected = "no prediction for keypoint number 97, y of image 5 (row id 1)";
    assert_eq!(error.to_string(), expected);
}
