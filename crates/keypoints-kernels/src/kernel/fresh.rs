//! New vectors whose values the tasks write, instead of one thread that sets them all to 0 first.

use std::mem::MaybeUninit;

use super::share::parts;
use super::space::Shared;

/// Sets all values to their default, mostly 0: cheap where a task does it to what it is about to write, which then
/// is in its cache.
pub(super) fn zeroed<T: Copy + Default>(values: &mut [MaybeUninit<T>]) -> &mut [T] {
    for value in values.iter_mut() {
        value.write(T::default());
    }
    // SAFETY: every value has just been written, and `MaybeUninit<T>` has the layout of `T`.
    unsafe { &mut *(std::ptr::from_mut(values) as *mut [T]) }
}

/// A vector of `len` values in parts of `part` (the last may have fewer), each made by a task from zeros:
/// `task(number of the part, part)`.
pub(super) fn by_parts<T: Copy + Default + Send>(
    len: usize,
    part: usize,
    task: impl Fn(usize, &mut [T]) + Sync,
) -> Vec<T> {
    // A value that is made of others in memory takes several steps.
    by_costly_parts(8 * len as u64, len, part, task)
}

/// [`by_parts`] that take `work` steps together: see [`parts`].
pub(super) fn by_costly_parts<T: Copy + Default + Send>(
    work: u64,
    len: usize,
    part: usize,
    task: impl Fn(usize, &mut [T]) + Sync,
) -> Vec<T> {
    let mut values = Vec::with_capacity(len);
    let room = &mut values.spare_capacity_mut()[..len];
    parts(work, room, part.max(1), |number, part| task(number, zeroed(part)));
    // SAFETY: the parts cover the first `len` values, and `zeroed` has set those of each.
    unsafe { values.set_len(len) };
    values
}

/// `parts` sums of `len` values, one behind the other, each of which a task adds to from zeros: `task(number, sum)`.
pub(super) fn partial_sums(
    parts: usize,
    len: usize,
    task: impl Fn(usize, Shared<'_>) + Sync,
) -> Vec<f32> {
    by_costly_parts(u64::MAX, parts * len, len, |part, sums| task(part, Shared::of(sums)))
}

#[cfg(test)]
mod tests;
