//! Routing, writing and reading submissions.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod common;

use std::fs;

use common::small_lookup;
use keypoints_core::{Labels, Pictures, Schema, kaggle15};
use keypoints_data::kaggle::TestSet;
use keypoints_kaggle::{
    Answer, KaggleError, LocationFault, Problem, Submission, check, image_sources,
};
use proptest::prelude::*;

fn read_text(text: impl AsRef<[u8]>) -> Result<Submission, KaggleError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("submission.csv");
    fs::write(&path, text).unwrap();
    Submission::read(&path)
}

fn problem_of(text: &str) -> Problem {
    match read_text(text) {
        Err(KaggleError::Malformed { problem, path }) => {
            assert!(path.ends_with("submission.csv"));
            problem
        }
        other => panic!("expected a malformed file, found {other:?}"),
    }
}

#[test]
fn label_sources_follow_from_the_number_of_requests() {
    let sources = image_sources(&small_lookup());
    let expected = [(1, kaggle15::FULL), (2, kaggle15::FOUR_POINT), (9, kaggle15::FULL)];
    assert_eq!(sources.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn every_request_is_answered_in_order_with_its_label_source() {
    let lookup = small_lookup();
    let mut asked = Vec::new();
    let submission = Submission::route(&lookup, |image_id, source, coordinate| {
        asked.push((image_id, source, coordinate));
        Some(asked.len() as f32)
    })
    .unwrap();
    assert_eq!(submission.len(), 48);
    for (row, answer) in submission.answers().iter().enumerate() {
        assert_eq!(*answer, Answer { row_id: row as u32 + 1, location: row as f32 + 1.0 });
    }
    assert_eq!(asked[0], (1, kaggle15::FULL, kaggle15::LEFT_EYE_CENTER.x()));
    assert_eq!(asked[30], (2, kaggle15::FOUR_POINT, kaggle15::LEFT_EYE_CENTER.x()));
    assert_eq!(asked[47], (9, kaggle15::FULL, kaggle15::RIGHT_EYE_INNER_CORNER.y()));
}

#[test]
fn answers_are_clipped_to_the_picture() {
    let mut values = [-3.5, -0.0, 0.5, 96.0, 96.01, 1e9].into_iter().cycle();
    let submission = Submission::route(&small_lookup(), |_, _, _| values.next()).unwrap();
    let first: Vec<f32> = submission.answers()[..6].iter().map(|one| one.location).collect();
    assert_eq!(first, [0.0, 0.0, 0.5, 96.0, 96.0, 96.0]);
    assert!(first[1].is_sign_positive());
}

#[test]
fn a_missing_or_infinite_prediction_is_named() {
    let missing = Submission::route(&small_lookup(), |image, _, coordinate| {
        (image != 2 || coordinate != kaggle15::NOSE_TIP.y()).then_some(1.0)
    });
    let expected = "no prediction for nose_tip_y of image 2 (row id 36)";
    assert_eq!(missing.unwrap_err().to_string(), expected);

    for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let result = Submission::route(&small_lookup(), |image, _, _| {
            Some(if image == 9 { wrong } else { 1.0 })
        });
        let Err(KaggleError::NonFinitePrediction { row_id, image_id, coordinate, found }) = result
        else {
            panic!("{wrong} was taken");
        };
        assert_eq!((row_id, image_id, coordinate), (39, 9, kaggle15::LEFT_EYE_CENTER.x()));
        assert_eq!(found.to_bits(), wrong.to_bits());
    }
}

#[test]
fn predictions_belong_to_the_image_ids_of_the_test_set() {
    let lookup = small_lookup();
    let images = |count: usize| {
        Pictures::new(kaggle15::SHAPE, vec![0; count * kaggle15::SHAPE.bytes()]).unwrap()
    };
    let all = Schema::kaggle15().coordinates();
    let constant = |value: f32| all.clone().map(|one| (one, value)).collect::<Labels>();
    // The test set is in another order than the table.
    let test = TestSet::new(vec![9, 1, 2], images(3)).unwrap();
    let predictions = [constant(9.0), constant(1.0), constant(2.0)];
    let submission = Submission::from_predictions(&lookup, &test, &predictions).unwrap();
    for (answer, request) in submission.answers().iter().zip(lookup.requests()) {
        assert_eq!(answer.location, request.image_id as f32);
    }

    let error = Submission::from_predictions(&lookup, &test, &predictions[..2]).unwrap_err();
    assert!(matches!(error, KaggleError::PredictionCount { images: 3, predictions: 2 }));

    let test = TestSet::new(vec![1, 2], images(2)).unwrap();
    let error = Submission::from_predictions(&lookup, &test, &predictions[..2]).unwrap_err();
    assert!(matches!(error, KaggleError::UnknownImage { row_id: 39, image_id: 9 }));
}

#[test]
fn a_file_may_come_from_any_editor() {
    let expected = Submission::new(vec![
        Answer { row_id: 1, location: 66.5 },
        Answer { row_id: 2, location: 0.0 },
    ])
    .unwrap();
    for text in [
        "RowId,Location\n1,66.5\n2,0\n",
        "RowId,Location\n1,66.5\n2,0",
        "RowId,Location\r\n1,66.5\r\n2,0\r\n\r\n",
        "\u{feff}RowId,Location\r\n1, 66.5\n2,0e0\n\n",
        "RowId,Location\r1,66.5\r2,0\r",
        "\"RowId\",\"Location\"\n\"1\",\"66.5\"\n2,0\n",
        "Location,RowId\n66.5,1\n0,2\n",
    ] {
        assert_eq!(read_text(text).unwrap(), expected, "{text:?}");
    }
    assert!(read_text("RowId,Location\n").unwrap().is_empty());
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_row_and_column() {
    let location = |row, fault, found: &str| Problem::Location { row, fault, found: found.into() };
    for (text, expected) in [
        ("", Problem::Header { found: "".into() }),
        ("1,66.5\n", Problem::Header { found: "1,66.5".into() }),
        ("RowId;Location\n", Problem::Header { found: "RowId;Location".into() }),
        ("rowid,location\n", Problem::Header { found: "rowid,location".into() }),
        ("\"RowId,Location\"\n", Problem::Header { found: "\"RowId,Location\"".into() }),
        ("\x1f\u{8b}", Problem::Header { found: "\\u{1f}\\u{8b}".into() }),
        ("R\0o\0w\0", Problem::NotText { found: "a table in UTF-16; save it as UTF-8" }),
        ("RowId,Location\n1,2\n2\n", Problem::CellCount { row: 2, found: 1 }),
        ("RowId,Location\n1,66,5\n", Problem::CellCount { row: 1, found: 3 }),
        ("RowId,Location\n\n1,2\n", Problem::CellCount { row: 1, found: 0 }),
        ("RowId,Location\n1.0,2\n", Problem::RowId { row: 1, found: "1.0".into() }),
        ("RowId,Location\n-1,2\n", Problem::RowId { row: 1, found: "-1".into() }),
        ("RowId,Location\n1,\n", location(1, LocationFault::Blank, "")),
        ("RowId,Location\n1,NaN\n", location(1, LocationFault::NotFinite, "NaN")),
        ("RowId,Location\n1,-inf\n", location(1, LocationFault::NotFinite, "-inf")),
        ("RowId,Location\n1,1e39\n", location(1, LocationFault::NotFinite, "1e39")),
        ("RowId,Location\n1,NA\n", location(1, LocationFault::NotFinite, "NA")),
        ("RowId,Location\n1,\"2\n", location(1, LocationFault::Quoted, "\"2")),
        ("RowId,Location\n1,nose\n", location(1, LocationFault::Text, "nose")),
        (
            "RowId,Location\n5,1\n6,1\n5,1\n",
            Problem::DuplicateRowId { row: 3, row_id: 5, first_row: 1 },
        ),
    ] {
        assert_eq!(problem_of(text), expected, "{text:?}");
    }
    // Bytes that are no text, and a cell that fits into no message.
    assert!(read_text(b"RowId,Location\n1,\xff\xfe\n").unwrap_err().to_string().contains("text"));
    let long = read_text(format!("RowId,Location\n1,{}", "x".repeat(500))).unwrap_err();
    assert!(long.to_string().ends_with("x…`") && long.to_string().len() < 300, "{long}");
}

#[test]
fn answers_by_hand_are_looked_at_too() {
    let answer = |location| Answer { row_id: 3, location };
    assert!(Submission::new(vec![answer(f32::NAN)]).is_err());
    let twice = Submission::new(vec![answer(1.0), answer(2.0)]).unwrap_err();
    let expected =
        "these answers are no submission: row 2: RowId 3 again, it stands in row 1 already";
    assert_eq!(twice.to_string(), expected);
}

#[test]
fn writing_replaces_a_file_whole_and_leaves_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("submission.csv");
    fs::write(&path, "x".repeat(10_000)).unwrap();
    let submission = Submission::route(&small_lookup(), |_, _, _| Some(33.25)).unwrap();
    submission.write(&path).unwrap();
    assert_eq!(Submission::read(&path).unwrap(), submission);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

    let nowhere = folder.path().join("no folder").join("submission.csv");
    let error = submission.write(&nowhere).unwrap_err();
    assert!(matches!(&error, KaggleError::Write { path, .. } if *path == nowhere), "{error}");
    let error = Submission::read(&nowhere).unwrap_err();
    assert!(matches!(&error, KaggleError::Read { path, .. } if *path == nowhere), "{error}");
}

#[cfg(unix)]
#[test]
fn a_written_file_is_as_readable_as_any_other() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let mode =
        |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    fs::write(folder.path().join("other"), "").unwrap();
    Submission::default().write(folder.path().join("submission.csv")).unwrap();
    assert_eq!(mode("submission.csv"), mode("other"));
}

proptest! {
    /// Any finite number, subnormal ones and negative zero too, survives the file bit by bit.
    #[test]
    fn what_is_written_is_read(
        rows in prop::collection::hash_map(any::<u32>(), prop::num::f32::NORMAL
            | prop::num::f32::SUBNORMAL | prop::num::f32::ZERO | prop::num::f32::NEGATIVE
            | prop::num::f32::POSITIVE, 0..200),
    ) {
        let answers = rows.into_iter().map(|(row_id, location)| Answer { row_id, location });
        let submission = Submission::new(answers.collect()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("submission.csv");
        submission.write(&path).unwrap();
        let bits = |one: &Submission| -> Vec<(u32, u32)> {
            one.answers().iter().map(|row| (row.row_id, row.location.to_bits())).collect()
        };
        prop_assert_eq!(bits(&Submission::read(&path).unwrap()), bits(&submission));
    }

    /// Whatever finite numbers a network says: the file that comes of it is good.
    #[test]
    fn what_is_routed_and_written_passes_the_check(
        values in prop::collection::vec(-1e6f32..1e6, 48),
    ) {
        let lookup = small_lookup();
        let mut next = values.iter().copied();
        let submission = Submission::route(&lookup, |_, _, _| next.next()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("submission.csv");
        submission.write(&path).unwrap();
        let report = check(&path, &lookup).unwrap();
        prop_assert!(report.is_ok(), "{}", report);
    }

    /// No file makes the reader or the checker panic.
    #[test]
    fn any_bytes_are_survived(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        text in "(RowId,Location\n)?([0-9]{1,3},[0-9.]{0,6}\n|[,\"\r\n]){0,20}",
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("submission.csv");
        for content in [bytes.as_slice(), text.as_bytes()] {
            fs::write(&path, content).unwrap();
            let read = Submission::read(&path);
            let report = check(&path, &small_lookup()).unwrap();
            prop_assert!(!report.to_string().is_empty());
            // The checker never takes what the reader refuses.
            prop_assert!(read.is_ok() || !report.is_ok());
        }
    }
}
