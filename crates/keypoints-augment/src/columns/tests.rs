use super::*;
use crate::WarpParams;
use keypoints_core::kaggle15::{LEFT_EYE_CENTER, NOSE_TIP, RIGHT_EYE_CENTER};

const EYES: [Coordinate; 5] = [
    RIGHT_EYE_CENTER.y(), // Out of order on purpose.
    LEFT_EYE_CENTER.x(),
    LEFT_EYE_CENTER.y(),
    RIGHT_EYE_CENTER.x(),
    NOSE_TIP.x(),
];

fn columns(config: &AugmentConfig) -> Result<Columns, AugmentError> {
    Columns::new(&Schema::kaggle15(), &EYES, CoordinateScale::PIXELS, config)
}

#[test]
fn a_flip_gives_each_eye_the_other_ones_columns() {
    let columns = columns(&AugmentConfig { flip: 1.0, ..AugmentConfig::none() }).unwrap();
    let warp = Warp::new(96, WarpParams { flip: true, ..Default::default() }).unwrap();
    let (mut values, mut mask) = ([37.0, 66.0, 39.0, 30.0, 48.0], [1.0, 0.5, 1.0, 1.0, 1.0]);
    columns.map(&warp, &mut values, &mut mask);
    assert_eq!(values, [39.0, 65.0, 37.0, 29.0, 47.0]);
    assert_eq!(mask, [1.0, 1.0, 1.0, 0.5, 1.0], "a label's weight goes with it");
    columns.map(&warp, &mut values, &mut mask);
    assert_eq!((values, mask), ([37.0, 66.0, 39.0, 30.0, 48.0], [1.0, 0.5, 1.0, 1.0, 1.0]));
}

#[test]
fn a_label_without_its_partner_moves_only_along_its_axis() {
    let columns = columns(&AugmentConfig::none()).unwrap();
    let start = ([37.0, 66.0, f32::NAN, 30.0, 48.0], [1.0, 1.0, 0.0, 1.0, 1.0]);
    let map = |params| {
        let (mut values, mut mask) = start;
        columns.map(&Warp::new(96, params).unwrap(), &mut values, &mut mask);
        (values, mask)
    };
    let (values, mask) = map(WarpParams { shift: [5.0, 48.0], ..Default::default() });
    assert_eq!(values, [85.0, 71.0, 0.0, 35.0, 53.0]);
    assert_eq!(mask, start.1);
    let (_, mask) = map(WarpParams { rotation: 5.0, ..Default::default() });
    assert_eq!(mask, [1.0, 0.0, 0.0, 1.0, 0.0]);
}

#[test]
fn what_leaves_the_image_is_masked_whole() {
    let columns = columns(&AugmentConfig::none()).unwrap();
    let warp = Warp::new(96, WarpParams { shift: [-31.0, 0.0], ..Default::default() }).unwrap();
    let (mut values, mut mask) = ([37.0, 66.0, 39.0, 30.0, 31.0], [1.0; 5]);
    columns.map(&warp, &mut values, &mut mask);
    assert_eq!((values, mask), ([0.0, 35.0, 39.0, 0.0, 0.0], [0.0, 1.0, 1.0, 0.0, 1.0]));
}

#[test]
fn steps_that_lack_a_coordinate_are_refused() {
    let none = AugmentConfig::none();
    let error = columns(&AugmentConfig { shear: 3.0, ..none }).unwrap_err().to_string();
    assert!(error.contains("`augment.shear` must be 0") && error.contains("nose_tip_x"), "{error}");
    let one_eye = [LEFT_EYE_CENTER.x(), LEFT_EYE_CENTER.y()];
    let of_one_eye =
        |config| Columns::new(&Schema::kaggle15(), &one_eye, CoordinateScale::PIXELS, &config);
    let error = of_one_eye(AugmentConfig { flip: 0.5, ..none }).unwrap_err().to_string();
    assert!(error.contains("without right_eye_center_x"), "{error}");
    assert!(of_one_eye(AugmentConfig { shear: 3.0, ..none }).is_ok());
    let ears = Schema::new("ears", ["left", "right"]).unwrap();
    let both: Vec<Coordinate> = ears.coordinates().collect();
    let flip = AugmentConfig { flip: 0.5, ..none };
    let error = Columns::new(&ears, &both, CoordinateScale::PIXELS, &flip).unwrap_err();
    assert!(error.to_string().contains("no `mirror_pairs`"), "{error}");
}
