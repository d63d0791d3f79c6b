//! Outputs that are written before they are read: clearing them first would cost as much as some of the kernels.

use std::marker::PhantomData;

/// Memory for an output of which nothing is written yet.
pub(super) struct Space {
    values: Vec<f32>,
    len: usize,
}

impl Space {
    /// Room for `len` values.
    pub(super) fn new(len: usize) -> Self {
        Self { values: Vec::with_capacity(len), len }
    }

    /// For threads that write to different places.
    pub(super) fn share(&mut self) -> Shared<'_> {
        Shared { first: self.values.as_mut_ptr(), len: self.len, lifetime: PhantomData }
    }

    /// The values.
    ///
    /// # Safety
    /// All have been written.
    pub(super) unsafe fn filled(mut self) -> Vec<f32> {
        // SAFETY: the capacity is at least `len`, and the caller vouches for the values.
        unsafe { self.values.set_len(self.len) };
        self.values
    }
}

/// Values that several threads write to, each to its own.
#[derive(Clone, Copy)]
pub(super) struct Shared<'a> {
    first: *mut f32,
    len: usize,
    lifetime: PhantomData<&'a mut [f32]>,
}

// SAFETY: a `Shared` only hands out addresses; whoever writes through one vouches that nobody else does.
unsafe impl Send for Shared<'_> {}
// SAFETY: as above.
unsafe impl Sync for Shared<'_> {}

impl<'a> Shared<'a> {
    /// For values that have been written before.
    pub(super) fn of(values: &'a mut [f32]) -> Self {
        Self { first: values.as_mut_ptr(), len: values.len(), lifetime: PhantomData }
    }

    /// Where `len` values from `at` on lie.
    ///
    /// # Panics
    /// Where there are not as many: the arguments come from this crate's own sizes.
    pub(super) fn at(self, at: usize, len: usize) -> *mut f32 {
        assert!(at <= self.len && len <= self.len - at, "{at} + {len} of {}", self.len);
        // SAFETY: within the memory, by the assertion.
        unsafe { self.first.add(at) }
    }
}
