//! What each thread keeps for itself.

use std::cell::RefCell;

/// Lends a task a buffer of its thread, with whatever was last in it.
///
/// Such buffers are as large as a core's cache; a new one per task would cost more in page faults than the
/// arithmetic that it is for.
pub(super) fn with_scratch<R>(len: usize, body: impl FnOnce(&mut [f32]) -> R) -> R {
    thread_local!(static SCRATCH: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) });
    // Taken out for the time: were the body to come back here (a thread that waits may start another
    // task), it would find a new one.
    let mut scratch = SCRATCH.take();
    if scratch.len() < len {
        scratch.resize(len, 0.0);
    }
    let result = body(&mut scratch[..len]);
    SCRATCH.set(scratch);
    result
}
