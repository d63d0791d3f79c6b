//! The weight gradient of 3×3 kernels: input channels side by side, gradients number by number.
//!
//! The sums of two output channels, nine taps each, stay in registers while a band of pixels passes by.

use rayon::prelude::*;

use crate::kernel::SimdLevel;
use crate::kernel::fresh::partial_sums;
use crate::kernel::patch::Patch;
use crate::kernel::scratch::with_scratch;
use crate::kernel::simd::{Vector, at_every_level};
use crate::kernel::space::Shared;

/// Packed input values of a band (64 kB): they are read again for every two output channels.
const BAND_VALUES: usize = 16 * 1024;
/// Partial sums, each of its own share of the images. A fixed number, so that results do not depend on the threads.
const PARTS: usize = 8;
const TAPS: usize = 9;

/// What the gradient of the weight of a 3×3 convolution is computed from.
#[derive(Clone, Copy)]
pub(in crate::kernel) struct WeightGradient<'a> {
    /// Input and output channels.
    pub channels: [usize; 2],
    /// `[batch, channels[0], input_size]`
    pub input: &'a [f32],
    pub input_size: [usize; 2],
    /// `[batch, channels[1], size]`
    pub gradient: &'a [f32],
    pub size: [usize; 2],
    /// Rows above and columns left of the input that count as 0.
    pub before: [usize; 2],
    pub stride: [usize; 2],
}

impl WeightGradient<'_> {
    /// Pictures.
    ///
    /// # Panics
    /// Where the input has fewer than the gradient.
    pub(in crate::kernel) fn batch(&self) -> usize {
        let batch = self.gradient.len() / (self.channels[1] * self.size[0] * self.size[1]);
        let image = self.channels[0] * self.input_size[0] * self.input_size[1];
        assert!(self.input.len() >= batch * image);
        batch
    }
}

/// Some rows of the output of some pictures.
#[derive(Clone, Copy, Debug)]
struct Band {
    /// First picture and how many.
    pictures: [usize; 2],
    /// First row and how many.
    rows: [usize; 2],
}

/// The gradient `[output channel, input channel, 3, 3]`.
pub(in crate::kernel) fn weight_gradient(level: SimdLevel, of: &WeightGradient<'_>) -> Vec<f32> {
    let lanes = level.lanes();
    let [channels_in, channels_out] = of.channels;
    let bands = bands(of, of.batch(), lanes);
    let share = bands.len().div_ceil(PARTS).max(1);
    let parts = bands.len().div_ceil(share);
    let blocks = channels_in.div_ceil(lanes);
    // `[part, output channel, block of input channels, tap, lane]`
    let len = channels_out * blocks * TAPS * lanes;
    let sums = partial_sums(parts, len, |part, sums| {
        for &band in bands.iter().skip(part * share).take(share) {
            with_scratch(band.patch(of).len(lanes) * band.pictures[1] + 16, |scratch| {
                // SAFETY: the sums are this task's, the scratch takes the band's patches, and the slices hold what the
                // sizes say (`batch` has seen to that).
                unsafe { add_band(level, of, band, sums, scratch) }
            });
        }
    });
    let mut gradient = vec![0.0; channels_out * channels_in * TAPS];
    gradient.par_chunks_exact_mut(channels_in * TAPS).enumerate().for_each(|(output, row)| {
        for (channel, taps) in row.chunks_exact_mut(TAPS).enumerate() {
            let at = (output * blocks + channel / lanes) * TAPS * lanes + channel % lanes;
            for part in sums.chunks_exact(len) {
                for (tap, sum) in taps.iter_mut().enumerate() {
                    *sum += part[at + tap * lanes];
                }
            }
        }
    });
    gradient
}

/// Bands of about [`BAND_VALUES`] packed values: some rows of a large picture, or several small pictures.
fn bands(of: &WeightGradient<'_>, batch: usize, lanes: usize) -> Vec<Band> {
    let whole = Band { pictures: [0, 1], rows: [0, of.size[0]] }.patch(of).len(lanes);
    let fit = |len: usize| (BAND_VALUES / len).max(1);
    let pictures = fit(whole).min(batch.div_ceil(PARTS)).max(1);
    let rows = if whole <= BAND_VALUES {
        of.size[0]
    } else {
        fit(whole.div_ceil(of.size[0])).min(of.size[0])
    };
    // Bands of about the same height.
    let rows = of.size[0].div_ceil(of.size[0].div_ceil(rows));
    let mut bands = Vec::new();
    for picture in (0..batch).step_by(pictures) {
        for row in (0..of.size[0]).step_by(rows) {
            bands.push(Band {
                pictures: [picture, pictures.min(batch - picture)],
                rows: [row, rows.min(of.size[0] - row)],
            });
        }
    }
    bands
}

impl Band {
    /// The input pixels under all taps of one picture.
    fn patch(&self, of: &WeightGradient<'_>) -> Patch {
        let [down, right] = of.stride;
        let first = (self.rows[0] * down) as isize - of.before[0] as isize;
        Patch {
            first: [first, -(of.before[1] as isize)],
            size: [(self.rows[1] - 1) * down + 3, (of.size[1] - 1) * right + 3],
            picture: of.input_size,
        }
    }
}

at_every_level! {
    /// [`add`]
    fn add_band = add(of: &WeightGradient<'_>, band: Band, sums: Shared<'_>, scratch: &mut [f32]);
}

/// Adds what a band contributes to the sums.
///
/// # Safety
/// The processor has `T`'s instructions, the slices hold what the sizes say, `sums` is `[output channel, block, tap,
/// lane]` and no other task's, and `scratch` takes the patches of the band's pictures and a cache line.
#[inline(always)]
unsafe fn add<T: Vector>(
    of: &WeightGradient<'_>,
    band: Band,
    sums: Shared<'_>,
    scratch: &mut [f32],
) {
    let [channels_in, channels_out] = of.channels;
    let patch = band.patch(of);
    let plane = of.input_size[0] * of.input_size[1];
    let blocks = channels_in.div_ceil(T::LANES);
    // Registers that straddle two cache lines cost twice.
    let skip = scratch.as_ptr().align_offset(64).min(16);
    // SAFETY: the caller's promise.
    unsafe {
        let pixels = scratch.as_mut_ptr().add(skip);
        for block in 0..blocks {
            let used = T::LANES.min(channels_in - block * T::LANES);
            for picture in 0..band.pictures[1] {
                let image = band.pictures[0] + picture;
                let from = (image * channels_in + block * T::LANES) * plane;
                let to = pixels.add(picture * patch.len(T::LANES));
                patch.fill::<T>(&of.input[from..], used, to);
            }
            let mut output = 0;
            while output < channels_out {
                let at = (output * blocks + block) * TAPS * T::LANES;
                let step = blocks * TAPS * T::LANES;
                // Two channels of sums take eighteen registers.
                if T::LANES == 16 && output + 2 <= channels_out {
                    let sums = sums.at(at, step + TAPS * T::LANES);
                    add_channels::<T, 2>(of, band, pixels, output, sums, step);
                    output += 2;
                } else {
                    let sums = sums.at(at, TAPS * T::LANES);
                    add_channels::<T, 1>(of, band, pixels, output, sums, step);
                    output += 1;
                }
            }
        }
    }
}

/// The sums of the output channels `output..output + COUNT`, which lie `step` apart.
///
/// # Safety
/// As for [`add`], which packed the pixels.
#[inline(always)]
unsafe fn add_channels<T: Vector, const COUNT: usize>(
    of: &WeightGradient<'_>,
    band: Band,
    pixels: *const f32,
    output: usize,
    sums: *mut f32,
    step: usize,
) {
    let patch = band.patch(of);
    let [rows, columns] = of.size;
    let plane = rows * columns;
    let (line, right) = (patch.size[1] * T::LANES, of.stride[1] * T::LANES);
    // SAFETY: every output pixel of the band has its 3×3 pixels in the patch.
    unsafe {
        let mut registers = [[T::splat(0.0); TAPS]; COUNT];
        for (channel, registers) in registers.iter_mut().enumerate() {
            for (tap, register) in registers.iter_mut().enumerate() {
                *register = T::load(sums.add(channel * step + tap * T::LANES));
            }
        }
        for picture in 0..band.pictures[1] {
            let image = band.pictures[0] + picture;
            let first = (image * of.channels[1] + output) * plane + band.rows[0] * columns;
            let slopes = of.gradient.as_ptr().add(first);
            let pixels = pixels.add(picture * patch.len(T::LANES));
            for row in 0..band.rows[1] {
                let mut under = pixels.add(row * of.stride[0] * line);
                let mut slopes = slopes.add(row * columns);
                for _ in 0..columns {
                    let mut slope = [T::splat(0.0); COUNT];
                    for (channel, slope) in slope.iter_mut().enumerate() {
                        *slope = T::splat(*slopes.add(channel * plane));
                    }
                    for tap in 0..TAPS {
                        let pixel = T::load(under.add(tap / 3 * line + tap % 3 * T::LANES));
                        for (registers, slope) in registers.iter_mut().zip(slope) {
                            registers[tap] = pixel.mul_add(slope, registers[tap]);
                        }
                    }
                    under = under.add(right);
                    slopes = slopes.add(1);
                }
            }
        }
        for (channel, registers) in registers.into_iter().enumerate() {
            for (tap, register) in registers.into_iter().enumerate() {
                register.store(sums.add(channel * step + tap * T::LANES));
            }
        }
    }
}
