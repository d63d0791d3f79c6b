//! Operands of a product of tiles: left and right tiles, and the steps that move both.
//!
//! A left tile is 16 rows of 32 bf16, a right tile 16 rows of 16 pairs of bf16; row `k` of a right tile
//! holds what columns `2k` and `2k + 1` of a left tile are multiplied with. Sums run over many steps, each
//! of which moves both sides.

use super::buffer::LINE;

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
    /// Returns the address of `count` tiles. Panics if a step reaches beyond the values.
    pub(super) fn tiles(&self, count: usize, steps: &Steps) -> LeftTiles {
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
    /// Returns the addresses of the tiles. Panics if a step reaches beyond the values.
    pub(super) fn tiles(&self, steps: &Steps) -> [*const u16; N] {
        self.at.map(|at| {
            let end = at + steps.reach[1] + 16 * LINE;
            assert!(end <= self.values.len(), "right tile ends at {end} of {}", self.values.len());
            self.values[at..].as_ptr()
        })
    }
}
