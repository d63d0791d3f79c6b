//! Products of tiles: what both levels compute, with every address checked.
//!
//! A left tile is 16 rows of 32 bf16, a right tile 16 rows of 16 pairs of bf16; row `k` of a right tile
//! holds what columns `2k` and `2k + 1` of a left tile are multiplied with. Sums run over many steps, each
//! of which moves both sides.

use std::marker::PhantomData;

use super::Bf16Level;
use super::buffer::{LINE, Tile};

/// Where tiles lie in each step of a sum, relative to the first: `[left, right]`, in bytes.
pub(super) struct Steps {
    offsets: Vec<[usize; 2]>,
    reach: [usize; 2],
}

impl Steps {
    /// From offsets counted in values. `None` where there are none.
    pub(super) fn new(offsets: impl IntoIterator<Item = [usize; 2]>) -> Option<Self> {
        let bytes = |offset: [usize; 2]| offset.map(|values| 2 * values);
        let offsets: Vec<_> = offsets.into_iter().map(bytes).collect();
        let reach = offsets.iter().copied().reduce(|[a, b], [c, d]| [a.max(c), b.max(d)])?;
        Some(Self { offsets, reach: reach.map(|bytes| bytes / 2) })
    }

    pub(super) fn get(&self) -> &[[usize; 2]] {
        &self.offsets
    }
}

/// Left tiles one below the other.
#[derive(Clone, Copy)]
pub(super) struct Left<'a> {
    pub values: &'a [u16],
    /// The first value of the first tile.
    pub at: usize,
    /// Values from one row to the next.
    pub pitch: usize,
}

/// The same as an address, the pitch in bytes.
#[derive(Clone, Copy)]
pub(super) struct LeftTiles {
    pub at: *const u16,
    pub pitch: usize,
}

impl Left<'_> {
    fn tiles(&self, count: usize, steps: &Steps) -> LeftTiles {
        let end = self.at + steps.reach[0] + (16 * count - 1) * self.pitch + LINE;
        assert!(end <= self.values.len(), "left tiles end at {end} of {}", self.values.len());
        LeftTiles { at: self.values[self.at..].as_ptr(), pitch: 2 * self.pitch }
    }
}

/// Right tiles, each of contiguous rows.
#[derive(Clone, Copy)]
pub(super) struct Right<'a, const N: usize> {
    pub values: &'a [u16],
    /// The first value of each tile.
    pub at: [usize; N],
}

impl<const N: usize> Right<'_, N> {
    fn tiles(&self, steps: &Steps) -> [*const u16; N] {
        self.at.map(|at| {
            let end = at + steps.reach[1] + 16 * LINE;
            assert!(end <= self.values.len(), "right tile ends at {end} of {}", self.values.len());
            self.values[at..].as_ptr()
        })
    }
}

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
                _ => super::dot::one_by_three(steps, left, right, sums, add),
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
