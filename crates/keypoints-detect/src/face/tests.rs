use keypoints_core::{Keypoint, Point};

use super::*;

/// A face whose points lie in a row through the middle of its crop.
fn face(middle: [f64; 2], side: f64, score: f32) -> Face {
    let crop = Crop::upright(middle, side);
    let mut points = Labels::default();
    for index in 0..5 {
        let x = middle[0] + (f64::from(index) - 2.0) * side / 8.0;
        points.set_point(Keypoint::new(index), Point { x: x as f32, y: middle[1] as f32 });
    }
    Face { region: crop.region(), score, points, uncertainty: None, crop }
}

#[test]
fn the_better_of_two_equal_faces_stays() {
    let faces = vec![
        face([100.0, 100.0], 80.0, 0.5),
        face([300.0, 100.0], 80.0, 0.7),
        face([105.0, 98.0], 84.0, 0.9),
        face([300.0, 100.0], 80.0, 0.8),
    ];
    let kept = without_doubles(faces.clone());
    assert_eq!(kept, [faces[2].clone(), faces[3].clone()]);
    assert!(without_doubles(Vec::new()).is_empty());
}

#[test]
fn neighbours_stay() {
    // Cheek to cheek, one behind the other, and a small one before a large one.
    let pairs = [
        (face([100.0, 100.0], 80.0, 0.5), face([160.0, 110.0], 80.0, 0.5)),
        (face([100.0, 100.0], 80.0, 0.5), face([130.0, 80.0], 60.0, 0.5)),
        (face([100.0, 100.0], 200.0, 0.5), face([100.0, 140.0], 60.0, 0.5)),
    ];
    for (one, other) in pairs {
        assert!(!one.is_same(&other) && !other.is_same(&one), "{one:?} {other:?}");
        assert_eq!(without_doubles(vec![one, other]).len(), 2);
    }
}

#[test]
fn equal_points_make_equal_faces_whatever_the_crops() {
    let one = face([100.0, 100.0], 80.0, 0.5);
    let other = Face { crop: Crop::upright([130.0, 130.0], 80.0), ..one.clone() };
    assert!(one.is_same(&other));
    let unknown = Face { points: Labels::default(), ..other };
    assert!(!one.is_same(&unknown));
}

#[test]
fn odd_scores_and_points_do_no_harm() {
    let mut odd = face([100.0, 100.0], 80.0, f32::NAN);
    odd.points.set_point(Keypoint::new(0), Point { x: f32::NAN, y: 0.0 });
    odd.crop.side = f64::NAN;
    assert!(!odd.is_same(&odd));
    assert_eq!(without_doubles(vec![odd.clone(), face([100.0, 100.0], 80.0, 0.5), odd]).len(), 3);
}
