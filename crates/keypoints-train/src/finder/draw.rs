//! Windows to learn from.

use keypoints_core::Crop;
use keypoints_finder::Answer;
use keypoints_finder::planes::{Grid, Octaves};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::faces::Face;
use super::light::{cover, light};
use super::mine::Seen;

/// A window's pixels and what a network should say about it.
pub(super) struct Example {
    pub(super) pixels: Vec<f32>,
    /// `None` where there is no face.
    pub(super) answer: Option<Answer>,
}

/// How far windows of faces lie beside the face: up to this, either way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jitter {
    /// Share of the face's side.
    pub(super) shift: f64,
    /// Natural logarithm of the side.
    pub(super) scale: f64,
    /// Radians.
    pub(super) roll: f64,
}

/// How many of a batch's windows are what; the rest are random places of pictures without a face.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shares {
    /// Faces.
    pub(super) faces: f64,
    /// Parts of faces, and places beside them.
    pub(super) beside: f64,
    /// Places that a network took for faces.
    pub(super) hard: f64,
}

/// What windows are drawn from.
pub(super) struct Drawer<'a> {
    pub(super) faces: &'a [Face],
    pub(super) negatives: &'a [Octaves],
    pub(super) hard: &'a [Seen],
    /// Pixels along a crop's side, and along that of the window in its middle.
    pub(super) crop: usize,
    pub(super) window: usize,
    pub(super) jitter: Jitter,
    pub(super) shares: Shares,
}

impl Drawer<'_> {
    /// The window of that seed.
    pub(super) fn draw(&self, seed: u64) -> Example {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let Shares { faces, beside, hard } = self.shares;
        let kind: f64 = rng.random();
        if kind < faces {
            return self.face(rng);
        }
        if kind < faces + beside {
            return self.beside(rng);
        }
        if kind < faces + beside + hard && !self.hard.is_empty() {
            let seen = &self.hard[rng.random_range(0..self.hard.len())];
            let window = Crop {
                centre: seen.window.place([spread(rng, 0.04), spread(rng, 0.04)], 1.0),
                side: seen.window.side * spread(rng, 0.08).exp(),
                roll: seen.window.roll + spread(rng, 0.1),
            };
            return self.negative(rng, &self.negatives[seen.picture], &window);
        }
        let octaves = &self.negatives[rng.random_range(0..self.negatives.len())];
        let plane = &octaves.planes()[0];
        let [width, height] = [plane.width(), plane.height()].map(|size| size as f64);
        // From the smallest face to the whole picture, every ratio as often.
        let largest = (width.min(height) * 1.1).max(self.crop as f64);
        let window = Crop {
            centre: [rng.random_range(0.0..width), rng.random_range(0.0..height)],
            side: rng.random_range(20f64.ln()..largest.max(24.0).ln()).exp(),
            roll: spread(rng, self.jitter.roll),
        };
        self.negative(rng, octaves, &window)
    }

    fn face(&self, rng: &mut impl Rng) -> Example {
        let face = &self.faces[rng.random_range(0..self.faces.len())];
        let Jitter { shift, scale, roll } = self.jitter;
        let window = Crop {
            centre: face.crop.place([spread(rng, shift), spread(rng, shift)], 1.0),
            side: face.crop.side * spread(rng, scale).exp(),
            roll: face.crop.roll + spread(rng, roll),
        };
        let (mut pixels, mirrored) = self.pixels(rng, &face.octaves, &window, None);
        if rng.random_bool(0.2) {
            cover(rng, &mut pixels, self.window);
        }
        let answer = Answer::towards(&window, &face.crop);
        Example { pixels, answer: Some(if mirrored { answer.mirrored() } else { answer }) }
    }

    /// A part of a face, or a place at its edge.
    fn beside(&self, rng: &mut impl Rng) -> Example {
        let Face { octaves, crop } = &self.faces[rng.random_range(0..self.faces.len())];
        let window = if rng.random_bool(0.5) {
            let share = rng.random_range(0.2..0.5);
            let reach = 0.5 - 0.5 * share;
            let centre = crop.place([spread(rng, reach), spread(rng, reach)], 1.0);
            Crop { centre, side: crop.side * share, roll: spread(rng, 0.5) }
        } else {
            let angle: f64 = rng.random_range(0.0..std::f64::consts::TAU);
            let far = rng.random_range(0.4..0.7);
            let centre = crop.place([angle.cos() * far, angle.sin() * far], 1.0);
            Crop { centre, side: crop.side * rng.random_range(0.4..0.8), roll: spread(rng, 0.5) }
        };
        Example { pixels: self.pixels(rng, octaves, &window, None).0, answer: None }
    }

    fn negative(&self, rng: &mut impl Rng, octaves: &Octaves, window: &Crop) -> Example {
        // A face's window ends where its picture ends, and what is beyond repeats the edge. A network could learn that repeated edges mean
        // faces, unless other windows have them too.
        let bounds = rng.random_bool(0.6).then(|| {
            let Jitter { shift, scale, .. } = self.jitter;
            let [x, y] = window.place([spread(rng, shift), spread(rng, shift)], 1.0);
            let half = window.side * spread(rng, scale).exp() / 2.0;
            [x - half, y - half, x + half, y + half].map(|edge| edge as f32)
        });
        Example { pixels: self.pixels(rng, octaves, window, bounds).0, answer: None }
    }

    /// The pixels of a window, through another lens and in another light, and whether they are mirrored.
    fn pixels(
        &self,
        rng: &mut impl Rng,
        octaves: &Octaves,
        window: &Crop,
        bounds: Option<[f32; 4]>,
    ) -> (Vec<f32>, bool) {
        let mirrored = rng.random_bool(0.5);
        // Faces that look aside are narrower, one half more than the other.
        let narrower = if rng.random_bool(0.5) { rng.random_range(0.87f32..1.33) } else { 1.0 };
        let bend = if rng.random_bool(0.4) { rng.random_range(-0.35..0.35) } else { 0.0 };
        let shear = if rng.random_bool(0.3) { rng.random_range(-0.1..0.1) } else { 0.0 };
        let coarser = usize::from(rng.random_bool(0.3)) + usize::from(rng.random_bool(0.1));
        let grid = Grid::over(window, self.crop);
        let along = if mirrored { -narrower } else { narrower };
        let grid = Grid {
            across: grid.across.map(|step| step * along),
            down: [0, 1].map(|axis| grid.down[axis] + grid.across[axis] * shear),
            bend,
            octave: grid.octave + coarser,
            bounds,
            ..grid
        };
        let mut pixels = vec![0.0; self.window * self.window];
        octaves.sample(&grid, self.window, &mut pixels);
        light(rng, &mut pixels, self.window);
        (pixels, mirrored)
    }
}

fn spread(rng: &mut impl Rng, by: f64) -> f64 {
    rng.random_range(-by..=by)
}
