//! The planes of one channel.

use crate::kernel::space::Shared;

/// Where a channel's planes lie in a batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planes {
    /// The first value of the first.
    pub(super) first: usize,
    /// Values of each.
    pub(super) len: usize,
    /// From one to the next.
    pub(super) step: usize,
    pub(super) count: usize,
}

impl Planes {
    /// From the first value of the first plane to the last of the last.
    fn reach(&self) -> usize {
        if self.count == 0 { 0 } else { (self.count - 1) * self.step + self.len }
    }

    /// The first plane in a slice that has all of them.
    pub(super) fn of(&self, values: &[f32]) -> *const f32 {
        values[self.first..self.first + self.reach()].as_ptr()
    }

    /// The first plane in an output that has all of them.
    pub(super) fn within(&self, values: Shared<'_>) -> *mut f32 {
        values.at(self.first, self.reach())
    }
}
