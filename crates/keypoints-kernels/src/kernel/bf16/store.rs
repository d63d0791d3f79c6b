//! From tiles of sums to planes of output pixels.

use std::arch::x86_64::*;
use std::mem::MaybeUninit;
use std::ops::Range;

use super::buffer::Tile;
use super::transpose::transpose;
use crate::kernel::correlate::Lattice;

/// Positions that are multiplied before their sums are stored: their tiles stay in the first-level cache.
pub(super) const RUN: usize = 128;

/// Up to 16 output pixels that lie in a row, or follow each other without a gap.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Where their sums are in a run; unused ones repeat the first.
    positions: [u8; 16],
    count: u8,
    /// The first pixel's place in its plane.
    at: u32,
}

/// The pixels of lattice rows `rows`, numbered with `pitch` a row from the first of them, in planes of `width`
/// columns: for each run of positions its pieces.
pub(super) fn pieces(
    lattice: &Lattice,
    rows: Range<usize>,
    pitch: usize,
    width: usize,
) -> Vec<Vec<Piece>> {
    let [_, columns] = lattice.count;
    let positions = (rows.len() - 1) * pitch + columns;
    let mut runs: Vec<Vec<Piece>> = vec![Vec::new(); positions.div_ceil(RUN)];
    // Where the last pixel of the last piece lies.
    let mut last = [0; 2];
    for row in rows.clone() {
        for column in 0..columns {
            let position = (row - rows.start) * pitch + column;
            let at = (lattice.first[0] + row * lattice.step[0]) * width
                + lattice.first[1]
                + column * lattice.step[1];
            let here = [row, at];
            let run = &mut runs[position / RUN];
            let within = (position % RUN) as u8;
            let follows =
                at == last[1] + lattice.step[1] && (row == last[0] || lattice.step == [1, 1]);
            match run.last_mut() {
                Some(piece) if follows && piece.count < 16 => {
                    piece.positions[usize::from(piece.count)] = within;
                    piece.count += 1;
                }
                _ => {
                    assert!(
                        u32::try_from(at).is_ok(),
                        "bf16: planes of at most 2³² pixels expected"
                    );
                    run.push(Piece { positions: [within; 16], count: 1, at: at as u32 });
                }
            }
            last = here;
        }
    }
    runs
}

/// Where the sums of 16 output channels are: every 16 positions have `per_group` tiles, this one's is `tile`.
#[derive(Clone, Copy)]
pub(super) struct Sums<'a> {
    pub tiles: &'a [Tile],
    pub per_group: usize,
    pub tile: usize,
}

/// Adds the bias, one value a channel, to a piece's sums and stores them: `out` holds planes of `plane` values.
///
/// # Safety
/// The processor must have AVX-512.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) unsafe fn store(
    sums: Sums<'_>,
    piece: &Piece,
    step: usize,
    bias: &[f32],
    out: &mut [MaybeUninit<f32>],
    plane: usize,
) {
    // Loops rather than closures: those do not inherit the instructions.
    let mut rows = [_mm512_setzero_si512(); 16];
    for (row, position) in rows.iter_mut().zip(piece.positions) {
        let position = usize::from(position);
        let tile = &sums.tiles[position / 16 * sums.per_group + sums.tile].0;
        let from = &tile[position % 16 * 16..][..16];
        // SAFETY: sixteen values.
        *row = unsafe { _mm512_loadu_si512(from.as_ptr().cast()) };
    }
    let (at, count) = (piece.at as usize, usize::from(piece.count));
    let channels = bias.len().min(16);
    let end = (channels.max(1) - 1) * plane + at + (count - 1) * step;
    assert!(end < out.len(), "pixel {end} of {}", out.len());
    let mask = 0xffff_u32 >> (16 - count);
    let columns = transpose(rows);
    // Lanes 0, 0, 1, 1, … and 8, 8, 9, 9, …, of which the even ones are stored.
    let low = _mm512_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
    let high = _mm512_add_epi32(low, _mm512_set1_epi32(8));
    let spread = spread(mask);
    for (channel, (column, bias)) in columns.into_iter().zip(bias).enumerate() {
        let values = _mm512_add_ps(_mm512_castsi512_ps(column), _mm512_set1_ps(*bias));
        let to = &mut out[channel * plane + at..];
        match step {
            // SAFETY: `count` pixels, the last of which was compared with the slice's end.
            1 => unsafe { _mm512_mask_storeu_ps(to.as_mut_ptr().cast(), mask as u16, values) },
            2 => {
                let to = to.as_mut_ptr().cast::<f32>();
                let first = _mm512_permutexvar_ps(low, values);
                let second = _mm512_permutexvar_ps(high, values);
                // SAFETY: as above; every second lane is stored, the others are not touched.
                unsafe {
                    _mm512_mask_storeu_ps(to, spread as u16, first);
                    _mm512_mask_storeu_ps(to.wrapping_add(16), (spread >> 16) as u16, second);
                }
            }
            _ => {
                let mut lanes = [0.0_f32; 16];
                // SAFETY: sixteen values.
                unsafe { _mm512_storeu_ps(lanes.as_mut_ptr(), values) };
                for (to, value) in to.iter_mut().step_by(step).zip(&lanes[..count]) {
                    to.write(*value);
                }
            }
        }
    }
}

/// Bit `i` becomes bit `2i`.
fn spread(mask: u32) -> u32 {
    let mask = (mask | mask << 8) & 0x00ff_00ff;
    let mask = (mask | mask << 4) & 0x0f0f_0f0f;
    let mask = (mask | mask << 2) & 0x3333_3333;
    (mask | mask << 1) & 0x5555_5555
}
