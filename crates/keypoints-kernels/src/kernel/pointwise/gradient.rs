//! The weight gradient of 1×1 convolutions: rows are output channels, columns input channels, terms the pixels of all
//! images.

use rayon::prelude::*;

use super::Pointwise;
use super::tile::{Matrix, ROWS, Sums, WIDE, WIDTH, tiles};
use crate::kernel::SimdLevel;
use crate::kernel::simd::{Vector, at_every_level, copy_rows};
use crate::kernel::space::{Shared, Space};

/// Pixels whose panel stays in a core's first-level cache.
const TERMS: usize = 192;
/// Planes with fewer pixels are first put together into one plane a channel.
const SMALL: usize = 64;

/// `[channels_out, channels_in]`
pub(crate) fn weight_gradient(
    sizes: Pointwise,
    level: SimdLevel,
    input: &[f32],
    output_gradient: &[f32],
) -> Vec<f32> {
    let Pointwise { batch, channels_in, channels_out, plane } = sizes;
    assert!(input.len() == batch * channels_in * plane);
    assert!(output_gradient.len() == batch * channels_out * plane);
    let level = level.checked();
    if plane < SMALL && batch > 1 {
        let input = gather(level, input, [batch, channels_in, plane]);
        let gradient = gather(level, output_gradient, [batch, channels_out, plane]);
        let sizes = Pointwise { batch: 1, plane: batch * plane, ..sizes };
        return weight_gradient(sizes, level, &input, &gradient);
    }
    let width = WIDE * level.lanes();
    let panels = channels_in.div_ceil(width);
    let blocks = channels_out.div_ceil(ROWS);
    let threads = rayon::current_num_threads();
    let shares = match threads {
        1 => 1,
        // Each share packs the panel anew.
        _ => (2 * threads).div_ceil(panels).min(blocks.div_ceil(2)),
    };
    let share = blocks.div_ceil(shares);
    let shares = blocks.div_ceil(share);
    let mut output = Space::new(channels_out * channels_in);
    let to = output.share();
    (0..panels * shares).into_par_iter().for_each_init(Scratch::default, |scratch, index| {
        let part = index % shares * share;
        let columns = [index / shares * width, channels_in.min((index / shares + 1) * width)];
        let rows = [part * ROWS, channels_out.min((part + share) * ROWS)];
        // SAFETY: rows and columns exist and are this task's alone.
        unsafe { run(level, sizes, [rows, columns], input, output_gradient, scratch, to) };
    });
    // SAFETY: the tasks have written every row of every column.
    unsafe { output.filled() }
}

/// `[channels, batch · plane]` from `[batch, channels, plane]`.
fn gather(level: SimdLevel, values: &[f32], [batch, channels, plane]: [usize; 3]) -> Vec<f32> {
    let mut gathered = Space::new(values.len());
    let to = gathered.share();
    (0..channels).into_par_iter().with_min_len(16).for_each(|channel| {
        let to = to.at(channel * batch * plane, batch * plane);
        // SAFETY: the channel's row is this task's alone.
        unsafe { gather_row(level, values, [batch, channels, plane], channel, to) };
    });
    // SAFETY: every channel's row has been written.
    unsafe { gathered.filled() }
}

at_every_level! {
    /// One row of [`gather`]; `to` has room for it.
    fn gather_row = gather_row_with(
        values: &[f32], sizes: [usize; 3], channel: usize, to: *mut f32,
    );
}

#[inline(always)]
unsafe fn gather_row_with<T: Vector>(
    values: &[f32],
    [batch, channels, plane]: [usize; 3],
    channel: usize,
    to: *mut f32,
) {
    let rows = &values[channel * plane..][..((batch - 1) * channels + 1) * plane];
    // SAFETY: the slice has a plane of every image, and the caller vouches for the room.
    unsafe { copy_rows::<T>(rows.as_ptr(), to, [batch, plane], [channels * plane, plane]) };
}

/// Buffers of one task.
#[derive(Default)]
struct Scratch {
    panel: Vec<f32>,
    sums: Vec<Sums>,
}

at_every_level! {
    /// The gradient of the weights of `[rows, columns]`.
    fn run = run_with(
        sizes: Pointwise,
        places: [[usize; 2]; 2],
        input: &[f32],
        gradient: &[f32],
        scratch: &mut Scratch,
        to: Shared<'_>,
    );
}

#[inline(always)]
unsafe fn run_with<T: Vector>(
    sizes: Pointwise,
    [[row, row_end], [column, column_end]]: [[usize; 2]; 2],
    input: &[f32],
    gradient: &[f32],
    scratch: &mut Scratch,
    to: Shared<'_>,
) {
    let Pointwise { batch, channels_in, channels_out, plane } = sizes;
    let columns = column_end - column;
    scratch.panel.resize(TERMS * WIDE * T::LANES, 0.0);
    scratch.sums.clear();
    scratch.sums.resize((row_end - row).div_ceil(ROWS), Sums::ZERO);
    // SAFETY: `turn` and `tiles` check what they are given; the task's rows and columns of the output are its own.
    unsafe {
        for image in 0..batch {
            let planes = &input[(image * channels_in + column) * plane..][..columns * plane];
            let rows = &gradient[image * channels_out * plane..][..channels_out * plane];
            for from in (0..plane).step_by(TERMS) {
                let terms = TERMS.min(plane - from);
                turn::<T>(planes, plane, [columns, from, terms], &mut scratch.panel);
                let matrix = Matrix { values: &rows[from..], row: plane, term: 1 };
                for (block, sums) in scratch.sums.iter_mut().enumerate() {
                    let first = row + block * ROWS;
                    let count = ROWS.min(row_end - first);
                    let sizes = [terms, columns];
                    tiles::<T>(matrix, [first, count], sizes, &scratch.panel, true, sums);
                }
            }
        }
        for (block, sums) in scratch.sums.iter().enumerate() {
            let first = row + block * ROWS;
            let count = ROWS.min(row_end - first);
            let to = to.at(first * channels_in + column, (count - 1) * channels_in + columns);
            let from = sums.first(count).as_ptr();
            copy_rows::<T>(from, to, [count, columns], [WIDTH, channels_in]);
        }
    }
}

/// Packs the pixels `from..from + terms` of `columns` planes as `[pixel, width]`.
///
/// # Safety
/// The processor must have `T`'s instructions.
#[inline(always)]
unsafe fn turn<T: Vector>(
    planes: &[f32],
    plane: usize,
    [columns, from, terms]: [usize; 3],
    panel: &mut [f32],
) {
    let width = WIDE * T::LANES;
    assert!(planes.len() >= columns * plane && from + terms <= plane && columns <= width);
    assert!(panel.len() >= terms.next_multiple_of(T::LANES) * width);
    let mut square = [0.0_f32; 256];
    for column in (0..columns).step_by(T::LANES) {
        for term in (0..terms).step_by(T::LANES) {
            let (across, down) = (T::LANES.min(columns - column), T::LANES.min(terms - term));
            // SAFETY: whole squares lie within the planes; of others only what there is is read. The panel has room for
            // whole squares.
            unsafe {
                let source = planes.as_ptr().add(column * plane + from + term);
                let to = panel.as_mut_ptr().add(term * width + column);
                if across == T::LANES && down == T::LANES {
                    T::transpose(source, plane, to, width);
                } else {
                    let staged = square.as_mut_ptr();
                    copy_rows::<T>(source, staged, [across, down], [plane, T::LANES]);
                    T::transpose(square.as_ptr(), T::LANES, to, width);
                }
            }
        }
    }
}
