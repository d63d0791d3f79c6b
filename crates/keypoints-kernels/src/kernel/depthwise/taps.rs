//! The inner products, over the packed values of a plane.

use crate::kernel::activation::{Curve, with_curve};
use crate::kernel::epilogue::{Epilogue, finish};
use crate::kernel::simd::Vector;

/// Taps whose sums [`correlate`] keeps in registers together.
pub(super) const TAPS: usize = 9;

/// `sums[p] = Σ_tap weights[tap] · packed[offsets[tap] + p]`, brought through the epilogue of `channel`. The number of
/// sums is a multiple of 16.
///
/// # Safety
/// The processor must have `T`'s instructions.
#[inline(always)]
pub(super) unsafe fn convolve<T: Vector>(
    packed: &[f32],
    offsets: &[usize],
    weights: &[f32],
    epilogue: Epilogue<'_>,
    channel: usize,
    sums: &mut [f32],
) {
    let reach = offsets.iter().max().map_or(0, |&last| last + sums.len());
    assert!(reach <= packed.len() && offsets.len() == weights.len());
    assert!(sums.len().is_multiple_of(T::LANES));
    let affine = epilogue.affine(channel);
    // SAFETY: by the assertions every tap of every sum is there.
    unsafe {
        with_curve!(
            epilogue.activation,
            convolve_with::<T, _>(packed, offsets, weights, affine, sums)
        );
    }
}

#[inline(always)]
unsafe fn convolve_with<T: Vector, C: Curve>(
    packed: &[f32],
    offsets: &[usize],
    weights: &[f32],
    affine: [f32; 2],
    sums: &mut [f32],
) {
    let registers = sums.len() / T::LANES;
    let (packed, to) = (packed.as_ptr(), sums.as_mut_ptr());
    let mut at = 0;
    // SAFETY: the caller's promise; `at` is the first of so many registers.
    unsafe {
        while at + 8 <= registers {
            let first = at * T::LANES;
            run::<T, C, 8, 1>(packed.add(first), offsets, weights, affine, to.add(first));
            at += 8;
        }
        while at + 3 <= registers {
            let first = at * T::LANES;
            run::<T, C, 3, 2>(packed.add(first), offsets, weights, affine, to.add(first));
            at += 3;
        }
        while at < registers {
            let first = at * T::LANES;
            run::<T, C, 1, 4>(packed.add(first), offsets, weights, affine, to.add(first));
            at += 1;
        }
    }
}

/// `N` registers of sums, of `S` parts each: every `S`th tap, so that additions need not wait for each other.
#[inline(always)]
unsafe fn run<T: Vector, C: Curve, const N: usize, const S: usize>(
    packed: *const f32,
    offsets: &[usize],
    weights: &[f32],
    affine: [f32; 2],
    to: *mut f32,
) {
    // SAFETY: the caller's promise covers every address formed here.
    unsafe {
        let mut parts = [[T::splat(0.0); N]; S];
        let whole = offsets.len() / S * S;
        let mut tap = 0;
        while tap < whole {
            for (part, sums) in parts.iter_mut().enumerate() {
                let from = packed.add(*offsets.get_unchecked(tap + part));
                let weight = T::splat(*weights.get_unchecked(tap + part));
                for (v, sum) in sums.iter_mut().enumerate() {
                    *sum = T::load(from.add(v * T::LANES)).mul_add(weight, *sum);
                }
            }
            tap += S;
        }
        while tap < offsets.len() {
            let from = packed.add(*offsets.get_unchecked(tap));
            let weight = T::splat(*weights.get_unchecked(tap));
            for (v, sum) in parts[0].iter_mut().enumerate() {
                *sum = T::load(from.add(v * T::LANES)).mul_add(weight, *sum);
            }
            tap += 1;
        }
        let (first, others) = parts.split_at_mut(1);
        for sums in others {
            for (total, sum) in first[0].iter_mut().zip(sums) {
                *total = total.add(*sum);
            }
        }
        for (v, sum) in first[0].iter().enumerate() {
            finish::<T, C>(*sum, affine).store(to.add(v * T::LANES));
        }
    }
}

/// Adds to `sums[tap]`, a register each, `gradient[p] · packed[offsets[tap] + p]`. Offsets and sums
/// come in groups of [`TAPS`], and there are a multiple of 16 gradients.
///
/// # Safety
/// The processor must have `T`'s instructions.
#[inline(always)]
pub(super) unsafe fn correlate<T: Vector>(
    packed: &[f32],
    offsets: &[usize],
    gradient: &[f32],
    sums: &mut [T],
) {
    let reach = offsets.iter().max().map_or(0, |&last| last + gradient.len());
    assert!(reach <= packed.len() && offsets.len() == sums.len());
    assert!(gradient.len().is_multiple_of(T::LANES));
    let (offsets, _) = offsets.as_chunks::<TAPS>();
    let (sums, _) = sums.as_chunks_mut::<TAPS>();
    for (offsets, sums) in offsets.iter().zip(sums) {
        let mut totals = *sums;
        // SAFETY: by the assertions every tap of every gradient is there.
        unsafe {
            let mut at = 0;
            while at < gradient.len() {
                let slope = T::load(gradient.as_ptr().add(at));
                let from = packed.as_ptr().add(at);
                for (total, offset) in totals.iter_mut().zip(offsets) {
                    *total = T::load(from.add(*offset)).mul_add(slope, *total);
                }
                at += T::LANES;
            }
        }
        *sums = totals;
    }
}
