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
mod tests;
