//! What is usual, and what is not.

use super::*;
use keypoints_data::Keypoint::{LeftEyeCenter, NoseTip};

#[test]
fn a_point_is_measured_along_what_is_labelled() {
    let truth: Labels =
        [(NoseTip.x(), 40.0), (NoseTip.y(), 50.0), (LeftEyeCenter.y(), 30.0)].into_iter().collect();
    let prediction: Labels =
        [(NoseTip.x(), 43.0), (NoseTip.y(), 54.0), (LeftEyeCenter.y(), 28.0)].into_iter().collect();
    assert_eq!(residuals(&truth, &prediction), [(LeftEyeCenter, 2.0), (NoseTip, 5.0)]);
    assert_eq!(residuals(&truth, &Labels::default()), []);
}

#[test]
fn a_distance_is_judged_by_its_own_kind() {
    // Noses are off by 1 to 3 pixels, eyes by 10 to 30; one nose lies far out and changes nothing.
    let face = |index: usize| {
        let step = (index % 3) as f64 + 1.0;
        vec![(NoseTip, if index == 7 { 500.0 } else { step }), (LeftEyeCenter, 10.0 * step)]
    };
    let faces: Vec<_> = (0..30).map(face).collect();
    let usual = Usual::of(faces.iter().map(|one| (LabelRegime::Full, one.as_slice())));
    let score = |keypoint, residual| usual.score(LabelRegime::Full, keypoint, residual);
    assert!((score(NoseTip, 2.0)).abs() < 1e-9);
    assert!((score(NoseTip, 2.0 + 3.0 * 1.4826) - 3.0).abs() < 1e-9);
    assert!((score(LeftEyeCenter, 20.0 + 14.826) - 1.0).abs() < 1e-9);
    assert_eq!(usual.score(LabelRegime::FourPoint, NoseTip, 9.0), 0.0, "nothing is known of them");
}

#[test]
fn the_median_of_an_even_number_lies_between_two() {
    assert_eq!(median(vec![4.0, 1.0, 3.0, 2.0]), 2.5);
    assert_eq!(median(vec![9.0, 1.0, 5.0]), 5.0);
}
