//! Pictures without a face.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Draws a grey picture of anything but faces: grounds, discs, bars, stripes, chequers and grain. Row by row, one byte per pixel.
///
/// A face finder needs to see what is no face. Photographs teach it more; these need no files.
///
/// ```
/// use keypoints_data::synth::scenery;
///
/// let pixels = scenery(7, 80, 60);
/// assert_eq!(pixels.len(), 80 * 60);
/// assert_eq!(pixels, scenery(7, 80, 60));
/// assert_ne!(pixels, scenery(8, 80, 60));
/// ```
pub fn scenery(seed: u64, width: usize, height: usize) -> Vec<u8> {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let mut canvas = Canvas { width, height, values: vec![0.0; width * height] };
    canvas.ground(rng);
    for _ in 0..rng.random_range(3..40) {
        canvas.shape(rng);
    }
    let grain: f32 = rng.random_range(0.0..0.06);
    let byte = |value: f32, grain: f32| ((value + grain).clamp(0.0, 1.0) * 255.0).round() as u8;
    canvas.values.iter().map(|&value| byte(value, grain * rng.random_range(-1.0..1.0))).collect()
}

struct Canvas {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

/// What a shape is filled with.
enum Fill {
    Plain(f32),
    /// Two greys in turn, with a period in pixels, along a direction.
    Stripes([f32; 2], f32, [f32; 2]),
    Chequers([f32; 2], f32),
    /// From one grey to another along a direction, over a length in pixels.
    Shade([f32; 2], f32, [f32; 2]),
    /// Lines of letters that nobody can read: ink, paper, height in pixels, and what they say.
    Print([f32; 2], f32, u64),
}

impl Fill {
    fn draw(rng: &mut impl Rng) -> Self {
        let greys = [rng.random(), rng.random()];
        let angle: f32 = rng.random_range(0.0..std::f32::consts::TAU);
        let (direction, period) = ([angle.cos(), angle.sin()], rng.random_range(3.0..24.0));
        match rng.random_range(0..7) {
            0 => Self::Stripes(greys, period, direction),
            1 => Self::Chequers(greys, period),
            2 => Self::Print(greys, period, rng.random()),
            3 | 4 => Self::Shade(greys, period * 8.0, direction),
            _ => Self::Plain(greys[0]),
        }
    }

    fn at(&self, x: f32, y: f32) -> f32 {
        let is_odd = |length: f32, period: f32| (length / period).floor().rem_euclid(2.0) >= 1.0;
        match *self {
            Self::Plain(grey) => grey,
            Self::Stripes(greys, period, [along, down]) => {
                greys[usize::from(is_odd(x * along + y * down, period))]
            }
            Self::Chequers(greys, period) => {
                greys[usize::from(is_odd(x, period) != is_odd(y, period))]
            }
            Self::Print([ink, paper], height, text) => {
                if is_ink(x / height, y / height, text) {
                    ink
                } else {
                    paper
                }
            }
            Self::Shade([from, to], length, [along, down]) => {
                let share = ((x * along + y * down) / length).sin().mul_add(0.5, 0.5);
                from + (to - from) * share
            }
        }
    }
}

/// Whether there is ink at a place of a printed page whose letters are 1 high: letters of 3×5 dots, six tenths wide.
fn is_ink(x: f32, y: f32, text: u64) -> bool {
    let (line, letter) = ((y / 1.8).floor(), (x / 0.6).floor());
    let (row, column) = ((y - 1.8 * line) * 5.0, (x / 0.6 - letter) * 4.0);
    // Any numbers that look random will do.
    let mixed = (line as i64 as u64).wrapping_mul(0x9e37_79b9) ^ (letter as i64 as u64) ^ text;
    let dots = mixed.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let is_blank = dots >> 60 < 3;
    let dot = row as u32 * 3 + column as u32;
    !is_blank && row < 5.0 && column < 3.0 && dots >> (dot + 20) & 1 == 1
}

impl Canvas {
    fn ground(&mut self, rng: &mut impl Rng) {
        let fill = Fill::draw(rng);
        self.fill(&fill, |_, _| true);
    }

    /// A disc or a bar, turned.
    fn shape(&mut self, rng: &mut impl Rng) {
        let size = self.width.min(self.height) as f32;
        let centre =
            [self.width, self.height].map(|side| rng.random_range(0.0..side.max(1) as f32));
        let half = [0; 2].map(|_| size * rng.random_range(0.01f32..0.4));
        let (sin, cos) = rng.random_range(0.0..std::f32::consts::PI).sin_cos();
        let (round, fill) = (rng.random_bool(0.5), Fill::draw(rng));
        self.fill(&fill, |x, y| {
            let (x, y) = (x - centre[0], y - centre[1]);
            let (u, v) = ((x * cos + y * sin) / half[0], (y * cos - x * sin) / half[1]);
            if round { u * u + v * v < 1.0 } else { u.abs() < 1.0 && v.abs() < 1.0 }
        });
    }

    fn fill(&mut self, fill: &Fill, is_inside: impl Fn(f32, f32) -> bool) {
        for (at, value) in self.values.iter_mut().enumerate() {
            let (x, y) = ((at % self.width) as f32, (at / self.width) as f32);
            if is_inside(x, y) {
                *value = fill.at(x, y);
            }
        }
    }
}
