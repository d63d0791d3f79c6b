//! Sharing work out over the threads, where there is enough of it.

use rayon::prelude::*;

/// Waking other threads takes as long as about so many steps of work, a step being a register's multiplication or a
/// value read and written.
const WORTH: u64 = 500_000;

/// Whether so many steps are done sooner by this thread alone.
pub(super) fn is_little(work: u64) -> bool {
    work < WORTH
}

/// `task(0)` to `task(count - 1)`, which take `work` steps together.
pub(super) fn tasks(work: u64, count: usize, task: impl Fn(usize) + Sync) {
    if is_little(work) {
        (0..count).for_each(task);
    } else {
        (0..count).into_par_iter().with_max_len(1).for_each(&task);
    }
}

/// `task(number, part)` for parts of `len` values (the last may have fewer), which take `work` steps together.
pub(super) fn parts<T: Send>(
    work: u64,
    values: &mut [T],
    len: usize,
    task: impl Fn(usize, &mut [T]) + Sync,
) {
    if is_little(work) {
        values.chunks_mut(len).enumerate().for_each(|(number, part)| task(number, part));
    } else {
        values.par_chunks_mut(len).enumerate().for_each(|(number, part)| task(number, part));
    }
}
