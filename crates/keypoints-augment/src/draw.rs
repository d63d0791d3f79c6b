//! What chance decides for one face.

use keypoints_core::PictureShape;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::config::AugmentConfig;
use super::elastic::{Elastic, control_points};
use super::frame::Frame;
use super::tone::Tone;
use super::warp::{Warp, WarpParams};

/// What happens to one face.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) warp: Warp,
    pub(super) tone: Tone,
}

/// Draws what happens to the `index`-th picture of a batch with this seed and shape. The config has been checked.
///
/// The same numbers are drawn whatever the config says, the field's last: turning a step on or off leaves
/// the others as they are, and no face depends on its neighbours.
pub(super) fn draw(config: &AugmentConfig, shape: PictureShape, seed: u64, index: usize) -> Change {
    let frame = Frame::of(shape);
    let mut draw = Draw::new(seed, index);
    let flip = draw.share() < config.flip;
    let scale = draw.factor(config.scale);
    let shear = draw.either_way(config.shear);
    let rotation = draw.either_way(config.rotation);
    let perspective = [(); 2].map(|()| draw.either_way(config.perspective));
    let shift = [(); 2].map(|()| draw.either_way(shape.pixels(config.shift)));
    let blur = draw.share() * shape.pixels(config.blur);
    let gamma = draw.factor(config.gamma);
    let contrast = draw.factor(config.contrast);
    let brightness = draw.either_way(config.brightness);
    let noise = draw.either_way(config.noise);
    let noise_start = draw.share();
    let cut = draw.share() < config.cutout.probability;
    let middle = [(); 2].map(|()| draw.share() * frame.last());
    let elastic = (config.elastic.amplitude != 0.0).then(|| {
        let (cells, most) = (config.elastic.grid, shape.pixels(config.elastic.amplitude));
        let mut push = || [(); 2].map(|()| draw.either_way(most));
        Elastic::drawn(frame, cells, (0..control_points(cells)).map(|_| push()).collect())
    });
    let params = WarpParams { flip, scale, shear, rotation, perspective, shift, elastic };
    let hole = cut.then_some(middle);
    Change {
        warp: Warp::drawn(frame, params),
        tone: Tone { blur, gamma, contrast, brightness, noise, noise_start, hole },
    }
}

/// The random stream of one face.
struct Draw(ChaCha8Rng);

impl Draw {
    fn new(seed: u64, index: usize) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(index as u64);
        Self(rng)
    }

    /// Evenly in `0..1`.
    fn share(&mut self) -> f64 {
        self.0.random()
    }

    /// Evenly in `-most..most`.
    fn either_way(&mut self, most: f64) -> f64 {
        (2.0 * self.share() - 1.0) * most
    }

    /// Between `1/most` and `most`, multiplying and dividing alike.
    fn factor(&mut self, most: f64) -> f64 {
        most.powf(2.0 * self.share() - 1.0)
    }
}

/// So many numbers of a normal distribution, always the same.
pub(super) fn standard_normal(count: usize) -> Vec<f32> {
    let mut draw = Draw::new(0, 0);
    // Box and Muller (1958). The logarithm's argument is in 0..=1, without 0.
    let normal = |draw: &mut Draw| {
        let radius = (-2.0 * (1.0 - draw.share()).ln()).sqrt();
        (radius * (std::f64::consts::TAU * draw.share()).cos()) as f32
    };
    (0..count).map(|_| normal(&mut draw)).collect()
}

#[cfg(test)]
mod tests {
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
        let config =
            AugmentConfig { scale: 2.0, brightness: 0.3, blur: 2.0, ..AugmentConfig::none() };
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
}
