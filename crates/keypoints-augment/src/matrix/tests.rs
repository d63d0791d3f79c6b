use super::*;

#[test]
fn then_reads_from_left_to_right() {
    let double = Homography::linear([[2.0, 0.0], [0.0, 2.0]]);
    let right = Homography::translation([1.0, 0.0]);
    assert_eq!(double.then(right).apply([3.0, 4.0]), [7.0, 8.0]);
    assert_eq!(right.then(double).apply([3.0, 4.0]), [8.0, 8.0]);
}

#[test]
fn perspective_is_undone_by_its_negative() {
    let there = Homography::perspective([0.1, -0.15]);
    let back = Homography::perspective([-0.1, 0.15]);
    let [x, y] = back.apply(there.apply([0.7, -0.9]));
    assert!((x - 0.7).abs() < 1e-12 && (y + 0.9).abs() < 1e-12);
}

#[test]
fn behind_the_viewer_is_far_away() {
    let [x, _] = Homography::perspective([-0.2, 0.0]).apply([6.0, 0.0]);
    assert!(x > 1e3, "{x}");
}

#[test]
fn centred_says_the_same_in_other_units() {
    let map = Homography::translation([9.5, 0.0]).then(Homography::perspective([1e-3, 0.0]));
    let [x, y] = map.apply([19.0, 95.0]);
    let [a, b] = Homography(map.centred(Frame { side: 96 })).apply([19.0 / 47.5 - 1.0, 1.0]);
    assert!((a - (x / 47.5 - 1.0)).abs() < 1e-12 && (b - (y / 47.5 - 1.0)).abs() < 1e-12);
}
