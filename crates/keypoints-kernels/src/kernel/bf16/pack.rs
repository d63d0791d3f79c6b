//! Packing a band: planes of `f32` become lines of bf16, one line a pixel.

use std::arch::x86_64::*;

use super::band::{Band, NOWHERE};
use super::buffer::LINE;
use super::layout::Layout;
use super::transpose::transpose;
use crate::kernel::shape::area;

/// The registers' order of what two roundings give: value `k` of the first beside value `k` of the second.
const BESIDE: [u16; 32] = {
    let mut order = [0; 32];
    let mut at = 0;
    while at < 16 {
        order[2 * at] = at as u16;
        order[2 * at + 1] = at as u16 + 16;
        at += 1;
    }
    order
};

/// Rounds the band's pixels of `image`, all channels' planes, and puts them where they belong in `packed`,
/// of [`Band::len`] values. The padding is left as it is.
///
/// # Safety
/// The processor must have AVX-512 with BW and BF16.
#[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
pub(super) unsafe fn pack(layout: &Layout, band: &Band, image: &[f32], packed: &mut [u16]) {
    let len = band.len(layout);
    let packed = &mut packed[..len];
    let trash = len - LINE;
    let [_, wide] = layout.window.source;
    let plane = area(layout.window.source);
    let pixels = band.lines.len() * wide;
    let copies = band.copies;
    assert!(pixels * copies == band.places.len() && image.len() >= layout.channels * plane);
    // SAFETY: 64 bytes of a constant.
    let beside = unsafe { _mm512_loadu_si512(BESIDE.as_ptr().cast()) };
    for chunk in 0..layout.chunks_per_view() {
        let first = chunk * LINE;
        let channels = LINE.min(layout.channels - first);
        // A view that shares its chunk must not touch its neighbours' slots.
        let lanes = if layout.per_chunk == 1 { 16 } else { layout.width / 2 };
        let lanes = (0xffff_u32 >> (16 - lanes)) as u16;
        let planes = &image[first * plane..(first + channels) * plane];
        for at in (0..pixels).step_by(16) {
            let count = 16.min(pixels - at);
            let mask = (0xffff_u32 >> (16 - count)) as u16;
            let from = band.lines.start * wide + at;
            let mut rows = [_mm512_setzero_si512(); 16];
            for (pair, row) in rows.iter_mut().enumerate().take(channels.div_ceil(2)) {
                let pixels = planes[2 * pair * plane + from..].as_ptr();
                // SAFETY: `count` pixels of a plane; the other lanes are not read.
                let even = unsafe { _mm512_maskz_loadu_ps(mask, pixels) };
                let mask = if 2 * pair + 1 < channels { mask } else { 0 };
                // SAFETY: as many of the next plane, or none where there is no other channel.
                let odd = unsafe { _mm512_maskz_loadu_ps(mask, pixels.wrapping_add(plane)) };
                let rounded = _mm512_cvtne2ps_pbh(odd, even);
                // SAFETY: 512 bits are 512 bits.
                let rounded = unsafe { std::mem::transmute::<__m512bh, __m512i>(rounded) };
                *row = _mm512_permutexvar_epi16(beside, rounded);
            }
            let lines = transpose(rows);
            let places = band.places[at * copies..(at + count) * copies].chunks_exact(copies);
            for (line, places) in lines.into_iter().zip(places) {
                for &place in places {
                    let to = if place == NOWHERE {
                        trash
                    } else {
                        place as usize + chunk * band.chunk_len
                    };
                    // SAFETY: places are those of a view's slots in a line of `packed`; `lanes` has no more.
                    unsafe {
                        _mm512_mask_storeu_epi32(packed.as_mut_ptr().add(to).cast(), lanes, line);
                    }
                }
            }
        }
    }
}
