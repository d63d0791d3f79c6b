//! How far members are apart.

use super::*;

#[test]
fn as_far_as_they_are_apart() {
    let nose = |x, y| -> Labels {
        [(Keypoint::NoseTip.x(), x), (Keypoint::NoseTip.y(), y)].into_iter().collect()
    };
    let found = apart(&[&nose(40.0, 50.0), &nose(46.0, 58.0)]);
    assert_eq!(found, [(Keypoint::NoseTip, 5.0)].into_iter().collect());
    assert!(apart(&[&nose(40.0, 50.0), &Labels::default()]).is_empty(), "one point alone");
}
