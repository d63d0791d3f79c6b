use super::*;

#[test]
fn a_flip_alone_is_exact() {
    let warp = Warp::new(96, WarpParams { flip: true, ..Default::default() }).unwrap();
    assert_eq!(warp.map_point(Point { x: 30.25, y: 41.125 }), Point { x: 64.75, y: 41.125 });
    assert!(warp.flips() && !warp.mixes_axes() && !warp.is_identity());
    assert!(Warp::new(96, WarpParams::default()).unwrap().is_identity());
}

#[test]
fn each_parameter_does_what_its_name_says() {
    let place = |params| {
        let Point { x, y } = Warp::new(96, params).unwrap().map_point(Point { x: 66.5, y: 28.5 });
        [x - 47.5, y - 47.5].map(|pixels| (pixels * 100.0).round() / 100.0)
    };
    let base = WarpParams::default; // The point is 19 px to the right and 19 px above the centre.
    assert_eq!(place(WarpParams { scale: 2.0, ..base() }), [38.0, -38.0]);
    assert_eq!(place(WarpParams { shear: 45.0, ..base() }), [38.0, -19.0]);
    assert_eq!(place(WarpParams { rotation: 90.0, ..base() }), [19.0, 19.0]);
    assert_eq!(place(WarpParams { shift: [1.0, -2.0], ..base() }), [20.0, -21.0]);
    // 19 px are 0.4 of half an image: 19 / (1 + 0.2 × 0.4).
    assert_eq!(place(WarpParams { perspective: [0.2, 0.0], ..base() }), [17.59, -17.59]);
}

#[test]
fn parameters_out_of_range_are_named() {
    let base = WarpParams::default;
    for (params, field) in [
        (WarpParams { scale: 0.0, ..base() }, "`scale` must be in 1/2..=2, but is 0"),
        (WarpParams { rotation: f64::NAN, ..base() }, "`rotation`"),
        (WarpParams { shear: 60.0, ..base() }, "`shear`"),
        (WarpParams { perspective: [0.0, -0.3], ..base() }, "`perspective`"),
        (WarpParams { shift: [f64::INFINITY, 0.0], ..base() }, "`shift`"),
    ] {
        let error = Warp::new(96, params).unwrap_err().to_string();
        assert!(error.contains(field), "{error}");
    }
}
