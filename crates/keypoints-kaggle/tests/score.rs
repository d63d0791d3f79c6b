//! The local score against numbers worked out by hand.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod common;

use common::small_lookup;
use keypoints_data::{Keypoint, LabelRegime};
use keypoints_kaggle::{Answer, KaggleError, Submission, score};

fn truth() -> Submission {
    Submission::route(&small_lookup(), |_, _, _| Some(40.0)).unwrap()
}

#[test]
fn the_truth_scores_zero() {
    let score = score(&truth(), &truth(), &small_lookup()).unwrap();
    assert_eq!(score.overall().rmse(), Some(0.0));
    assert_eq!(score.overall().labels, 48);
    assert_eq!(score.regime(LabelRegime::Full).labels, 40);
    assert_eq!(score.regime(LabelRegime::FourPoint).labels, 8);
    assert_eq!(score.keypoint(Keypoint::LeftEyeCenter).labels, 6);
    assert_eq!(score.keypoint(Keypoint::MouthLeftCorner).labels, 2);
    assert_eq!(score.part(LabelRegime::FourPoint, Keypoint::MouthLeftCorner).rmse(), None);
}

#[test]
fn parts_of_unequal_size_weigh_by_their_rows() {
    // 40 coordinates are 1 px off, 8 are 7 px off.
    let submission = Submission::route(&small_lookup(), |_, regime, _| match regime {
        LabelRegime::Full => Some(41.0),
        LabelRegime::FourPoint => Some(33.0),
    })
    .unwrap();
    let score = score(&submission, &truth(), &small_lookup()).unwrap();
    assert_eq!(score.overall().rmse(), Some(((40.0 + 8.0 * 49.0) / 48.0f64).sqrt()));
    assert_eq!(score.overall().rmse(), Some(3.0));
    assert_eq!(score.regime(LabelRegime::Full).rmse(), Some(1.0));
    assert_eq!(score.regime(LabelRegime::FourPoint).rmse(), Some(7.0));
    // Four full coordinates (images 1 and 9) and two of four points.
    let eye = score.keypoint(Keypoint::LeftEyeCenter);
    assert_eq!((eye.squared, eye.labels), (4.0 + 2.0 * 49.0, 6));
    assert_eq!(score.part(LabelRegime::FourPoint, Keypoint::LeftEyeCenter).rmse(), Some(7.0));

    let json = serde_json::to_value(&score).unwrap();
    assert_eq!(json["rmse"], 3.0);
    assert_eq!(json["regimes"]["four_point"]["rmse"], 7.0);
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
