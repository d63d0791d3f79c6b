use keypoints_core::{Crop, Region};

use super::*;

#[test]
fn a_face_has_its_names_and_a_box_from_the_corner() {
    let schema = Schema::kaggle15();
    let nose = schema.keypoint("nose_tip").unwrap();
    let mut points = Labels::default();
    points.set_point(nose, Point { x: 4.5, y: 5.25 });
    let face = Face {
        region: Region::of_pixels(1.0, 2.0, 30.0, 40.0),
        score: 0.75,
        points: points.clone(),
        uncertainty: Some([(nose, 1.5)].into()),
        crop: Crop::upright([16.0, 22.0], 40.0),
    };
    let values = FaceValues::of(&face, &schema);
    assert_eq!(values.region, [1.0, 2.0, 30.0, 40.0]);
    assert_eq!(values.score, 0.75);
    assert_eq!(values.keypoints, [("nose_tip".to_owned(), [4.5, 5.25])]);
    assert_eq!(values.uncertainty, Some(vec![("nose_tip".to_owned(), 1.5)]));

    let tracked = TrackedFace { id: 7, face: Face { uncertainty: None, ..face }, raw: points };
    let tracked = TrackedValues::of(&tracked, &schema);
    assert_eq!((tracked.id, tracked.face.uncertainty), (7, None));
    assert_eq!(tracked.raw, values.keypoints);
}
