//! Rounding a row of pixels, or every second (third, …) of it.

use std::arch::x86_64::*;

/// Writes to every value of `to` the source column `first + step · index` as bf16, 0 outside the row.
///
/// # Safety
/// The processor must have AVX-512 with BW, VL and BF16.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512bf16")]
pub(super) unsafe fn round_line(row: &[f32], first: isize, step: usize, to: &mut [u16]) {
    let even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    let mut done = 0;
    if step == 1
        && let Ok(first) = usize::try_from(first)
        && first < row.len()
    {
        let (pairs, _) = row[first..].as_chunks::<32>();
        for (from, to) in pairs.iter().zip(to.as_chunks_mut::<32>().0) {
            // SAFETY: 32 values are read, and 32 halves of them written; 512 bits are 512 bits.
            unsafe {
                let low = _mm512_loadu_ps(from.as_ptr());
                let high = _mm512_loadu_ps(from.as_ptr().add(16));
                let bits: __m512i = std::mem::transmute(_mm512_cvtne2ps_pbh(high, low));
                _mm512_storeu_si512(to.as_mut_ptr().cast(), bits);
            }
            done += 32;
        }
    }
    for (index, to) in to[done..].chunks_mut(16).enumerate() {
        let column = first + ((done + 16 * index) * step) as isize;
        let values = match step {
            1 => load(row, column),
            2 => _mm512_permutex2var_ps(load(row, column), even, load(row, column + 16)),
            _ => {
                let mut lanes = [0.0_f32; 16];
                for (lane, value) in lanes.iter_mut().enumerate() {
                    let column = usize::try_from(column + (lane * step) as isize).ok();
                    *value = column.and_then(|column| row.get(column)).copied().unwrap_or(0.0);
                }
                load(&lanes, 0)
            }
        };
        // SAFETY: 256 bits are 256 bits.
        let bits: __m256i = unsafe { std::mem::transmute(_mm512_cvtneps_pbh(values)) };
        let mask = (0xffff_u32 >> (16 - to.len())) as u16;
        // SAFETY: as many lanes as `to` has values.
        unsafe { _mm256_mask_storeu_epi16(to.as_mut_ptr().cast(), mask, bits) };
    }
}

/// The columns from `column` on, 0 outside the row.
#[inline]
#[target_feature(enable = "avx512f")]
fn load(row: &[f32], column: isize) -> __m512 {
    let before = (-column).clamp(0, 16) as u32;
    let until = (row.len() as isize - column).clamp(0, 16) as u32;
    let mask = (0xffff_u32 << before) & !(u32::MAX << until);
    // SAFETY: only lanes inside the row are read.
    unsafe { _mm512_maskz_loadu_ps(mask as u16, row.as_ptr().wrapping_offset(column)) }
}

#[cfg(test)]
mod tests;
