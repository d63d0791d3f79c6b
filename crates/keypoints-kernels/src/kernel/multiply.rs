//! The inner product of every forward pass and input gradient: a few output channels at once, over a
//! run of neighbouring pixels, with all sums in registers until they are complete.

use super::SimdLevel;
use super::simd::{Vector, at_every_level};

/// Output channels that are computed together; weights are packed in blocks of this many rows.
pub(crate) fn rows_per_block(level: SimdLevel) -> usize {
    match level {
        SimdLevel::Avx512 => 8,
        SimdLevel::Avx2 | SimdLevel::Portable => 4,
    }
}

/// Runs of pixels are rounded up to a multiple of this; packed planes and output rows have room for it.
pub(crate) const RUN: usize = 16;

/// What one block of output channels is computed from.
#[derive(Clone, Copy)]
pub(crate) struct Block<'a> {
    /// `[terms, rows]`: the weight of each term for each of the block's output channels.
    pub weights: &'a [f32],
    /// Where in `planes` each term's pixel for the first output pixel lies.
    pub offsets: &'a [usize],
    /// Packed input pixels.
    pub planes: &'a [f32],
    /// What each sum starts from, one per row.
    pub start: &'a [f32],
}

/// `out[row, p] = start[row] + Σ_term weights[term, row] · planes[offsets[term] + p]` for `p` in `0..count`.
///
/// `out` is `[rows, pitch]` with `pitch = count` rounded up to [`RUN`]; its last columns of a row get
/// sums of whatever lies behind the run in `planes`.
///
/// # Panics
/// Where a slice is too short for that: the arguments come from this crate's own packing.
pub(crate) fn multiply(level: SimdLevel, block: Block<'_>, count: usize, out: &mut [f32]) {
    let level = level.checked();
    let rows = rows_per_block(level);
    let pitch = count.next_multiple_of(RUN);
    let reach = block.offsets.iter().max().map_or(0, |&last| last + pitch);
    assert_eq!(block.weights.len(), block.offsets.len() * rows);
    assert_eq!(block.start.len(), rows);
    assert!(out.len() >= rows * pitch && block.planes.len() >= reach);
    // SAFETY: reads stay within `planes` because the furthest one ends at the largest offset plus `pitch`, and within
    // `weights` and `start` by their lengths; writes stay within `rows` rows of `pitch` values.
    unsafe { tiles(level, block, pitch, out.as_mut_ptr()) }
}

at_every_level! {
    /// [`run`]
    fn tiles = run::<[8, 3], [4, 3], [4, 2]>(block: Block<'_>, pitch: usize, out: *mut f32);
}

/// # Safety
/// The processor must have `T`'s instructions; `pitch` is a multiple of `T::LANES`; `planes` reaches
/// `pitch` values beyond every offset, `weights` and `start` hold `ROWS` values per term and in all,
/// and `out` takes `ROWS * pitch` values.
#[inline(always)]
unsafe fn run<T: Vector, const ROWS: usize, const WIDE: usize>(
    block: Block<'_>,
    pitch: usize,
    out: *mut f32,
) {
    let mut at = 0;
    // SAFETY: every tile ends at or before `pitch`.
    unsafe {
        while at + WIDE * T::LANES <= pitch {
            tile::<T, ROWS, WIDE>(block, at, pitch, out);
            at += WIDE * T::LANES;
        }
        if WIDE > 2 && at + 2 * T::LANES <= pitch {
            tile::<T, ROWS, 2>(block, at, pitch, out);
            at += 2 * T::LANES;
        }
        while at < pitch {
            tile::<T, ROWS, 1>(block, at, pitch, out);
            at += T::LANES;
        }
    }
}

/// `ROWS` output channels × `WIDE` registers of pixels from pixel `at` on.
///
/// # Safety
/// As for [`run`], with `at + WIDE * T::LANES <= pitch`.
#[inline(always)]
unsafe fn tile<T: Vector, const ROWS: usize, const WIDE: usize>(
    block: Block<'_>,
    at: usize,
    pitch: usize,
    out: *mut f32,
) {
    let planes = block.planes.as_ptr();
    let mut weight = block.weights.as_ptr();
    // SAFETY: the caller's promise covers every address formed here.
    unsafe {
        let mut sums = [[T::splat(0.0); WIDE]; ROWS];
        for (row, start) in sums.iter_mut().zip(block.start) {
            *row = [T::splat(*start); WIDE];
        }
        for &offset in block.offsets {
            let pixels = planes.add(offset + at);
            let mut x = [T::splat(0.0); WIDE];
            for (v, x) in x.iter_mut().enumerate() {
                *x = T::load(pixels.add(v * T::LANES));
            }
            for (r, row) in sums.iter_mut().enumerate() {
                let w = T::splat(*weight.add(r));
                for (sum, x) in row.iter_mut().zip(x) {
                    *sum = w.mul_add(x, *sum);
                }
            }
            weight = weight.add(ROWS);
        }
        for (r, row) in sums.into_iter().enumerate() {
            for (v, sum) in row.into_iter().enumerate() {
                sum.store(out.add(r * pitch + at + v * T::LANES));
            }
        }
    }
}
