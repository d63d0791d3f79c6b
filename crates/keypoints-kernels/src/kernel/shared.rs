//! What tasks share, and what each thread keeps for itself.

use std::cell::RefCell;

/// A mutable slice that several tasks write to, each its own part.
#[derive(Clone, Copy)]
pub(super) struct Shared {
    pub values: *mut f32,
    pub len: usize,
}

// SAFETY: tasks only form addresses through `at`, and every use says why no two tasks share one.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

impl Shared {
    pub(super) fn new(values: &mut [f32]) -> Self {
        Self { values: values.as_mut_ptr(), len: values.len() }
    }

    /// The address of a value.
    ///
    /// # Safety
    /// `at + count` lies within the slice, and no other task uses those values at the same time.
    pub(super) unsafe fn at(&self, at: usize, count: usize) -> *mut f32 {
        debug_assert!(at + count <= self.len);
        // SAFETY: the caller's promise.
        unsafe { self.values.add(at) }
    }
}

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
