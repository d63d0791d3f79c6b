//! The weight gradient of 3×3 kernels over few input channels (a picture's): gradients side by side, input number by number.
//!
//! The nine sums of an input channel and a register of output channels stay in registers while a band of pixels passes by.

use super::weights::WeightGradient;
use crate::kernel::SimdLevel;
use crate::kernel::fresh::partial_sums;
use crate::kernel::patch::Patch;
use crate::kernel::scratch::with_scratch;
use crate::kernel::simd::{Vector, at_every_level};
use crate::kernel::space::Shared;

/// Packed gradients of a band (32 kB).
const BAND_VALUES: usize = 8 * 1024;
/// Partial sums, each of its own share of the pictures. A fixed number, so that results do not depend on the threads.
const PARTS: usize = 8;
const TAPS: usize = 9;

/// Whether there are so few input channels that they do not fill a register.
pub(in crate::kernel) fn few(channels_in: usize) -> bool {
    channels_in <= 4
}

/// The gradient `[output channel, input channel, 3, 3]`.
pub(in crate::kernel) fn weight_gradient(level: SimdLevel, of: &WeightGradient<'_>) -> Vec<f32> {
    let lanes = level.lanes();
    let [channels_in, channels_out] = of.channels;
    let batch = of.batch();
    let share = batch.div_ceil(PARTS).max(1);
    let parts = batch.div_ceil(share);
    let blocks = channels_out.div_ceil(lanes);
    // `[part, block of output channels, input channel, tap, lane]`
    let len = blocks * channels_in * TAPS * lanes;
    let rows = (BAND_VALUES / (of.size[1] * lanes)).clamp(1, of.size[0]);
    let window = [(rows - 1) * of.stride[0] + 3, (of.size[1] - 1) * of.stride[1] + 3];
    let room = rows * of.size[1] * lanes + window[0] * window[1] + 16;
    let sums = partial_sums(parts, len, |part, sums| {
        with_scratch(room, |scratch| {
            for picture in part * share..batch.min((part + 1) * share) {
                for row in (0..of.size[0]).step_by(rows) {
                    let rows = [row, rows.min(of.size[0] - row)];
                    // SAFETY: the sums are this task's, the scratch takes the gradients and the window of a band, and
                    // the slices hold what the sizes say (`batch` has seen to that).
                    unsafe { add_band(level, of, picture, rows, sums, scratch) }
                }
            }
        });
    });
    let mut gradient = vec![0.0; channels_out * channels_in * TAPS];
    for (output, row) in gradient.chunks_exact_mut(channels_in * TAPS).enumerate() {
        let at = output / lanes * channels_in * TAPS * lanes + output % lanes;
        for (term, sum) in row.iter_mut().enumerate() {
            *sum = sums.chunks_exact(len).map(|part| part[at + term * lanes]).sum();
        }
    }
    gradient
}

at_every_level! {
    /// [`add`]
    fn add_band = add(
        of: &WeightGradient<'_>, picture: usize, rows: [usize; 2], sums: Shared<'_>, scratch: &mut [f32],
    );
}

/// Adds what some rows of a picture contribute to the sums.
///
/// # Safety
/// The processor has `T`'s instructions, the slices hold what the sizes say, `sums` is no other task's, and `scratch` takes
/// the gradients of the rows, the input under them and a cache line.
#[inline(always)]
unsafe fn add<T: Vector>(
    of: &WeightGradient<'_>,
    picture: usize,
    [row, count]: [usize; 2],
    sums: Shared<'_>,
    scratch: &mut [f32],
) {
    let [channels_in, channels_out] = of.channels;
    let columns = of.size[1];
    let slopes = Patch { first: [row as isize, 0], size: [count, columns], picture: of.size };
    let window = [(count - 1) * of.stride[0] + 3, (columns - 1) * of.stride[1] + 3];
    let first = [(row * of.stride[0]) as isize - of.before[0] as isize, -(of.before[1] as isize)];
    let skip = scratch.as_ptr().align_offset(64).min(16);
    let (packed, under) = scratch[skip..].split_at_mut(slopes.len(T::LANES));
    let planes = [of.input_size[0] * of.input_size[1], of.size[0] * of.size[1]];
    for block in 0..channels_out.div_ceil(T::LANES) {
        let used = T::LANES.min(channels_out - block * T::LANES);
        let from = (picture * channels_out + block * T::LANES) * planes[1];
        // SAFETY: the planes of `used` channels begin there, and the patch has room.
        unsafe { slopes.fill::<T>(&of.gradient[from..], used, packed.as_mut_ptr()) };
        for channel in 0..channels_in {
            let plane = &of.input[(picture * channels_in + channel) * planes[0]..][..planes[0]];
            if block == 0 || channels_in > 1 {
                frame(plane, of.input_size, first, window, under);
            }
            let at = (block * channels_in + channel) * TAPS * T::LANES;
            let to = sums.at(at, TAPS * T::LANES);
            // SAFETY: the window holds the nine pixels under every gradient of the band, and `to` nine registers.
            unsafe {
                let mut registers = [T::splat(0.0); TAPS];
                for (tap, register) in registers.iter_mut().enumerate() {
                    *register = T::load(to.add(tap * T::LANES));
                }
                for line in 0..count {
                    let mut slope = packed.as_ptr().add(line * columns * T::LANES);
                    let mut pixel = under.as_ptr().add(line * of.stride[0] * window[1]);
                    for _ in 0..columns {
                        let value = T::load(slope);
                        for (tap, register) in registers.iter_mut().enumerate() {
                            let factor = T::splat(*pixel.add(tap / 3 * window[1] + tap % 3));
                            *register = value.mul_add(factor, *register);
                        }
                        slope = slope.add(T::LANES);
                        pixel = pixel.add(of.stride[1]);
                    }
                }
                for (tap, register) in registers.into_iter().enumerate() {
                    register.store(to.add(tap * T::LANES));
                }
            }
        }
    }
}

/// A part of a plane from `first` on, with zeros outside.
fn frame(
    plane: &[f32],
    [high, wide]: [usize; 2],
    first: [isize; 2],
    [rows, columns]: [usize; 2],
    to: &mut [f32],
) {
    let left = first[1].min(0).unsigned_abs().min(columns);
    let count = wide.min(columns - left);
    for (row, line) in to[..rows * columns].chunks_exact_mut(columns).enumerate() {
        match usize::try_from(first[0] + row as isize) {
            Ok(y) if y < high => {
                line[..left].iter_mut().for_each(|pixel| *pixel = 0.0);
                line[left..left + count].copy_from_slice(&plane[y * wide..][..count]);
                line[left + count..].iter_mut().for_each(|pixel| *pixel = 0.0);
            }
            _ => line.fill(0.0),
        }
    }
}
