use super::{NOSE, all};
use crate::impute::*;
use crate::kaggle;
use keypoints_core::kaggle15::{FOUR_POINT, FULL};
use keypoints_core::{Coordinate, Dataset, Labels, Pictures, kaggle15};

/// Complete rows in which everything is `shift` further to the right and below.
fn faces(shifts: impl IntoIterator<Item = f32>) -> Vec<Labels> {
    let face =
        |shift: f32| Coordinate::all(15).map(|one| (one, one.index() as f32 + shift)).collect();
    shifts.into_iter().map(face).collect()
}

/// The labels with black pictures.
fn dataset(labels: &[Labels]) -> Dataset {
    let pixels = vec![0; labels.len() * kaggle15::SHAPE.bytes()];
    let pictures = Pictures::new(kaggle15::SHAPE, pixels).unwrap();
    kaggle::dataset(pictures, labels.to_vec()).unwrap()
}

#[test]
fn hiding_leaves_the_four_points_of_the_drawn_rows() {
    let mut labels = faces((0..50).map(|shift| shift as f32));
    labels[3].set(NOSE, None);
    let dataset = dataset(&labels);
    let hide = |seed: u64| HiddenLabels::new(&dataset, FOUR_POINT, 0.2, seed).unwrap();
    let hidden = hide(7);
    assert_eq!(hidden.rows().len(), 10);
    assert!(hidden.rows().is_sorted() && !hidden.rows().contains(&3));
    for (row, (with_holes, labels)) in hidden.labels().iter().zip(&labels).enumerate() {
        if !hidden.rows().contains(&row) {
            assert_eq!(with_holes, labels);
            continue;
        }
        for one in dataset.schema().coordinates() {
            let is_left = kaggle15::FOUR_POINTS.contains(&one.keypoint);
            assert_eq!(with_holes.get(one), labels.get(one).filter(|_| is_left), "{one:?}");
        }
    }
    let again = hide(7);
    assert_eq!((again.rows(), again.labels()), (hidden.rows(), hidden.labels()));
    assert_ne!(hide(8).rows(), hidden.rows());
}

#[test]
fn silly_requests_are_refused() {
    let labels = faces([1.0, 2.0]);
    let (one, two) = (dataset(&labels[..1]), dataset(&labels));
    for share in [0.0, 1.0, -0.5, f64::NAN, f64::INFINITY] {
        let error = HiddenLabels::new(&two, FOUR_POINT, share, 1).unwrap_err();
        assert!(matches!(error, HiddenLabelsError::ShareOutOfRange { .. }), "{share}: {error}");
    }
    let error = HiddenLabels::new(&one, FOUR_POINT, 0.5, 1).unwrap_err();
    assert_eq!(error, HiddenLabelsError::TooFewCompleteRows { needed: 2, found: 1 });
    let error = HiddenLabels::in_rows(&two, FOUR_POINT, &[0, 2]).unwrap_err();
    assert_eq!(error.to_string(), "expected rows below 2, found 2");
    let error = HiddenLabels::in_rows(&two, FOUR_POINT, &[]).unwrap_err();
    assert_eq!(error, HiddenLabelsError::TooFewCompleteRows { needed: 1, found: 0 });
    let message = "label source `full` marks every point: there is nothing to hide";
    let error = HiddenLabels::in_rows(&two, FULL, &[0]).unwrap_err();
    assert_eq!(error.to_string(), message);
    assert_eq!(HiddenLabels::new(&two, FULL, 0.5, 1).unwrap_err(), error);
    // However small the share is, a row is hidden, and one is left.
    for share in [1e-9, 0.999] {
        let hidden = HiddenLabels::new(&two, FOUR_POINT, share, 1).unwrap();
        assert_eq!(hidden.rows().len(), 1);
    }
}

#[test]
fn errors_are_counted_at_the_hidden_labels_only() {
    let dataset = dataset(&faces([0.0, 10.0, 20.0]));
    let hidden = HiddenLabels::in_rows(&dataset, FOUR_POINT, &[2, 1, 1]).unwrap();
    assert_eq!(hidden.rows(), [1, 2]);
    // Wrong where nothing was hidden; off by 3 and 4 where something was; one gap left.
    let mut guess = faces([50.0, 13.0, 16.0]);
    for keypoint in kaggle15::FOUR_POINTS {
        guess[1].set(keypoint.x(), Some(0.0));
    }
    let corner = kaggle15::LEFT_EYE_INNER_CORNER;
    guess[1].set(corner.x(), None);
    guess[2].set(corner.y(), Some(f32::NAN));
    let report = hidden.compare(&guess);
    assert_eq!((report.hidden, report.filled), (44, 42));
    assert_eq!(report.rmse, Some(12.5f64.sqrt()));
    assert_eq!(report.per_keypoint.len(), 11);
    assert_eq!(report.per_keypoint.get("left_eye_inner_corner"), Some(&12.5f64.sqrt()));
    assert!(report.per_keypoint.get("nose_tip").is_none());
    assert_eq!(report.worst_rows, [(2, 4.0), (1, 3.0)].map(|(row, rmse)| RowError { row, rmse }));

    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<ImputationReport>(&json).unwrap(), report);
    // Too few rows are gaps, not a panic.
    let nothing = hidden.compare(&[]);
    assert_eq!((nothing.rmse, nothing.filled, nothing.hidden), (None, 0, 44));
    assert!(nothing.per_keypoint.is_empty() && nothing.worst_rows.is_empty());

    let table = imputation_table(&[("ours", &report), ("nothing", &nothing)]);
    assert!(table.contains("| all hidden labels       |    3.536 |       - |"), "{table}");
    assert!(table.contains("| filled                  | 42 of 44 | 0 of 44 |"), "{table}");
    assert!(!table.contains("nose_tip"), "{table}");
}

#[test]
fn hidden_labels_are_out_of_the_imputers_sight() {
    // All rows but the hidden one are alike, so nobody who has not peeked can know better.
    let mut labels = faces([5.0; 9]);
    labels.extend(faces([60.0]));
    let dataset = dataset(&labels);
    let hidden = HiddenLabels::in_rows(&dataset, FOUR_POINT, &[9]).unwrap();
    for imputer in all() {
        let report = hidden.score(&imputer);
        assert_eq!((report.rmse, report.filled), (Some(55.0), 22), "{}", imputer.name());
    }
}
