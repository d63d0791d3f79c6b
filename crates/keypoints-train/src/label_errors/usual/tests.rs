//! What is usual, and what is not.

use super::*;
use kaggle15::{LEFT_EYE_CENTER, NOSE_TIP};
use keypoints_core::{Labels, kaggle15};

#[test]
fn a_point_is_measured_along_what_is_labelled() {
    let truth: Labels = [(NOSE_TIP.x(), 40.0), (NOSE_TIP.y(), 50.0), (LEFT_EYE_CENTER.y(), 30.0)]
        .into_iter()
        .collect();
    let prediction: Labels =
        [(NOSE_TIP.x(), 43.0), (NOSE_TIP.y(), 54.0), (LEFT_EYE_CENTER.y(), 28.0)]
            .into_iter()
            .collect();
    assert_eq!(
        residuals(&Schema::kaggle15(), &truth, &prediction),
        [(LEFT_EYE_CENTER, 2.0), (NOSE_TIP, 5.0)]
    );
    assert_eq!(residuals(&Schema::kaggle15(), &truth, &Labels::default()), []);
}

#[test]
fn a_distance_is_judged_by_its_own_kind() {
    // Noses are off by 1 to 3 pixels, eyes by 10 to 30; one nose lies far out and changes nothing.
    let face = |index: usize| {
        let step = (index % 3) as f64 + 1.0;
        vec![(NOSE_TIP, if index == 7 { 500.0 } else { step }), (LEFT_EYE_CENTER, 10.0 * step)]
    };
    let faces: Vec<_> = (0..30).map(face).collect();
    let usual = Usual::of(faces.iter().map(|one| (kaggle15::FULL, one.as_slice())));
    let score = |keypoint, residual| usual.score(kaggle15::FULL, keypoint, residual);
    assert!((score(NOSE_TIP, 2.0)).abs() < 1e-9);
    assert!((score(NOSE_TIP, 2.0 + 3.0 * 1.4826) - 3.0).abs() < 1e-9);
    assert!((score(LEFT_EYE_CENTER, 20.0 + 14.826) - 1.0).abs() < 1e-9);
    assert_eq!(usual.score(kaggle15::FOUR_POINT, NOSE_TIP, 9.0), 0.0, "nothing is known of them");
}

#[test]
fn the_median_of_an_even_number_lies_between_two() {
    assert_eq!(median(vec![4.0, 1.0, 3.0, 2.0]), 2.5);
    assert_eq!(median(vec![9.0, 1.0, 5.0]), 5.0);
}
