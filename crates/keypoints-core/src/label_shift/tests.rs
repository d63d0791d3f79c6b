use super::*;
use crate::kaggle15::{FOUR_POINT, FULL, LEFT_EYEBROW_INNER_END, NOSE_TIP};

#[test]
fn what_could_be_chance_is_no_shift() {
    assert_eq!(usual(vec![1.0; 29]), 0.0);
    assert_eq!(usual((0..100).map(|one| if one % 2 == 0 { 3.0 } else { -2.6 }).collect()), 0.0);
    let clear = usual((0..100).map(|one| if one % 2 == 0 { 1.2 } else { 0.8 }).collect());
    assert!((clear - 1.0).abs() < 1e-6);
}

/// A picture with a hump about a column, in every channel.
fn hump(shape: PictureShape, axis: f32) -> Vec<u8> {
    let line = |column: usize| (200.0 - 2.0 * (column as f32 - axis).abs()).max(0.0) as u8;
    (0..shape.bytes()).map(|at| line(at % shape.side)).collect()
}

fn pair(x: f32, y: f32) -> [Point; 2] {
    [Point { x: x + 12.0, y }, Point { x: x - 12.0, y }]
}

#[test]
fn the_axis_of_a_symmetric_picture_is_found() {
    for shape in [PictureShape::grey(96), PictureShape::colour(112)] {
        let pixels = hump(shape, 40.25);
        for x in [39.0, 40.25, 42.0] {
            let axis = mirror_axis(&pixels, shape, pair(x, 40.0)).unwrap();
            assert!((axis - 40.25).abs() < 0.1, "{axis} from {x}");
        }
        let leaning = [Point { x: 52.0, y: 38.0 }, Point { x: 28.0, y: 42.0 }];
        let end = shape.side as f32;
        let beyond = [12.0, 46.0, end - 6.0, -3.0].map(|x| pair(x, 40.0));
        for unsuited in beyond.into_iter().chain([leaning]) {
            assert_eq!(mirror_axis(&pixels, shape, unsuited), None, "{unsuited:?}");
        }
        // A label may be any number: none of them panics.
        for x in [-1e9, -0.4, 0.0, 95.0, 1e9, f32::NAN, f32::INFINITY] {
            for y in [-1e9, 0.0, 95.0, 1e9, f32::NAN] {
                let axis = mirror_axis(&pixels, shape, pair(x, y));
                assert!(axis.is_none_or(f32::is_finite));
            }
        }
    }
}

#[test]
fn on_the_picture_and_back() {
    let schema = Schema::kaggle15();
    let shifts = LabelShifts::new(vec![0.25, 1.25]);
    let labels = Labels::new(vec![Some(50.0); 30]);
    for source in [FULL, FOUR_POINT] {
        let there = shifts.onto_picture(&schema, source, &labels);
        assert_eq!(shifts.as_marked(&schema, source, &there), labels);
        assert_eq!(there.get(NOSE_TIP.y()), Some(50.0));
        // Nobody marks eyebrows on four-point rows.
        assert_eq!(there.get(LEFT_EYEBROW_INNER_END.x()), Some(49.75));
    }
    assert!(LabelShifts::default().is_none() && !shifts.is_none());
}
