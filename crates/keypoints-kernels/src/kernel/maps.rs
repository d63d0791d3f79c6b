//! What else happens to feature maps: ReLU's way back, sums of two, halving and doubling their size.

use super::fresh::by_parts;
use super::share::parts;

/// Values per task.
const SHARE: usize = 16 * 1024;

/// ReLU. Unlike `f32::max` it lets a NaN through: a network that is broken must not look healthy.
#[inline(always)]
pub(super) fn rectify(value: &mut f32) {
    *value = if *value < 0.0 { 0.0 } else { *value };
}

/// Sets a gradient to 0 where the output of a ReLU was.
pub(crate) fn mask(output: &[f32], gradient: &mut [f32]) {
    parts(8 * gradient.len() as u64, gradient, SHARE, |number, gradient| {
        for (slope, output) in gradient.iter_mut().zip(&output[number * SHARE..]) {
            *slope = if *output <= 0.0 { 0.0 } else { *slope };
        }
    });
}

/// Adds in place, then sets what is negative to 0.
pub(crate) fn add_and_rectify(sums: &mut [f32], others: &[f32]) {
    parts(8 * sums.len() as u64, sums, SHARE, |number, sums| {
        for (sum, other) in sums.iter_mut().zip(&others[number * SHARE..]) {
            *sum += other;
            rectify(sum);
        }
    });
}

/// Adds in place.
pub(crate) fn add(sums: &mut [f32], others: &[f32]) {
    parts(8 * sums.len() as u64, sums, SHARE, |number, sums| {
        for (sum, other) in sums.iter_mut().zip(&others[number * SHARE..]) {
            *sum += other;
        }
    });
}

/// The mean of every 2×2 pixels. `width` is the input's, even like its height.
pub(crate) fn halve(values: &[f32], width: usize) -> Vec<f32> {
    quarter(values, width, 0.25)
}

/// The sum of every 2×2 pixels, times `factor`.
fn quarter(values: &[f32], width: usize, factor: f32) -> Vec<f32> {
    let part = rows_per_share(width) * width / 2;
    by_parts(values.len() / 4, part, |number, halves| {
        let pairs = values[4 * number * part..].chunks_exact(2 * width);
        for (half, rows) in halves.chunks_exact_mut(width / 2).zip(pairs) {
            let (upper, lower) = rows.split_at(width);
            let cells = upper.as_chunks::<2>().0.iter().zip(lower.as_chunks::<2>().0);
            for (mean, (upper, lower)) in half.iter_mut().zip(cells) {
                *mean = factor * ((upper[0] + upper[1]) + (lower[0] + lower[1]));
            }
        }
    })
}

/// The way back of [`halve`]: a quarter of each value on four pixels. `width` is that of the wide planes.
pub(crate) fn halve_back(gradient: &[f32], width: usize) -> Vec<f32> {
    let part = rows_per_share(width) * 2 * width;
    by_parts(gradient.len() * 4, part, |number, wide| {
        let halves = gradient[number * part / 4..].chunks_exact(width / 2);
        for (rows, half) in wide.chunks_exact_mut(2 * width).zip(halves) {
            let (upper, lower) = rows.split_at_mut(width);
            let cells = upper.as_chunks_mut::<2>().0.iter_mut();
            for (pair, slope) in cells.zip(half) {
                *pair = [0.25 * slope; 2];
            }
            lower.copy_from_slice(upper);
        }
    })
}

/// Repeats every coarse cell twice in both directions, adds the fine maps, sets what is negative to 0. `width` is
/// that of the fine planes.
pub(crate) fn double_add_and_rectify(coarse: &[f32], fine: &[f32], width: usize) -> Vec<f32> {
    let part = rows_per_share(width) * 2 * width;
    by_parts(fine.len(), part, |number, output| {
        let fine = fine[number * part..].chunks_exact(width);
        let coarse = &coarse[number * part / 4..];
        for (row, (output, fine)) in output.chunks_exact_mut(width).zip(fine).enumerate() {
            let coarse = &coarse[row / 2 * (width / 2)..][..width / 2];
            let cells = output.as_chunks_mut::<2>().0.iter_mut().zip(fine.as_chunks::<2>().0);
            for ((output, fine), coarse) in cells.zip(coarse) {
                *output = [fine[0] + coarse, fine[1] + coarse];
                output.iter_mut().for_each(rectify);
            }
        }
    })
}

/// The sum of every 2×2 pixels: the coarse maps' gradient from that of their doubles.
pub(crate) fn double_back(gradient: &[f32], width: usize) -> Vec<f32> {
    quarter(gradient, width, 1.0)
}

/// Coarse rows per task.
fn rows_per_share(width: usize) -> usize {
    (SHARE / (2 * width)).max(1)
}
