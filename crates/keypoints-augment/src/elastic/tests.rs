use super::*;

const FRAME: Frame = Frame { side: 96 };

/// The field that changes fastest: neighbouring control points pushed apart as far as allowed.
fn fiercest(cells: usize) -> Elastic {
    let (side, most) = (cells + 3, STRONGEST * FRAME.last() / cells as f64);
    let sign = |index: usize| if index.is_multiple_of(2) { most } else { -most };
    let push = |index: usize| [sign(index % side), sign(index / side)];
    Elastic::new(96, cells, (0..side * side).map(push).collect()).unwrap()
}

#[test]
fn the_fiercest_field_is_undone() {
    for cells in [1, 2, 4, 7, 16] {
        let field = fiercest(cells);
        for step in 0..=120 {
            let target = [f64::from(step) - 12.0, 60.0 - 0.5 * f64::from(step)];
            let place = field.undo(target);
            let [dx, dy] = field.at(place);
            let off = (place[0] + dx - target[0]).abs().max((place[1] + dy - target[1]).abs());
            assert!(off < 1e-6, "{cells} cells, {target:?}: off by {off} px");
        }
    }
}

#[test]
fn the_basis_is_the_field_at_pixel_centres() {
    let field = fiercest(3);
    let basis = basis(FRAME, 3);
    for (pixel, weights) in basis.chunks_exact(36).enumerate() {
        let total: f32 = weights.iter().sum();
        assert!((total - 1.0).abs() < 1e-5);
        let place = [(pixel % 96) as f64, (pixel / 96) as f64];
        let expected = field.at(place);
        for axis in 0..2 {
            let terms = weights.iter().zip(&field.pushes);
            let sum: f64 = terms.map(|(weight, push)| f64::from(*weight) * push[axis]).sum();
            assert!((sum - expected[axis]).abs() < 1e-5, "{place:?}: {sum} {expected:?}");
        }
    }
}

#[test]
fn what_could_fold_is_refused() {
    let refused = |cells, pushes| Elastic::new(96, cells, pushes).unwrap_err().to_string();
    assert!(refused(2, vec![[0.0; 2]; 24]).contains("but is 24 with 2 cells"));
    assert!(refused(0, vec![[0.0; 2]; 9]).contains("control points"));
    assert!(refused(2, vec![[0.0, 9.6]; 25]).contains("but is 9.6 with 2 cells"));
    assert!(refused(2, vec![[f64::NAN, 0.0]; 25]).contains("NaN"));
}
