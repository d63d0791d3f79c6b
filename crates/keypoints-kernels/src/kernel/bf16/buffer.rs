//! Memory that begins at a cache line, so that no row of a tile straddles two.

/// bf16 values of a cache line.
pub(super) const LINE: usize = 32;
/// Values of a tile of sums, 16 × 16.
pub(super) const TILE: usize = 256;

#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u16; LINE]);

/// bf16 values, as their bits; 0 until written.
#[derive(Default)]
pub(super) struct Halves(Vec<Line>);

impl Halves {
    /// At least `len` values.
    pub(super) fn new(len: usize) -> Self {
        Self(vec![Line([0; LINE]); len.div_ceil(LINE)])
    }

    pub(super) fn get(&self) -> &[u16] {
        // SAFETY: a `Line` is 32 `u16` without padding, and a vector's lines are contiguous.
        unsafe { std::slice::from_raw_parts(self.0.as_ptr().cast(), self.0.len() * LINE) }
    }

    pub(super) fn get_mut(&mut self) -> &mut [u16] {
        // SAFETY: as above; `self` is borrowed for as long as the slice.
        unsafe { std::slice::from_raw_parts_mut(self.0.as_mut_ptr().cast(), self.0.len() * LINE) }
    }
}

/// A tile of sums, row by row.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Tile(pub [f32; TILE]);

impl Tile {
    pub(super) const ZERO: Self = Self([0.0; TILE]);
}
