//! 1×1 convolutions: products of a matrix of weights and one of pixels.
//!
//! A column of the second is a pixel of an image. Columns are packed a few registers wide, from several images
//! where these are small, and meet the weights as they lie in memory. Every sum is added up by one
//! task in a fixed order.

mod gradient;
mod panel;
mod tile;

use rayon::prelude::*;

use super::SimdLevel;
use super::activation::Activation;
use super::epilogue::Epilogue;
use super::simd::at_every_level;
use super::space::{Shared, Space};
use panel::{Columns, pack, unpack};
use tile::{Matrix, ROWS, WIDE, tiles};

pub(super) use gradient::weight_gradient;

/// Packed values that are to stay in a core's first-level cache beside the weights (64 kB).
const PANEL_VALUES: usize = 16 * 1024;

/// Multiply-adds that are done before another thread has woken up.
const ALONE: usize = 1 << 20;

/// Sizes of a 1×1 convolution.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pointwise {
    pub(super) batch: usize,
    pub(super) channels_in: usize,
    pub(super) channels_out: usize,
    /// Pixels of a plane.
    pub(super) plane: usize,
}

impl Pointwise {
    /// `[batch, channels_out, plane]` from an input `[batch, channels_in, plane]`.
    pub(super) fn forward(
        &self,
        level: SimdLevel,
        input: &[f32],
        weight: &[f32],
        epilogue: Epilogue<'_>,
    ) -> Vec<f32> {
        let weight = Matrix { values: weight, row: self.channels_in, term: 1 };
        self.product(level, [self.channels_out, self.channels_in], weight, input, epilogue)
    }

    /// `[batch, channels_in, plane]` from an output gradient `[batch, channels_out, plane]`.
    pub(super) fn input_gradient(
        &self,
        level: SimdLevel,
        weight: &[f32],
        output_gradient: &[f32],
    ) -> Vec<f32> {
        let weight = Matrix { values: weight, row: 1, term: self.channels_in };
        let sizes = [self.channels_in, self.channels_out];
        self.product(level, sizes, weight, output_gradient, Epilogue::NOTHING)
    }

    /// `rows × terms` times `terms × columns`.
    fn product(
        &self,
        level: SimdLevel,
        [rows, terms]: [usize; 2],
        weight: Matrix<'_>,
        input: &[f32],
        epilogue: Epilogue<'_>,
    ) -> Vec<f32> {
        assert!(input.len() == self.batch * terms * self.plane);
        let level = level.checked();
        let width = WIDE * level.lanes();
        let columns = self.batch * self.plane;
        let panels = columns.div_ceil(width);
        let threads = rayon::current_num_threads();
        // Enough tasks for all threads: few panels at once, then parts of the rows, each of which packs anew.
        let group = (PANEL_VALUES / (terms * width)).min(panels / (4 * threads)).max(1);
        let tasks = panels.div_ceil(group);
        let blocks = rows.div_ceil(ROWS);
        let work = rows * terms * columns.next_multiple_of(level.lanes());
        let alone = threads == 1 || work < ALONE;
        let shares = match alone {
            true => 1,
            false => (4 * threads).div_ceil(tasks).min(blocks.div_ceil(2)),
        };
        let share = blocks.div_ceil(shares);
        let shares = blocks.div_ceil(share);
        let mut output = Space::new(self.batch * rows * self.plane);
        let to = output.share();
        let run = |packed: &mut Vec<f32>, index: usize| {
            let first = index / shares * group * width;
            let part = index % shares * share;
            let task = Task {
                columns: Columns { first, count: (group * width).min(columns - first) },
                planes: [self.plane, rows, terms],
                rows: [part * ROWS, rows.min((part + share) * ROWS)],
            };
            // SAFETY: the task's columns and rows exist, and are this task's alone.
            unsafe { multiply(level, task, weight, input, epilogue, packed, to) };
        };
        match alone {
            true => {
                let mut packed = Vec::new();
                (0..tasks * shares).for_each(|index| run(&mut packed, index));
            }
            false => (0..tasks * shares).into_par_iter().for_each_init(Vec::new, run),
        }
        // SAFETY: the tasks have written every row of every column.
        unsafe { output.filled() }
    }
}

/// Some columns and some rows of a product.
#[derive(Clone, Copy)]
struct Task {
    columns: Columns,
    /// Pixels of a plane, planes of an image of the output and of the input.
    planes: [usize; 3],
    /// The first row, and the first that is not the task's.
    rows: [usize; 2],
}

at_every_level! {
    /// Packs the columns, multiplies them with the rows, and writes what comes out.
    fn multiply = multiply_with(
        task: Task,
        weight: Matrix<'_>,
        input: &[f32],
        epilogue: Epilogue<'_>,
        packed: &mut Vec<f32>,
        to: Shared<'_>,
    );
}

#[inline(always)]
unsafe fn multiply_with<T: super::simd::Vector>(
    task: Task,
    weight: Matrix<'_>,
    input: &[f32],
    epilogue: Epilogue<'_>,
    packed: &mut Vec<f32>,
    to: Shared<'_>,
) {
    let Task { columns, planes: [plane, rows, terms], rows: [from, end] } = task;
    let width = WIDE * T::LANES;
    let panels = columns.count.div_ceil(width);
    packed.resize(panels * terms * width, 0.0);
    // SAFETY: the panels have room for the columns, which exist; `tiles` and `unpack` are given sums of their size.
    unsafe {
        for (index, panel) in packed.chunks_exact_mut(terms * width).enumerate() {
            pack::<T>(columns.panel(index, width), input, [plane, terms], width, panel);
        }
        let mut sums = tile::Sums::ZERO;
        for first in (from..end).step_by(ROWS) {
            let count = ROWS.min(end - first);
            for (index, panel) in packed.chunks_exact(terms * width).enumerate() {
                let columns = columns.panel(index, width);
                tiles::<T>(weight, [first, count], [terms, columns.count], panel, false, &mut sums);
                match epilogue.activation {
                    Activation::Nothing if epilogue.scale.is_none() && epilogue.shift.is_none() => {
                    }
                    _ => tile::finish_rows::<T>(&mut sums, [first, count], columns.count, epilogue),
                }
                unpack::<T>(columns, [plane, rows], [first, count], &sums, to);
            }
        }
    }
}
