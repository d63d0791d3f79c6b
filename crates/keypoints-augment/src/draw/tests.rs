use super::*;
use crate::ElasticConfig;

const SHAPE: PictureShape = PictureShape::grey(96);

#[test]
fn a_step_leaves_the_others_as_they_are() {
    let standard = AugmentConfig::standard();
    let more = AugmentConfig {
        noise: 0.1,
        blur: 2.0,
        elastic: ElasticConfig { amplitude: 2.0, grid: 3 },
        ..standard
    };
    for index in 0..20 {
        let (one, other) = (draw(&standard, SHAPE, 7, index), draw(&more, SHAPE, 7, index));
        let params = |change: &Change| (change.warp.flips(), change.warp.backward());
        assert_eq!(params(&one), params(&other));
        assert_eq!(one.tone.contrast, other.tone.contrast);
        assert!(one.warp.elastic().is_none() && other.warp.elastic().is_some());
    }
}

#[test]
fn lengths_grow_with_the_picture_and_nothing_else_does() {
    let config = AugmentConfig { blur: 2.0, ..AugmentConfig::standard() };
    let of = |side| draw(&config, PictureShape::grey(side), 7, 3);
    let (small, large) = (of(96), of(192));
    assert_eq!(large.tone.blur, 2.0 * small.tone.blur);
    assert_eq!(large.tone.contrast, small.tone.contrast);
    // Where the middle of the picture goes, measured in sides.
    let moved = |change: &Change, side: f32| {
        let middle = (side - 1.0) / 2.0;
        let to = change.warp.map_point(keypoints_core::Point { x: middle, y: middle });
        [(to.x - middle) / side, (to.y - middle) / side]
    };
    let (small, large) = (moved(&small, 96.0), moved(&large, 192.0));
    assert!((small[0] - large[0]).abs() < 1e-6 && (small[1] - large[1]).abs() < 1e-6);
    assert!(small[0].abs() > 0.01);
}

#[test]
fn faces_and_seeds_differ_and_repeat() {
    let standard = AugmentConfig::standard();
    let [a, b, c, d] = [(1, 0), (1, 1), (2, 0), (1, 0)]
        .map(|(seed, index)| draw(&standard, SHAPE, seed, index).warp.backward());
    assert!(a != b && a != c && b != c && a == d);
}

#[test]
fn strengths_are_reached_and_kept() {
    let config = AugmentConfig { scale: 2.0, brightness: 0.3, blur: 2.0, ..AugmentConfig::none() };
    let config = AugmentConfig { flip: 0.25, ..config };
    let drawn: Vec<Change> = (0..4000).map(|index| draw(&config, SHAPE, 3, index)).collect();
    let flips = drawn.iter().filter(|change| change.warp.flips()).count();
    assert!((850..1150).contains(&flips), "{flips} of 4000");
    let range = |of: &dyn Fn(&Change) -> f64| {
        let values = drawn.iter().map(of);
        values.fold((f64::MAX, f64::MIN), |(low, high), one| (low.min(one), high.max(one)))
    };
    let near = |(low, high): (f64, f64), expected: (f64, f64)| {
        let inside = low >= expected.0 && high <= expected.1;
        inside && low - expected.0 < 0.01 && expected.1 - high < 0.01
    };
    assert!(near(range(&|change| change.tone.brightness), (-0.3, 0.3)));
    assert!(near(range(&|change| change.tone.blur), (0.0, 2.0)));
    assert!(near(range(&|change| 1.0 / change.warp.backward()[1][1]), (0.5, 2.0)));
}

#[test]
fn the_noise_is_standard_normal() {
    let noise = standard_normal(1 << 16);
    let mean = |of: &dyn Fn(f32) -> f32| {
        noise.iter().map(|&one| f64::from(of(one))).sum::<f64>() / noise.len() as f64
    };
    assert!(mean(&|one| one).abs() < 0.02);
    assert!((mean(&|one| one * one) - 1.0).abs() < 0.03);
    assert!((mean(&|one| f32::from(u8::from(one.abs() < 1.0))) - 0.6827).abs() < 0.01);
}
