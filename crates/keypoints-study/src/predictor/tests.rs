//! How far members are apart.

use super::*;
use keypoints_core::{Labels, kaggle15};

#[test]
fn as_far_as_they_are_apart() {
    let nose = |x, y| -> Labels {
        [(kaggle15::NOSE_TIP.x(), x), (kaggle15::NOSE_TIP.y(), y)].into_iter().collect()
    };
    let found = apart(&Schema::kaggle15(), &[&nose(40.0, 50.0), &nose(46.0, 58.0)]);
    assert_eq!(found, [(kaggle15::NOSE_TIP, 5.0)].into_iter().collect());
    assert!(
        apart(&Schema::kaggle15(), &[&nose(40.0, 50.0), &Labels::default()]).is_empty(),
        "one point alone"
    );
}
