use super::*;

/// The log odds of a probability.
fn logit(probability: f32) -> f32 {
    (probability / (1.0 - probability)).ln()
}

/// Two rows of three cells without faces, but what is written into one.
fn values(cell: usize, of_cell: [f32; OUTPUTS]) -> Vec<f32> {
    let mut values = vec![-100.0; 6 * OUTPUTS];
    for (map, value) in of_cell.into_iter().enumerate() {
        values[map * 6 + cell] = value;
    }
    values
}

fn faces(values: &[f32], score: f32) -> Vec<YuNetFace> {
    Cells { values, columns: 3, stride: 8, scale: [2.0, 1.0] }.faces(score).collect()
}

/// A box of 16×8 pixels of the input around (0.5, 0.25) of a cell, and five points on a diagonal.
fn cell() -> [f32; OUTPUTS] {
    let mut cell = [0.0; OUTPUTS];
    cell[..6].copy_from_slice(&[logit(0.9), logit(0.4), 0.5, 0.25, 2.0_f32.ln(), 0.0]);
    for (index, value) in cell[6..].iter_mut().enumerate() {
        *value = (index / 2) as f32;
    }
    cell
}

#[test]
fn a_cell_becomes_a_face_on_the_picture() {
    // The last cell: column 2, row 1. A pixel of the input is two of the picture across.
    let found = faces(&values(5, cell()), 0.5);
    assert_eq!(found.len(), 1);
    let YuNetFace { region, points, score } = found[0];
    assert!((score - 0.6).abs() < 1e-6);
    let expected = [24.0, 6.0, 32.0, 8.0];
    assert!(region.to_pixels().iter().zip(expected).all(|(one, other)| (one - other).abs() < 1e-5));
    for (index, point) in points.into_iter().enumerate() {
        let (x, y) = ((2 + index) as f32 * 16.0 - 0.5, (1 + index) as f32 * 8.0 - 0.5);
        assert_eq!(point, Point { x, y });
    }
}

#[test]
fn a_face_below_the_score_is_left_out() {
    assert_eq!(faces(&values(0, cell()), 0.61), []);
    assert_eq!(faces(&values(0, cell()), 0.0).len(), 6);
}

#[test]
fn numbers_that_are_not_finite_make_no_face() {
    for map in 0..OUTPUTS {
        for value in [f32::NAN, f32::INFINITY, 1e30] {
            let mut cell = cell();
            cell[map] = value;
            let found = faces(&values(2, cell), 0.5);
            let finite =
                |face: &YuNetFace| face.region.to_pixels().iter().all(|one| one.is_finite());
            assert!(
                found.iter().all(|face| finite(face) && face.score <= 1.0),
                "map {map}: {found:?}"
            );
            assert!(found.is_empty() || !value.is_nan(), "map {map}");
        }
    }
    assert_eq!(faces(&values(2, [f32::NAN; OUTPUTS]), 0.0).len(), 5);
}

fn face(left: f64, width: f64, score: f32) -> YuNetFace {
    let region = Region::of_pixels(left, 0.0, width, 10.0);
    YuNetFace { region, points: [Point { x: 0.0, y: 0.0 }; 5], score }
}

#[test]
fn the_highest_score_at_a_place_is_kept() {
    let (best, near) = (face(0.0, 10.0, 0.9), face(2.0, 10.0, 0.8));
    let (far, apart) = (face(5.5, 10.0, 0.7), face(50.0, 10.0, 0.95));
    // `far` shares too much with `near`, which is gone, but little with `best`.
    assert_eq!(suppress(vec![far, near, best, apart]), [apart, best, far]);
    assert_eq!(suppress(Vec::new()), []);
}

#[test]
fn boxes_without_an_area_hide_nothing() {
    let (flat, whole) = (face(3.0, 0.0, 0.9), face(0.0, 10.0, 0.8));
    assert_eq!(suppress(vec![whole, flat]), [flat, whole]);
}

#[test]
fn very_many_faces_are_cut_short() {
    let many: Vec<YuNetFace> =
        (0..6000).map(|index| face(20.0 * f64::from(index), 10.0, 0.5)).collect();
    assert_eq!(suppress(many.clone()), many[..MOST]);
}
