//! Products of tiles: what both levels compute, with every address checked.

use std::marker::PhantomData;

use super::Bf16Level;
use super::buffer::Tile;
use super::operands::{Left, Right, Steps};

/// This thread's multiplier, while it lives. Not to be kept while other work might run on the thread.
pub(super) struct Multiplier {
    level: Bf16Level,
    /// Tiles belong to a thread.
    thread: PhantomData<*const ()>,
}

impl Multiplier {
    /// `level` must be available.
    pub(super) fn new(level: Bf16Level) -> Self {
        assert!(level.is_available(), "{level:?} is not available");
        #[cfg(target_os = "linux")]
        if level == Bf16Level::Amx {
            // SAFETY: the level is available.
            unsafe { super::tiles::configure() };
        }
        Self { level, thread: PhantomData }
    }

    /// Two left tiles with two right tiles: the left one's sums are `sums[at[left]]` and the next.
    pub(super) fn two_by_two(
        &self,
        steps: &Steps,
        left: Left<'_>,
        right: Right<'_, 2>,
        sums: &mut [Tile],
        at: [usize; 2],
        add: bool,
    ) {
        let (left, right) = (left.tiles(2, steps), right.tiles(steps));
        assert!(at.iter().all(|at| at + 2 <= sums.len()), "{at:?} of {} tiles", sums.len());
        let first = sums.as_mut_ptr();
        // SAFETY: within the slice, by the assertion. Both come from one pointer, so neither ends the other's right to write.
        let sums = at.map(|at| unsafe { first.add(at) });
        // SAFETY: the level is available and configured for this thread, which cannot change; all tiles
        // of all steps lie in their slices.
        unsafe {
            match self.level {
                #[cfg(target_os = "linux")]
                Bf16Level::Amx => super::tiles::two_by_two(steps, left, right, sums, add),
                _ => super::dot::two_by_two(steps, left, right, sums, add),
            }
        }
    }

    /// Four left tiles with one right tile: `sums[left]`.
    pub(super) fn four_by_one(
        &self,
        steps: &Steps,
        left: Left<'_>,
        right: Right<'_, 1>,
        sums: &mut [Tile; 4],
    ) {
        let (left, right) = (left.tiles(4, steps), right.tiles(steps));
        let sums = sums.as_mut_ptr();
        // SAFETY: as above.
        unsafe {
            match self.level {
                #[cfg(target_os = "linux")]
                Bf16Level::Amx => super::tiles::four_by_one(steps, left, right, sums),
                _ => super::dot::four_by_one(steps, left, right, sums),
            }
        }
    }

    /// One left tile with three right tiles: `sums[right]`.
    pub(super) fn one_by_three(
        &self,
        steps: &Steps,
        left: Left<'_>,
        right: Right<'_, 3>,
        sums: &mut [Tile; 3],
        add: bool,
    ) {
        let (left, right) = (left.tiles(1, steps), right.tiles(steps));
        let sums = sums.as_mut_ptr();
        // SAFETY: as above.
        unsafe {
            match self.level {
                #[cfg(target_os = "linux")]
                Bf16Level::Amx => super::tiles::one_by_three(steps, left, right, sums, add),
                _ => super::dot::one_by(steps, left, right, sums, add),
            }
        }
    }
}

impl Drop for Multiplier {
    fn drop(&mut self) {
        #[cfg(target_os = "linux")]
        if self.level == Bf16Level::Amx {
            // SAFETY: `new` has configured them, on this thread.
            unsafe { super::tiles::release() };
        }
    }
}
