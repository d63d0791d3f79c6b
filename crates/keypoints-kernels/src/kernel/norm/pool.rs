//! ReLU and 2×2 maximum behind the norm, plane by plane.
//!
//! Which of a cell's four pixels was the largest is kept as a byte: 0 to 3 in reading order (the first where
//! several are equal), 4 where none is above 0. Loops are over fixed lanes, so that the compiler
//! turns them into vectors; the type parameter only says for which processor.

use crate::kernel::simd::{Vector, at_every_level};

/// Cells that are computed together.
const CELLS: usize = 16;
/// No pixel of the cell is above 0.
const NONE: u8 = 4;

at_every_level! {
    /// The largest of `value · scale + shift` in each cell, at least 0, and where it was. `width` is the plane's.
    pub(super) fn pool = pool_of(
        values: &[f32], width: usize, scale: f32, shift: f32, to: &mut [f32], chosen: &mut [u8],
    );
}

#[inline(always)]
unsafe fn pool_of<T: Vector>(
    values: &[f32],
    width: usize,
    scale: f32,
    shift: f32,
    to: &mut [f32],
    chosen: &mut [u8],
) {
    let half = width / 2;
    let rows = values.chunks_exact(2 * width);
    for ((rows, to), chosen) in
        rows.zip(to.chunks_exact_mut(half)).zip(chosen.chunks_exact_mut(half))
    {
        let (upper, lower) = rows.split_at(width);
        let mut at = 0;
        while at < half {
            let count = CELLS.min(half - at);
            let mut best = [0.0_f32; CELLS];
            let mut which = [NONE; CELLS];
            let (upper, lower, affine) = (&upper[2 * at..], &lower[2 * at..], [scale, shift]);
            // A number that the compiler knows makes vectors.
            if count == CELLS {
                cells(upper, lower, CELLS, affine, &mut best, &mut which);
            } else {
                cells(upper, lower, count, affine, &mut best, &mut which);
            }
            to[at..at + count].copy_from_slice(&best[..count]);
            chosen[at..at + count].copy_from_slice(&which[..count]);
            at += count;
        }
    }
}

#[inline(always)]
fn cells(
    upper: &[f32],
    lower: &[f32],
    count: usize,
    [scale, shift]: [f32; 2],
    best: &mut [f32; CELLS],
    which: &mut [u8; CELLS],
) {
    let (upper, lower) = (&upper[..2 * count], &lower[..2 * count]);
    for cell in 0..count {
        let pixels = [upper[2 * cell], upper[2 * cell + 1], lower[2 * cell], lower[2 * cell + 1]];
        let (mut most, mut number) = (0.0_f32, NONE);
        let mut index = 0;
        while index < 4 {
            let value = pixels[index] * scale + shift;
            // A NaN wins, as with Burn, and a later value does not win over it.
            let wins = (value > most || value.is_nan()) && !most.is_nan();
            number = if wins { index as u8 } else { number };
            most = if wins { value } else { most };
            index += 1;
        }
        best[cell] = most;
        which[cell] = number;
    }
}

at_every_level! {
    /// The sum of the gradient over cells that had a pixel above 0, and that of its products with
    /// `value − mean` of that pixel.
    pub(super) fn sums = sums_of(
        values: &[f32], width: usize, mean: f32, chosen: &[u8], gradient: &[f32],
    ) -> [f64; 2];
}

#[inline(always)]
unsafe fn sums_of<T: Vector>(
    values: &[f32],
    width: usize,
    mean: f32,
    chosen: &[u8],
    gradient: &[f32],
) -> [f64; 2] {
    let half = width / 2;
    let (mut sums, mut products) = ([0.0_f32; CELLS], [0.0_f32; CELLS]);
    let rows = values.chunks_exact(2 * width);
    for ((rows, chosen), gradient) in
        rows.zip(chosen.chunks_exact(half)).zip(gradient.chunks_exact(half))
    {
        let (upper, lower) = rows.split_at(width);
        let mut at = 0;
        while at < half {
            let count = CELLS.min(half - at);
            let (upper, lower) =
                (&upper[2 * at..2 * (at + count)], &lower[2 * at..2 * (at + count)]);
            let (chosen, gradient) = (&chosen[at..at + count], &gradient[at..at + count]);
            for cell in 0..count {
                let number = chosen[cell];
                let mut value = upper[2 * cell];
                value = if number == 1 { upper[2 * cell + 1] } else { value };
                value = if number == 2 { lower[2 * cell] } else { value };
                value = if number == 3 { lower[2 * cell + 1] } else { value };
                let slope = if number == NONE { 0.0 } else { gradient[cell] };
                sums[cell] += slope;
                products[cell] += slope * (value - mean);
            }
            at += count;
        }
    }
    let add = |lanes: [f32; CELLS]| lanes.iter().map(|&lane| f64::from(lane)).sum();
    [add(sums), add(products)]
}

at_every_level! {
    /// `to = a · gradient of the pixel + p · value + q`, where only the chosen pixel of a cell has a gradient.
    pub(super) fn combine = combine_of(
        values: &[f32], width: usize, apq: [f32; 3], chosen: &[u8], gradient: &[f32], to: &mut [f32],
    );
}

#[inline(always)]
unsafe fn combine_of<T: Vector>(
    values: &[f32],
    width: usize,
    [a, p, q]: [f32; 3],
    chosen: &[u8],
    gradient: &[f32],
    to: &mut [f32],
) {
    let half = width / 2;
    let rows = values.chunks_exact(2 * width).zip(to.chunks_exact_mut(2 * width));
    for (((rows, to), chosen), gradient) in
        rows.zip(chosen.chunks_exact(half)).zip(gradient.chunks_exact(half))
    {
        for (down, (row, to)) in
            rows.chunks_exact(width).zip(to.chunks_exact_mut(width)).enumerate()
        {
            let (left, right) = (2 * down as u8, 2 * down as u8 + 1);
            for cell in 0..half {
                let slope = a * gradient[cell];
                let number = chosen[cell];
                let rest = [row[2 * cell] * p + q, row[2 * cell + 1] * p + q];
                to[2 * cell] = rest[0] + if number == left { slope } else { 0.0 };
                to[2 * cell + 1] = rest[1] + if number == right { slope } else { 0.0 };
            }
        }
    }
}
