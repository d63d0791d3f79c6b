use proptest::prelude::*;

use super::*;
use crate::kaggle15;
use crate::keypoint::Keypoint;
use crate::schema::Schema;

const SHAPE: PictureShape = PictureShape::grey(96);

fn crops() -> impl Strategy<Value = Crop> {
    let centre = [-500.0..3000.0, -500.0..3000.0];
    (centre, 5.0..2000.0, -7.0..7.0).prop_map(|(centre, side, roll)| Crop { centre, side, roll })
}

/// As crops without a roll were mapped before there were any others.
fn upright_to_crop(crop: &Crop, point: Point) -> Point {
    let map = |value: f32, centre: f64| {
        (((f64::from(value) - centre) / crop.side + 0.5) * 96.0 - 0.5) as f32
    };
    Point { x: map(point.x, crop.centre[0]), y: map(point.y, crop.centre[1]) }
}

fn upright_place(crop: &Crop, on_crop: [f64; 2], pixels: f64) -> [f64; 2] {
    let map = |value: f64, centre: f64| centre + ((value + 0.5) / pixels - 0.5) * crop.side;
    [map(on_crop[0], crop.centre[0]), map(on_crop[1], crop.centre[1])]
}

proptest! {
    #[test]
    fn there_and_back(crop in crops(), x in -50.0f32..150.0, y in -50.0f32..150.0) {
        let on_photo = crop.to_photo(SHAPE, Point { x, y });
        let back = crop.to_crop(SHAPE, on_photo);
        // A place on the photo has the precision of a single number.
        let off = f64::from(f32::EPSILON) * 4000.0 * 96.0 / crop.side + 1e-3;
        prop_assert!(back.distance(Point { x, y }) < off, "{back:?}");
    }

    #[test]
    fn distances_grow_by_the_scale(crop in crops(), x in 0.0f64..95.0, y in 0.0f64..95.0) {
        let [one, other] = [crop.place([x, y], 96.0), crop.place([47.5, 47.5], 96.0)];
        let on_photo = (one[0] - other[0]).hypot(one[1] - other[1]);
        let on_crop = (x - 47.5).hypot(y - 47.5);
        prop_assert!((on_photo - on_crop * crop.side / 96.0).abs() < 1e-6);
        prop_assert!(other.iter().zip(crop.centre).all(|(one, other)| (one - other).abs() < 1e-9));
    }

    #[test]
    fn without_a_roll_nothing_has_changed(crop in crops(), x in -50.0f32..3000.0, y in -50.0f32..3000.0) {
        let crop = Crop { roll: 0.0, ..crop };
        let point = Point { x, y };
        prop_assert_eq!(crop.to_crop(SHAPE, point), upright_to_crop(&crop, point));
        let place = [f64::from(x), f64::from(y)];
        prop_assert_eq!(crop.place(place, 96.0), upright_place(&crop, place, 96.0));
        let crop = Crop { roll: -0.0, ..crop };
        prop_assert_eq!(crop.to_crop(SHAPE, point), upright_to_crop(&crop, point));
    }

    #[test]
    fn a_fit_finds_the_crop_that_the_points_were_made_with(crop in crops()) {
        let (template, schema) = (kaggle15::crop_template(), Schema::kaggle15());
        let points = on_photo(&crop);
        let fit = Crop::fit(&template, &schema, &points).unwrap();
        let off = [0, 1].map(|axis| fit.centre[axis] - crop.centre[axis]);
        prop_assert!(off[0].hypot(off[1]) < 0.01, "{fit:?}");
        prop_assert!((fit.side / crop.side - 1.0).abs() < 1e-3, "{fit:?}");
        let turned = (fit.roll - crop.roll).rem_euclid(std::f64::consts::TAU);
        prop_assert!(turned.min(std::f64::consts::TAU - turned) < 1e-3, "{fit:?}");
    }

    #[test]
    fn a_fit_follows_the_photo(
        crop in crops(),
        to in crops(),
        noise in prop::collection::vec(-8.0f32..8.0, 8),
    ) {
        let (template, schema) = (kaggle15::crop_template(), Schema::kaggle15());
        // Points that are no exact copy of the template.
        let noisy = |crop: &Crop| {
            let mut labels = Labels::default();
            let places = template.places().iter().zip(noise.chunks_exact(2));
            for ((name, &[x, y]), noise) in places {
                let place = [x * 96.0 - 0.5 + f64::from(noise[0]), y * 96.0 - 0.5 + f64::from(noise[1])];
                let [x, y] = crop.place(place, 96.0);
                labels.set_point(schema.keypoint(name).unwrap(), Point { x: x as f32, y: y as f32 });
            }
            labels
        };
        let [one, other] = [crop, to].map(|crop| Crop::fit(&template, &schema, &noisy(&crop)).unwrap());
        // The fit of the points lies on the crop that they were made with where the other fit lies on the other crop.
        for corner in [[-0.5, -0.5], [95.5, -0.5], [20.0, 80.0]] {
            let [one, other] = [(one, crop), (other, to)].map(|(fit, crop)| {
                let [x, y] = fit.place(corner, 96.0);
                crop.to_crop(SHAPE, Point { x: x as f32, y: y as f32 })
            });
            prop_assert!(one.distance(other) < 0.3, "{one:?} {other:?}");
        }
    }

    #[test]
    fn the_square_around_points_touches_them(crop in crops()) {
        let points = on_photo(&crop);
        let around = Crop::around(&points, 0.0, crop.roll).unwrap();
        let region = Region::of_points(&around.labels_to_crop(PictureShape::grey(1000), &shrunk(&points, &around))).unwrap();
        let [left, top, right, bottom] = [region.left, region.top, region.right, region.bottom];
        prop_assert!((right - left).max(bottom - top) > 995.0, "{region:?}");
        prop_assert!((left + right - 999.0).abs() < 2.0 && (top + bottom - 999.0).abs() < 2.0, "{region:?}");
    }
}

/// Points a little closer to the middle, so that rounding leaves none outside.
fn shrunk(points: &Labels, around: &Crop) -> Labels {
    let mut labels = Labels::default();
    for (keypoint, point) in points.points() {
        let map = |value: f32, centre: f64| ((f64::from(value) - centre) * 0.999 + centre) as f32;
        let point = Point { x: map(point.x, around.centre[0]), y: map(point.y, around.centre[1]) };
        labels.set_point(keypoint, point);
    }
    labels
}

/// The template's points where a crop shows them in their places.
fn on_photo(crop: &Crop) -> Labels {
    let (template, schema) = (kaggle15::crop_template(), Schema::kaggle15());
    let mut labels = Labels::default();
    for (name, _) in template.places().iter() {
        let [x, y] = crop.place(template.place(name, SHAPE).unwrap(), 96.0);
        labels.set_point(schema.keypoint(name).unwrap(), Point { x: x as f32, y: y as f32 });
    }
    labels
}

#[test]
fn a_head_that_leans_to_the_right_has_a_positive_roll() {
    // The subject's right eye is on the photo's left, and higher here.
    let mut points = Labels::default();
    points.set_point(kaggle15::RIGHT_EYE_CENTER, Point { x: 10.0, y: 10.0 });
    points.set_point(kaggle15::LEFT_EYE_CENTER, Point { x: 20.0, y: 20.0 });
    let crop = Crop::fit(&kaggle15::crop_template(), &Schema::kaggle15(), &points).unwrap();
    assert!((crop.roll - 0.79).abs() < 0.01, "{crop:?}");
    let shown = crop.labels_to_crop(SHAPE, &points);
    let [left, right] = [kaggle15::LEFT_EYE_CENTER, kaggle15::RIGHT_EYE_CENTER];
    let [left, right] = [left, right].map(|eye| shown.point(eye).unwrap());
    assert!((left.x - 66.1).abs() < 0.1 && (right.x - 29.7).abs() < 0.1, "{left:?} {right:?}");
}

#[test]
fn too_few_points_have_no_fit() {
    let (template, schema) = (kaggle15::crop_template(), Schema::kaggle15());
    let fit = |points: &[(Keypoint, [f32; 2])]| {
        let mut labels = Labels::default();
        for &(keypoint, [x, y]) in points {
            labels.set_point(keypoint, Point { x, y });
        }
        Crop::fit(&template, &schema, &labels)
    };
    let [left, right] = [kaggle15::LEFT_EYE_CENTER, kaggle15::RIGHT_EYE_CENTER];
    assert_eq!(fit(&[]), None);
    assert_eq!(fit(&[(left, [1.0, 2.0])]), None);
    // The nose is no point of the template.
    assert_eq!(fit(&[(left, [1.0, 2.0]), (kaggle15::NOSE_TIP, [5.0, 5.0])]), None);
    assert_eq!(fit(&[(left, [1.0, 2.0]), (right, [1.0, 2.0])]), None);
    for odd in [f32::NAN, f32::INFINITY] {
        assert_eq!(fit(&[(left, [odd, 2.0]), (right, [1.0, 2.0])]), None);
    }
    assert!(fit(&[(left, [9.0, 2.0]), (right, [1.0, 2.0])]).is_some());
}

#[test]
fn odd_points_have_no_square_around_them() {
    let mut points = Labels::default();
    assert_eq!(Crop::around(&points, 0.1, 0.0), None);
    points.set_point(Keypoint::new(0), Point { x: 3.0, y: 4.0 });
    assert_eq!(Crop::around(&points, 0.1, 0.5), None);
    points.set_point(Keypoint::new(1), Point { x: 30.0, y: 4.0 });
    assert!(Crop::around(&points, 0.1, 0.5).is_some());
    assert_eq!(Crop::around(&points, 0.1, f64::NAN), None);
    points.set_point(Keypoint::new(1), Point { x: f32::INFINITY, y: 4.0 });
    assert_eq!(Crop::around(&points, 0.1, 0.0), None);
}

#[test]
fn json_without_a_roll_is_upright() {
    let crop: Crop = serde_json::from_str(r#"{"centre": [1.0, 2.0], "side": 3.0}"#).unwrap();
    assert_eq!(crop, Crop::upright([1.0, 2.0], 3.0));
    let turned = Crop { roll: 0.25, ..crop };
    let json = serde_json::to_string(&turned).unwrap();
    assert_eq!(serde_json::from_str::<Crop>(&json).unwrap(), turned);
}
