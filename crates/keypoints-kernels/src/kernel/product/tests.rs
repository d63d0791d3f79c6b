use super::*;

#[test]
fn of_either_order_and_added() {
    // [1 2 3; 4 5 6] times its transpose.
    let values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let wide = Layout::rows(2, 3);
    let mut out = [f32::NAN; 4];
    let square = Layout::rows(2, 2);
    product((&mut out, square), 0.0, 1.0, (&values, wide), (&values, wide.transposed()));
    assert_eq!(out, [14.0, 32.0, 32.0, 77.0]);
    product((&mut out, square), 1.0, -0.5, (&values, wide), (&values, wide.transposed()));
    assert_eq!(out, [7.0, 16.0, 16.0, 38.5]);
    let mut out = [0.0; 9];
    let tall = Layout::rows(3, 3).transposed();
    product((&mut out, tall), 0.0, 1.0, (&values, wide.transposed()), (&values, wide));
    assert_eq!(out, [17.0, 22.0, 27.0, 22.0, 29.0, 36.0, 27.0, 36.0, 45.0]);
}

#[test]
#[should_panic(expected = "in 5")]
fn not_beyond_a_slice() {
    let wide = Layout::rows(2, 3);
    product((&mut [0.0; 4], Layout::rows(2, 2)), 0.0, 1.0, (&[0.0; 5], wide), {
        (&[0.0; 6], wide.transposed())
    });
}
