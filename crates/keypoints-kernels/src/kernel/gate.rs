//! Means of maps and factors for maps: the parts of squeeze-and-excitation that touch every pixel.

use rayon::prelude::*;

use super::SimdLevel;
use super::simd::{Vector, at_every_level, part, put};
use super::space::{Shared, Space};

/// Values per task.
const SHARE: usize = 16 * 1024;

/// Values that are dealt with before another thread has woken up.
const ALONE: usize = 32 * 1024;

/// Maps a task.
fn share(plane: usize) -> usize {
    (SHARE / plane).max(1)
}

/// The mean of every map of `plane` values.
pub(crate) fn means(values: &[f32], plane: usize) -> Vec<f32> {
    products(values, None, plane, 1.0 / plane as f32)
}

/// The sum of the products of two tensors, map by map.
pub(crate) fn dot_products(values: &[f32], others: &[f32], plane: usize) -> Vec<f32> {
    products(values, Some(others), plane, 1.0)
}

fn products(values: &[f32], others: Option<&[f32]>, plane: usize, scale: f32) -> Vec<f32> {
    let (level, share) = (SimdLevel::best(), share(plane));
    assert!(others.is_none_or(|others| others.len() == values.len()));
    let mut sums = vec![0.0; values.len() / plane];
    let run = |(task, sums): (usize, &mut [f32])| {
        let first = task * share * plane;
        let maps = first..first + sums.len() * plane;
        let others = others.map(|others| &others[maps.clone()]);
        // SAFETY: as many maps as sums.
        unsafe { sum_maps(level, &values[maps], others, plane, scale, sums) };
    };
    match values.len() <= ALONE {
        true => sums.chunks_mut(share).enumerate().for_each(run),
        false => sums.par_chunks_mut(share).enumerate().for_each(run),
    }
    sums
}

at_every_level! {
    /// `scale` times the sum of each map, or of its products with another.
    fn sum_maps = sum_maps_with(
        values: &[f32], others: Option<&[f32]>, plane: usize, scale: f32, sums: &mut [f32],
    );
}

/// # Safety
/// The processor has `T`'s instructions; every sum has its map in `values`, and in `others` where there are any.
#[inline(always)]
unsafe fn sum_maps_with<T: Vector>(
    values: &[f32],
    others: Option<&[f32]>,
    plane: usize,
    scale: f32,
    sums: &mut [f32],
) {
    for (index, sum) in sums.iter_mut().enumerate() {
        let map = index * plane..(index + 1) * plane;
        let others = others.map(|others| others[map.clone()].as_ptr());
        let values = values[map].as_ptr();
        // SAFETY: both maps have `plane` values.
        unsafe {
            let (mut first, mut second) = (T::splat(0.0), T::splat(0.0));
            let mut at = 0;
            while at < plane {
                let left = plane - at;
                let value = part::<T>(values.add(at), left);
                let next = match others {
                    Some(others) => value.mul_add(part(others.add(at), left), first),
                    None => value.add(first),
                };
                (first, second) = (second, next);
                at += T::LANES;
            }
            *sum = first.add(second).sum() * scale;
        }
    }
}

/// Every map times its gate.
pub(crate) fn scale(values: &[f32], gates: &[f32], plane: usize) -> Vec<f32> {
    assert_eq!(values.len(), gates.len() * plane);
    let mut output = Space::new(values.len());
    // SAFETY: as many values are read as there are maps of them (asserted above), from other memory than is written;
    // every map has been written when the output is taken.
    unsafe {
        blend(values.as_ptr(), gates, None, plane, output.share());
        output.filled()
    }
}

/// Every map times its gate plus its summand, in place.
pub(crate) fn scale_and_shift(values: &mut [f32], gates: &[f32], shifts: &[f32], plane: usize) {
    assert_eq!(values.len(), gates.len() * plane);
    let to = Shared::of(values);
    let from = to.at(0, gates.len() * plane).cast_const();
    // SAFETY: what is read is what is written, through the same address, value by value.
    unsafe { blend(from, gates, Some(shifts), plane, to) };
}

/// An address that threads read from.
#[derive(Clone, Copy)]
struct Source(*const f32);
// SAFETY: see `blend`.
unsafe impl Send for Source {}
// SAFETY: see `blend`.
unsafe impl Sync for Source {}

impl Source {
    /// # Safety
    /// There are more than `at` values.
    unsafe fn add(self, at: usize) -> *const f32 {
        // SAFETY: the caller's promise.
        unsafe { self.0.add(at) }
    }
}

/// # Safety
/// `from` has as many values as `to`, `plane` for every gate, and is the same memory or other memory.
unsafe fn blend(
    from: *const f32,
    gates: &[f32],
    shifts: Option<&[f32]>,
    plane: usize,
    to: Shared<'_>,
) {
    let (level, share) = (SimdLevel::best(), share(plane));
    let from = Source(from);
    let run = |(task, gates): (usize, &[f32])| {
        let first = task * share;
        let shifts = shifts.map(|shifts| &shifts[first..first + gates.len()]);
        let to = to.at(first * plane, gates.len() * plane);
        // SAFETY: these maps exist in both, and are this task's alone.
        unsafe { blend_maps(level, from.add(first * plane), gates, shifts, plane, to) };
    };
    match gates.len() * plane <= ALONE {
        true => gates.chunks(share).enumerate().for_each(run),
        false => gates.par_chunks(share).enumerate().for_each(run),
    }
}

at_every_level! {
    /// Every map times its gate plus its summand; as many maps are read and written as there are gates.
    fn blend_maps = blend_maps_with(
        from: *const f32, gates: &[f32], shifts: Option<&[f32]>, plane: usize, to: *mut f32,
    );
}

/// # Safety
/// The processor has `T`'s instructions; `from` and `to` hold a map for every gate, and nobody else writes to them.
#[inline(always)]
unsafe fn blend_maps_with<T: Vector>(
    from: *const f32,
    gates: &[f32],
    shifts: Option<&[f32]>,
    plane: usize,
    to: *mut f32,
) {
    for (index, gate) in gates.iter().enumerate() {
        let shift = shifts.map_or(0.0, |shifts| shifts[index]);
        // SAFETY: the caller vouches for the maps.
        unsafe {
            let (from, to) = (from.add(index * plane), to.add(index * plane));
            let (gate, shift) = (T::splat(*gate), T::splat(shift));
            let mut at = 0;
            while at < plane {
                let left = plane - at;
                put(part::<T>(from.add(at), left).mul_add(gate, shift), to.add(at), left);
                at += T::LANES;
            }
        }
    }
}
