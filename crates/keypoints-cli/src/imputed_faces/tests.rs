use super::*;
use keypoints_core::{Labels, Pictures, kaggle15};

#[test]
fn a_point_is_known_or_filled_never_both() {
    let whole: Labels = Labels::new(vec![Some(40.0); 30]);
    let mut known = Labels::default();
    known.set(kaggle15::NOSE_TIP.x(), Some(48.0));
    known.set_point(kaggle15::LEFT_EYE_CENTER, keypoints_core::Point { x: 60.0, y: 40.0 });
    let face = ImputedFace { row: 0, known, filled: whole, caption: String::new() };
    let [labels, filled] = marks(&face).try_into().unwrap();
    assert_eq!(labels.points.points().count(), 1);
    assert_eq!(filled.points.points().count(), 14);
    assert_eq!(filled.points.point(kaggle15::LEFT_EYE_CENTER), None);
    assert!(filled.points.point(kaggle15::NOSE_TIP).is_some());
}

#[test]
fn rows_without_a_picture_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let images = Pictures::new(kaggle15::SHAPE, vec![90; 9216]).unwrap();
    let face = |row| ImputedFace {
        row,
        known: Labels::default(),
        filled: Labels::new(vec![Some(40.0); 30]),
        caption: format!("row {row}"),
    };
    let files =
        draw_imputed_faces(folder.path(), "faces", "", &images, &[face(0), face(1)]).unwrap();
    let svg = std::fs::read_to_string(&files[1]).unwrap();
    assert!(svg.contains("row 0") && !svg.contains("row 1"), "{svg:.300}");
    let error = draw_imputed_faces(folder.path(), "none", "", &images, &[]).unwrap_err();
    assert!(error.to_string().contains("no pictures"), "{error}");
}
