//! Products of tiles by `vdpbf16ps`: 16 lanes, two products each.

use std::arch::x86_64::*;

use super::buffer::Tile;
use super::operands::{LeftTiles, Steps};

/// Rows of a left tile whose sums stay in registers together.
const ROWS: usize = 8;

/// Two left tiles with two right tiles; sums in `[left][right]`.
///
/// # Safety
/// The processor must have AVX-512 with BF16; the pointers, advanced by every step, must point to tiles.
#[target_feature(enable = "avx512f,avx512bf16")]
pub(super) unsafe fn two_by_two(
    steps: &Steps,
    left: LeftTiles,
    right: [*const u16; 2],
    sums: [*mut Tile; 2],
    add: bool,
) {
    for (tile, sums) in sums.into_iter().enumerate() {
        // SAFETY: the caller vouches for the instructions and the addresses.
        unsafe { one_by(steps, below(left, tile), right, sums, add) };
    }
}

/// Four left tiles with one right tile; sums in `[left]`.
///
/// # Safety
/// As for [`two_by_two`].
#[target_feature(enable = "avx512f,avx512bf16")]
pub(super) unsafe fn four_by_one(
    steps: &Steps,
    left: LeftTiles,
    right: [*const u16; 1],
    sums: *mut Tile,
) {
    for tile in 0..4 {
        // SAFETY: as above.
        unsafe { one_by(steps, below(left, tile), right, sums.add(tile), false) };
    }
}

/// The left tile `tiles` below.
fn below(left: LeftTiles, tiles: usize) -> LeftTiles {
    LeftTiles { at: left.at.wrapping_byte_add(16 * tiles * left.pitch), ..left }
}

/// One left tile with `N` right tiles; sums in `[right]`.
///
/// # Safety
/// As for [`two_by_two`].
#[inline]
#[target_feature(enable = "avx512f,avx512bf16")]
pub(super) unsafe fn one_by<const N: usize>(
    steps: &Steps,
    left: LeftTiles,
    right: [*const u16; N],
    sums: *mut Tile,
    add: bool,
) {
    let sums = sums.cast::<f32>();
    for first in (0..16).step_by(ROWS) {
        let mut lanes = [[_mm512_setzero_ps(); N]; ROWS];
        if add {
            for (row, lanes) in lanes.iter_mut().enumerate() {
                for (tile, lanes) in lanes.iter_mut().enumerate() {
                    // SAFETY: row `first + row` of a tile of sums.
                    *lanes = unsafe { _mm512_loadu_ps(sums.add(256 * tile + 16 * (first + row))) };
                }
            }
        }
        for [l, r] in steps.get() {
            let rows = left.at.wrapping_byte_add(l + first * left.pitch);
            for k in 0..16 {
                // SAFETY: row `k` of each right tile of this step, 64 bytes.
                let factors = right.map(|right| unsafe {
                    _mm512_loadu_si512(right.wrapping_byte_add(r + 64 * k).cast())
                });
                // SAFETY: 512 bits are 512 bits.
                let factors =
                    factors.map(|bits| unsafe { std::mem::transmute::<_, __m512bh>(bits) });
                for (row, lanes) in lanes.iter_mut().enumerate() {
                    let pair = rows.wrapping_byte_add(row * left.pitch + 4 * k);
                    // SAFETY: pair `k` of a row of the left tile of this step.
                    let pair = unsafe { pair.cast::<i32>().read_unaligned() };
                    // SAFETY: 512 bits are 512 bits.
                    let pair: __m512bh = unsafe { std::mem::transmute(_mm512_set1_epi32(pair)) };
                    for (lanes, factors) in lanes.iter_mut().zip(factors) {
                        *lanes = _mm512_dpbf16_ps(*lanes, pair, factors);
                    }
                }
            }
        }
        for (row, lanes) in lanes.iter().enumerate() {
            for (tile, lanes) in lanes.iter().enumerate() {
                // SAFETY: as for the load.
                unsafe { _mm512_storeu_ps(sums.add(256 * tile + 16 * (first + row)), *lanes) };
            }
        }
    }
}
