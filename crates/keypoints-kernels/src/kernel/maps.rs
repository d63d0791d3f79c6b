//! What else happens to feature maps: ReLU's way back, sums of two, halving and doubling their size.

use rayon::prelude::*;

/// Values per task.
const SHARE: usize = 16 * 1024;

/// ReLU. Unlike `f32::max` it lets a NaN through: a network that is broken must not look healthy.
#[inline(always)]
pub(super) fn rectify(value: &mut f32) {
    *value = if *value < 0.0 { 0.0 } else { *value };
}

/// Sets a gradient to 0 where the output of a ReLU was.
pub(crate) fn mask(output: &[f32], gradient: &mut [f32]) {
    gradient.par_chunks_mut(SHARE).zip(output.par_chunks(SHARE)).for_each(|(gradient, output)| {
        for (slope, output) in gradient.iter_mut().zip(output) {
            *slope = if *output <= 0.0 { 0.0 } else { *slope };
        }
    });
}

/// Adds in place, then sets what is negative to 0.
pub(crate) fn add_and_rectify(sums: &mut [f32], others: &[f32]) {
    sums.par_chunks_mut(SHARE).zip(others.par_chunks(SHARE)).for_each(|(sums, others)| {
        for (sum, other) in sums.iter_mut().zip(others) {
            *sum += other;
            rectify(sum);
        }
    });
}

/// The mean of every 2×2 pixels. `width` is the input's, even like its height.
pub(crate) fn halve(values: &[f32], width: usize) -> Vec<f32> {
    let mut halves = vec![0.0; values.len() / 4];
    let rows = rows_per_share(width);
    halves.par_chunks_mut(rows * width / 2).zip(values.par_chunks(rows * 2 * width)).for_each(
        |(halves, values)| {
            let pairs = values.chunks_exact(2 * width);
            for (half, rows) in halves.chunks_exact_mut(width / 2).zip(pairs) {
                let (upper, lower) = rows.split_at(width);
                let cells = upper.as_chunks::<2>().0.iter().zip(lower.as_chunks::<2>().0);
                for (mean, (upper, lower)) in half.iter_mut().zip(cells) {
                    *mean = 0.25 * ((upper[0] + upper[1]) + (lower[0] + lower[1]));
                }
            }
        },
    );
    halves
}

/// The way back of [`halve`]: a quarter of each value on four pixels. `width` is that of the wide planes.
pub(crate) fn halve_back(gradient: &[f32], width: usize) -> Vec<f32> {
    let mut wide = vec![0.0; gradient.len() * 4];
    let rows = rows_per_share(width);
    wide.par_chunks_mut(rows * 2 * width).zip(gradient.par_chunks(rows * width / 2)).for_each(
        |(wide, gradient)| {
            let halves = gradient.chunks_exact(width / 2);
            for (rows, half) in wide.chunks_exact_mut(2 * width).zip(halves) {
                let (upper, lower) = rows.split_at_mut(width);
                let cells = upper.as_chunks_mut::<2>().0.iter_mut();
                for (pair, slope) in cells.zip(half) {
                    *pair = [0.25 * slope; 2];
                }
                lower.copy_from_slice(upper);
            }
        },
    );
    wide
}

/// Repeats every coarse cell twice in both directions, adds the fine maps, sets what is negative to 0. `width` is
/// that of the fine planes.
pub(crate) fn double_add_and_rectify(coarse: &[f32], fine: &[f32], width: usize) -> Vec<f32> {
    let mut output = vec![0.0; fine.len()];
    let rows = rows_per_share(width);
    output
        .par_chunks_mut(rows * 2 * width)
        .zip(fine.par_chunks(rows * 2 * width))
        .zip(coarse.par_chunks(rows * width / 2))
        .for_each(|((output, fine), coarse)| {
            for (row, (output, fine)) in
                output.chunks_exact_mut(width).zip(fine.chunks_exact(width)).enumerate()
            {
                let coarse = &coarse[row / 2 * (width / 2)..][..width / 2];
                let cells = output.as_chunks_mut::<2>().0.iter_mut().zip(fine.as_chunks::<2>().0);
                for ((output, fine), coarse) in cells.zip(coarse) {
                    *output = [fine[0] + coarse, fine[1] + coarse];
                    output.iter_mut().for_each(rectify);
                }
            }
        });
    output
}

/// The sum of every 2×2 pixels: the coarse maps' gradient from that of their doubles.
pub(crate) fn double_back(gradient: &[f32], width: usize) -> Vec<f32> {
    let mut sums = halve(gradient, width);
    sums.par_chunks_mut(SHARE).for_each(|sums| {
        for sum in sums {
            *sum *= 4.0;
        }
    });
    sums
}

/// Coarse rows per task.
fn rows_per_share(width: usize) -> usize {
    (SHARE / (2 * width)).max(1)
}
