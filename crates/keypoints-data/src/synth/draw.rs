//! Random numbers for one face: a stream of their own, so that no face depends on another.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The random stream of one face.
pub(super) struct Draw(ChaCha8Rng);

impl Draw {
    /// The stream number `index` of a seed. Streams never overlap.
    pub(super) fn new(seed: u64, index: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(index);
        Self(rng)
    }

    /// Evenly between the two.
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.0.random::<f32>()
    }

    /// Bell-shaped, never further than 3.5 standard deviations off: a face must not turn inside out.
    pub(super) fn normal(&mut self, mean: f32, std: f32) -> f32 {
        let sum: f32 = (0..4).map(|_| self.0.random::<f32>()).sum();
        mean + std * (sum - 2.0) * 3f32.sqrt()
    }

    /// True with the given probability.
    pub(super) fn chance(&mut self, probability: f32) -> bool {
        self.0.random::<f32>() < probability
    }

    /// Evenly in `0..len`; `len` is not zero.
    pub(super) fn below(&mut self, len: usize) -> usize {
        self.0.random_range(0..len)
    }

    /// Fills a buffer with random bytes.
    pub(super) fn bytes(&mut self, target: &mut [u8]) {
        self.0.fill_bytes(target);
    }
}

/// Side of a [`Texture`] in cells; a power of two.
const CELLS: usize = 32;

/// A multiple of [`CELLS`] beyond any place asked for.
const OFFSET: f32 = 4096.0;

/// Smooth random values over the plane, repeating every 32 units.
pub(super) struct Texture([u8; CELLS * CELLS]);

impl Texture {
    pub(super) fn new(draw: &mut Draw) -> Self {
        let mut cells = [0; CELLS * CELLS];
        draw.bytes(&mut cells);
        Self(cells)
    }

    /// The value at a place, `-1.0..=1.0`, varying over about one unit.
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        // Well above zero, where cutting off the fraction rounds down; `floor` is a library call.
        let (x, y) = (x + OFFSET, y + OFFSET);
        let (column, row) = (x as i32 as usize, y as i32 as usize);
        let (right_share, bottom_share) = (x - column as i32 as f32, y - row as i32 as f32);
        let cell =
            |row: usize, column: usize| f32::from(self.0[(row % CELLS) * CELLS + column % CELLS]);
        let mix = |a: f32, b: f32, share: f32| a + (b - a) * share;
        let upper = mix(cell(row, column), cell(row, column + 1), right_share);
        let below = row + 1;
        let lower = mix(cell(below, column), cell(below, column + 1), right_share);
        mix(upper, lower, bottom_share) / 127.5 - 1.0
    }
}
