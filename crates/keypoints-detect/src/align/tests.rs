use keypoints_core::{Keypoint, Point, kaggle15};

use super::*;

const FROM: Crop = Crop { centre: [100.0, 80.0], side: 60.0, roll: 0.3 };

/// The template's points where a crop shows them in their places.
fn points_of(crop: &Crop) -> Labels {
    let (template, schema) = (kaggle15::crop_template(), Schema::kaggle15());
    let mut labels = Labels::default();
    for (name, _) in template.places().iter() {
        let place = template.place(name, kaggle15::SHAPE).unwrap();
        let [x, y] = crop.place(place, 96.0);
        labels.set_point(schema.keypoint(name).unwrap(), Point { x: x as f32, y: y as f32 });
    }
    labels
}

fn close(one: &Crop, other: &Crop) -> bool {
    let Change { ratio, moved, turned } = Change::between(one, other);
    ratio < 1.001 && moved < 0.001 && turned < 0.001
}

#[test]
fn a_crop_moves_to_the_points() {
    let template = Alignment::Template(kaggle15::crop_template());
    let schema = Schema::kaggle15();
    for to in [
        FROM,
        Crop { roll: -1.2, ..FROM },
        Crop { side: 100.0, ..FROM },
        Crop { centre: [120.0, 85.0], ..FROM },
    ] {
        let crop = template.refit(&schema, &points_of(&to), &FROM).unwrap();
        assert!(close(&crop, &to), "{crop:?}");
        assert_eq!(Change::between(&FROM, &crop).is_large(), to != FROM);
    }
    assert!(Alignment::Unknown.refit(&schema, &points_of(&FROM), &FROM).is_none());
}

#[test]
fn a_crop_does_not_move_to_points_that_cannot_be_its_own() {
    let template = Alignment::Template(kaggle15::crop_template());
    let schema = Schema::kaggle15();
    for to in [
        Crop { side: 151.0, ..FROM },
        Crop { side: 23.0, ..FROM },
        Crop { centre: [100.0, 111.0], ..FROM },
    ] {
        assert_eq!(template.refit(&schema, &points_of(&to), &FROM), None);
    }
    let mut odd = points_of(&FROM);
    odd.set_point(kaggle15::LEFT_EYE_CENTER, Point { x: f32::NAN, y: 1.0 });
    assert_eq!(template.refit(&schema, &odd, &FROM), None);
    assert_eq!(template.refit(&schema, &Labels::default(), &FROM), None);
}

#[test]
fn a_margin_goes_around_the_points() {
    let margin = Alignment::Margin(0.25);
    let mut points = Labels::default();
    for (index, [x, y]) in [[80.0, 60.0], [120.0, 60.0], [100.0, 100.0]].into_iter().enumerate() {
        points.set_point(Keypoint::new(index as u16), Point { x, y });
    }
    let upright = Crop { roll: 0.0, ..FROM };
    let schema = Schema::kaggle15();
    let crop = margin.refit(&schema, &points, &upright).unwrap();
    assert_eq!(crop, Crop::upright([100.0, 80.0], 60.0));
    // A roll that the finder has seen stays.
    assert_eq!(margin.refit(&schema, &points, &FROM).unwrap().roll, 0.3);
    let region = Region::of_points(&points).unwrap();
    assert_eq!(margin.first(region), Some(crop));
    assert_eq!(margin.region(&crop), region);
}

#[test]
fn boxes_without_an_area_have_no_crop() {
    let region = Region { left: 1.0, top: 2.0, right: 30.0, bottom: 40.0 };
    for alignment in [Alignment::Unknown, Alignment::Margin(0.2)] {
        assert!(alignment.first(region).is_some());
        let odd = [
            Region { right: 1.0, ..region },
            Region { right: -5.0, ..region },
            Region { bottom: 2.0, ..region },
            Region { left: f64::NAN, ..region },
            Region { top: f64::NEG_INFINITY, ..region },
            Region { left: f64::MIN, right: f64::MAX, ..region },
        ];
        assert!(odd.into_iter().all(|region| alignment.first(region).is_none()));
    }
}

#[test]
fn turns_are_counted_the_short_way() {
    let turned = |one: f64, other: f64| {
        Change::between(&Crop { roll: one, ..FROM }, &Crop { roll: other, ..FROM }).turned
    };
    assert!((turned(3.1, -3.1) - 0.083).abs() < 1e-3);
    assert!((turned(0.5, -0.5) - 1.0).abs() < 1e-12);
    assert!(turned(0.0, 4.0 * std::f64::consts::PI) < 1e-12);
}
