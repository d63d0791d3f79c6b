//! Sixteen registers of sixteen lanes, rows to columns.

use std::arch::x86_64::*;

/// Lane `i` of register `j` becomes lane `j` of register `i`.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn transpose(rows: [__m512i; 16]) -> [__m512i; 16] {
    let mut pairs = rows;
    for i in (0..16).step_by(2) {
        pairs[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
        pairs[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
    }
    // Quads: lanes 4j + i of `quads[4g + i]` hold column 4j + i of rows 4g..4g + 4.
    let mut quads = pairs;
    for i in (0..16).step_by(4) {
        quads[i] = _mm512_unpacklo_epi64(pairs[i], pairs[i + 2]);
        quads[i + 1] = _mm512_unpackhi_epi64(pairs[i], pairs[i + 2]);
        quads[i + 2] = _mm512_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
        quads[i + 3] = _mm512_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
    }
    let mut columns = quads;
    for i in 0..4 {
        let low = _mm512_shuffle_i32x4::<0x88>(quads[i], quads[i + 4]);
        let high = _mm512_shuffle_i32x4::<0xdd>(quads[i], quads[i + 4]);
        let other_low = _mm512_shuffle_i32x4::<0x88>(quads[i + 8], quads[i + 12]);
        let other_high = _mm512_shuffle_i32x4::<0xdd>(quads[i + 8], quads[i + 12]);
        columns[i] = _mm512_shuffle_i32x4::<0x88>(low, other_low);
        columns[i + 8] = _mm512_shuffle_i32x4::<0xdd>(low, other_low);
        columns[i + 4] = _mm512_shuffle_i32x4::<0x88>(high, other_high);
        columns[i + 12] = _mm512_shuffle_i32x4::<0xdd>(high, other_high);
    }
    columns
}

#[cfg(test)]
mod tests;
