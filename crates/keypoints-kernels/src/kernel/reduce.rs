//! The inner product of every weight gradient: a few output channels times a few terms, summed over
//! pixels, with all sums in registers until the run of pixels ends.

use super::SimdLevel;
use super::multiply::RUN;
use super::simd::{Vector, at_every_level};

/// Output channels that are computed together.
pub(crate) const ROWS: usize = 4;

/// Terms (input channel × tap) that are computed together.
pub(crate) fn terms_per_block(level: SimdLevel) -> usize {
    match level {
        SimdLevel::Avx512 => 6,
        SimdLevel::Avx2 | SimdLevel::Portable => 2,
    }
}

/// One stretch of pixels, the same for all channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Where in the gradient planes the first row's stretch begins.
    pub gradient: usize,
    /// What to add to a term's offset for this stretch.
    pub planes: usize,
}

/// What [`reduce`] sums over.
#[derive(Clone, Copy)]
pub(crate) struct Reduction<'a> {
    /// Packed output gradients; columns that are no pixel hold 0.
    pub gradients: &'a [f32],
    /// From one row (output channel) to the next.
    pub row_pitch: usize,
    /// Packed input pixels.
    pub planes: &'a [f32],
    /// The stretches to sum over.
    pub segments: &'a [Segment],
    /// Pixels in each stretch, a multiple of [`RUN`].
    pub count: usize,
}

/// Adds to `sums[row * terms + term]` the sum over all stretches and pixels of
/// `gradients[stretch + row, p] · planes[stretch + offsets[term] + p]`.
///
/// `offsets` holds [`terms_per_block`] terms, `sums` four rows of as many.
///
/// # Panics
/// Where a slice is too short for that: the arguments come from this crate's own packing.
pub(crate) fn reduce(level: SimdLevel, over: Reduction<'_>, offsets: &[usize], sums: &mut [f32]) {
    let level = level.checked();
    let terms = terms_per_block(level);
    assert!(offsets.len() == terms && sums.len() == ROWS * terms && over.count.is_multiple_of(RUN));
    let furthest = offsets.iter().copied().max().unwrap_or(0) + over.count;
    for segment in over.segments {
        assert!(segment.gradient + 3 * over.row_pitch + over.count <= over.gradients.len());
        assert!(segment.planes + furthest <= over.planes.len());
    }
    // SAFETY: the assertions cover the furthest read of every stretch, and the lengths of `offsets` and `sums`.
    unsafe { add_block(level, over, offsets, sums) }
}

at_every_level! {
    /// [`block`]
    fn add_block = block::<[6], [2], [2]>(over: Reduction<'_>, offsets: &[usize], sums: &mut [f32]);
}

/// # Safety
/// The processor must have `T`'s instructions; `count` is a multiple of `T::LANES`; every stretch of
/// every row and term lies within its slice; `offsets` holds `TERMS` values.
#[inline(always)]
unsafe fn block<T: Vector, const TERMS: usize>(
    over: Reduction<'_>,
    offsets: &[usize],
    sums: &mut [f32],
) {
    // SAFETY: the caller's promise covers every address formed here.
    unsafe {
        let mut totals = [[T::splat(0.0); TERMS]; ROWS];
        for segment in over.segments {
            let gradient = over.gradients.as_ptr().add(segment.gradient);
            let mut pixels = [over.planes.as_ptr(); TERMS];
            for (pixel, offset) in pixels.iter_mut().zip(offsets) {
                *pixel = pixel.add(segment.planes + offset);
            }
            let mut at = 0;
            while at < over.count {
                let mut g = [T::splat(0.0); ROWS];
                for (row, g) in g.iter_mut().enumerate() {
                    *g = T::load(gradient.add(row * over.row_pitch + at));
                }
                for (term, pixel) in pixels.iter().enumerate() {
                    let x = T::load(pixel.add(at));
                    for (row, g) in g.iter().enumerate() {
                        totals[row][term] = g.mul_add(x, totals[row][term]);
                    }
                }
                at += T::LANES;
            }
        }
        for (row, totals) in sums.chunks_exact_mut(TERMS).zip(totals) {
            for (sum, total) in row.iter_mut().zip(totals) {
                *sum += total.sum();
            }
        }
    }
}
