//! A few rows times a matrix that is read once: the time is that of reading it, by all threads.

use super::SimdLevel;
use super::share::tasks;
use super::simd::{Vector, at_every_level, part, put};
use super::space::Space;

/// Columns of a task: two to eight registers.
const COLUMNS: usize = 64;
/// Terms that are added in a row before the sum joins the others: a longer chain would lose digits.
const RUN: usize = 1024;

/// `[rows, outputs]` from `x`, `[rows, terms]`, `weight`, `[terms, outputs]`.
pub(crate) fn linear(x: &[f32], weight: &[f32], rows: usize) -> Vec<f32> {
    let level = SimdLevel::best();
    let terms = x.len() / rows;
    let outputs = weight.len() / terms;
    assert_eq!((x.len(), weight.len()), (rows * terms, terms * outputs));
    let mut output = Space::new(rows * outputs);
    let to = output.share();
    let blocks = outputs.div_ceil(COLUMNS);
    tasks((rows * weight.len() / level.lanes()) as u64, rows * blocks, |task| {
        let (row, first) = (task % rows, task / rows * COLUMNS);
        let count = COLUMNS.min(outputs - first);
        let x = &x[row * terms..][..terms];
        let to = to.at(row * outputs + first, count);
        // SAFETY: the sizes have been compared above, and these outputs are this task's alone.
        unsafe { columns(level, x, &weight[first..], outputs, count, to) }
    });
    // SAFETY: the tasks have written every output of every row.
    unsafe { output.filled() }
}

at_every_level! {
    /// [`columns_with`]
    fn columns = columns_with(
        x: &[f32], weight: &[f32], step: usize, count: usize, to: *mut f32,
    );
}

/// # Safety
/// The processor has `T`'s instructions; `weight` holds `count` values every `step`, one such row for every term of `x`;
/// `count` is at most [`COLUMNS`], and `to` has as many values.
#[inline(always)]
unsafe fn columns_with<T: Vector>(
    x: &[f32],
    weight: &[f32],
    step: usize,
    count: usize,
    to: *mut f32,
) {
    // SAFETY: the caller's promise.
    unsafe {
        // A register of columns at a time would read a line of the matrix now and then; four at a time read on.
        let mut at = 0;
        while at < count {
            let left = count - at;
            let (weight, to) = (weight.as_ptr().add(at), to.add(at));
            at += if left >= 4 * T::LANES {
                registers::<T, 4>(x, weight, step, 4 * T::LANES, to);
                4 * T::LANES
            } else {
                let here = left.min(T::LANES);
                registers::<T, 1>(x, weight, step, here, to);
                here
            };
        }
    }
}

/// # Safety
/// As for [`columns_with`]; `count` columns fill `WIDE` registers, or are fewer than one.
#[inline(always)]
unsafe fn registers<T: Vector, const WIDE: usize>(
    x: &[f32],
    weight: *const f32,
    step: usize,
    count: usize,
    to: *mut f32,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut totals = [T::splat(0.0); WIDE];
        for (run, x) in x.chunks(RUN).enumerate() {
            // Two chains, of even and of odd terms, do not wait for each other.
            let mut sums = [[T::splat(0.0); WIDE]; 2];
            for (term, value) in x.iter().enumerate() {
                let row = weight.add((run * RUN + term) * step);
                let value = T::splat(*value);
                for (v, sum) in sums[term % 2].iter_mut().enumerate() {
                    let from = row.add(v * T::LANES);
                    *sum = value.mul_add(part::<T>(from, count - v * T::LANES), *sum);
                }
            }
            for (v, total) in totals.iter_mut().enumerate() {
                *total = total.add(sums[0][v].add(sums[1][v]));
            }
        }
        for (v, total) in totals.into_iter().enumerate() {
            let left = count - v * T::LANES;
            put(total, to.add(v * T::LANES), left);
        }
    }
}
