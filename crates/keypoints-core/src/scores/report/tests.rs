use super::*;
use crate::kaggle15::{FOUR_POINT, FOUR_POINTS, FULL, LEFT_EYE_INNER_CORNER, NOSE_TIP};
use crate::keypoint::Coordinate;

/// A row that is off by `error` everywhere, with the labels of `count` coordinates.
fn pair(count: usize, error: f32) -> (Labels, Labels) {
    let coordinates: Vec<Coordinate> = if count == 8 {
        FOUR_POINTS.into_iter().flat_map(|k| [k.x(), k.y()]).collect()
    } else {
        Coordinate::all(15).take(count).collect()
    };
    let truth = coordinates.iter().map(|&c| (c, 40.0)).collect();
    let guess = Coordinate::all(15).map(|c| (c, 40.0 + error)).collect();
    (truth, guess)
}

#[test]
fn sources_count_by_their_weights() {
    let schema = Schema::kaggle15();
    let (full, guess_full) = pair(30, 1.0);
    let (four, guess_four) = pair(8, 3.0);
    let (truth, guess) = ([full, four], [guess_full, guess_four]);
    let report = ErrorReport::compare(&schema, &[FULL, FOUR_POINT], &truth, &guess);
    assert_eq!(report.source("full"), Some(1.0));
    assert_eq!(report.source("four_point"), Some(3.0));
    // 30 labels off by 1 and 8 labels off by 3: (30 + 72) / 38.
    assert!((report.rmse.unwrap() - (102.0_f64 / 38.0).sqrt()).abs() < 1e-12);
    let weighted = (0.6486 * 1.0 + 0.3514 * 9.0_f64).sqrt();
    assert!((report.weighted_rmse.unwrap() - weighted).abs() < 1e-12);
    // The nose tip: 2 labels off by 1, 2 off by 3. An eye corner only by 1.
    let of = |keypoint| *report.per_keypoint.get(schema.name_of(keypoint)).unwrap();
    assert!((of(NOSE_TIP) - 5.0_f64.sqrt()).abs() < 1e-12);
    assert_eq!(of(LEFT_EYE_INNER_CORNER), 1.0);
    assert_eq!(report.labels, 38);
}

#[test]
fn a_schema_with_one_source_has_one_score() {
    let schema = Schema::new("two", ["a", "b"]).unwrap();
    let (truth, guess) = pair(4, 2.0);
    let report = ErrorReport::compare(&schema, &[Source::default()], &[truth], &[guess]);
    assert_eq!((report.rmse, report.weighted_rmse, report.score()), (Some(2.0), None, Some(2.0)));
    assert!(report.sources.is_empty());
}

#[test]
fn unequal_batches_count_by_labels() {
    // A batch of 30 labels and a batch of 1: the mean of the two batch means would be (1 + 16) / 2.
    let mut sums = ErrorSums::new(&Schema::kaggle15());
    let (truth, guess) = pair(30, 1.0);
    sums.add(FULL, &truth, &guess);
    let (truth, guess) = pair(1, 4.0);
    sums.add(FOUR_POINT, &truth, &guess);
    assert!((sums.total().mse().unwrap() - 46.0 / 31.0).abs() < 1e-12);
}

#[test]
fn nothing_to_compare_gives_no_number() {
    let empty = [Labels::default()];
    let report = ErrorReport::compare(&Schema::kaggle15(), &[FULL], &empty, &empty);
    assert_eq!(report, ErrorReport::default());
}
