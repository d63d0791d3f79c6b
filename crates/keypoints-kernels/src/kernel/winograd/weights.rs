//! The weight gradient: 36 products of matrices, summed over tiles.

use rayon::prelude::*;

use super::product::{Left, product};
use super::transform::{Gradient, Input, PRODUCTS, SPAN, TILE, transform, weight_gradient_tile};
use super::{Unit, units};
use crate::kernel::SimdLevel;
use crate::kernel::lanes::WeightGradient;
use crate::kernel::scratch::with_scratch;
use crate::kernel::simd::{Vector, at_every_level};
use crate::kernel::space::Shared;

/// Transformed values, pixels and gradients, between two meetings of the threads (12 MB).
const STEP_VALUES: usize = 3 * 1024 * 1024;

/// What all tasks know.
#[derive(Clone, Copy)]
struct Plan<'a> {
    of: &'a WeightGradient<'a>,
    /// Input and output channels, rounded up to registers.
    padded: [usize; 2],
    tiles: [usize; 2],
    /// Transformed pixels and gradients, `[product, tile, channel]`.
    sides: [Matrix<'a>; 2],
    /// `[product, output channel, input channel]`
    sums: Shared<'a>,
}

#[derive(Clone, Copy)]
struct Matrix<'a> {
    values: Shared<'a>,
    /// From one product to the next, from one tile to the next.
    steps: [usize; 2],
}

/// The gradient `[output channel, input channel, 3, 3]` of the weight.
///
/// The order of every sum depends on the sizes alone.
pub(in crate::kernel) fn weight_gradient(level: SimdLevel, of: &WeightGradient<'_>) -> Vec<f32> {
    let WeightGradient { channels, size, .. } = *of;
    let lanes = level.lanes();
    let batch = of.batch();
    let padded = channels.map(|channels| channels.next_multiple_of(lanes));
    let tiles = size.map(|size| size.div_ceil(TILE));
    let rows = padded.map(|channels| channels + lanes);
    let most = (STEP_VALUES / (PRODUCTS * (rows[0] + rows[1]))).max(12);
    let units = units(batch, tiles, most);
    let most = units.iter().map(|unit| unit.pictures[1] * unit.rows[1] * tiles[1]).max();
    let steps = rows.map(|row| most.unwrap_or(0) * row + lanes);

    let lens = steps.map(|step| PRODUCTS * step);
    let mut sums = vec![0.0; PRODUCTS * padded[0] * padded[1]];
    let shared = Shared::of(&mut sums);
    with_scratch(lens[0] + lens[1], |scratch| {
        let (pixels, gradients) = scratch.split_at_mut(lens[0]);
        let sides = [
            Matrix { values: Shared::of(pixels), steps: [steps[0], rows[0]] },
            Matrix { values: Shared::of(gradients), steps: [steps[1], rows[1]] },
        ];
        let plan = Plan { of, padded, tiles, sides, sums: shared };
        let [blocks_in, blocks_out] = padded.map(|channels| channels / lanes);
        // Output channels per task: two threads share out 36 products well, more threads need more tasks.
        let shares = if rayon::current_num_threads() <= 4 { 1 } else { blocks_out };
        let share = blocks_out.div_ceil(shares) * lanes;
        for unit in units {
            let patch = (unit.rows[1] * TILE + 2) * (tiles[1] * TILE + 2) * lanes;
            (0..unit.pictures[1] * (blocks_in + blocks_out)).into_par_iter().for_each(|task| {
                let (picture, block) =
                    (task / (blocks_in + blocks_out), task % (blocks_in + blocks_out));
                let place = match block.checked_sub(blocks_in) {
                    None => (0, block),
                    Some(block) => (1, block),
                };
                // SAFETY: every task writes its own picture's tiles and its own channels, and the scratch takes
                // either patch.
                with_scratch(patch, |scratch| unsafe {
                    transform_block(level, &plan, unit, picture, place, scratch);
                });
            });
            (0..PRODUCTS * shares).into_par_iter().for_each(|task| {
                let from = task % shares * share;
                let share = [from.min(padded[1]), (from + share).min(padded[1])];
                // SAFETY: every task adds to its own product's own output channels; the tiles that it reads
                // are complete.
                unsafe { add_products(level, &plan, unit, task / shares, share) }
            });
        }
    });
    let step = padded[0] * padded[1];
    kernels(of, lanes, |output, block, row| {
        let at = output * padded[0] + block * lanes;
        // SAFETY: nobody writes to the sums any more.
        unsafe { weights_of(level, shared.at(at, (PRODUCTS - 1) * step + lanes), step, row) };
    })
}

/// The gradient from what `finish(output channel, number of the register, answer)` makes of the sums of a register of input
/// channels: nine registers, a tap each.
pub(super) fn kernels(
    of: &WeightGradient<'_>,
    lanes: usize,
    finish: impl Fn(usize, usize, *mut f32) + Sync,
) -> Vec<f32> {
    let [channels_in, channels_out] = of.channels;
    let mut gradient = vec![0.0; channels_out * channels_in * 9];
    gradient.par_chunks_exact_mut(channels_in * 9).enumerate().for_each(|(output, row)| {
        let mut nine = [0.0_f32; 9 * 16];
        for (block, row) in row.chunks_mut(lanes * 9).enumerate() {
            finish(output, block, nine.as_mut_ptr());
            for (lane, taps) in row.chunks_exact_mut(9).enumerate() {
                for (tap, value) in taps.iter_mut().enumerate() {
                    *value = nine[tap * lanes + lane];
                }
            }
        }
    });
    gradient
}

at_every_level! {
    /// [`transform_with`]
    fn transform_block = transform_with(
        plan: &Plan<'_>, unit: Unit, picture: usize, place: (usize, usize), scratch: &mut [f32],
    );
    /// [`add_tiles`]
    fn add_products = add_tiles(plan: &Plan<'_>, unit: Unit, index: usize, share: [usize; 2]);
    /// [`weight_gradient_tile`]
    pub(super) fn weights_of = weight_gradient_tile(from: *const f32, step: usize, to: *mut f32);
}

/// Transforms a register of channels of one of the unit's pictures; `place` is its side and its number.
///
/// # Safety
/// The processor has `T`'s instructions, `plan`'s slices hold what its sizes say, the scratch takes the side's patch, and
/// nobody else uses what is written.
#[inline(always)]
unsafe fn transform_with<T: Vector>(
    plan: &Plan<'_>,
    unit: Unit,
    picture: usize,
    (side, block): (usize, usize),
    scratch: &mut [f32],
) {
    let Matrix { values, steps } = plan.sides[side];
    let tiles = unit.rows[1] * plan.tiles[1];
    let at = picture * tiles * steps[1] + block * T::LANES;
    let to = values.at(at, (PRODUCTS - 1) * steps[0] + (tiles - 1) * steps[1] + T::LANES);
    let scratch = scratch.as_mut_ptr();
    // SAFETY: the caller's promise; the results lie within the matrix.
    unsafe {
        let (columns, place) = (plan.tiles[1], [picture, block]);
        match side {
            0 => transform_side::<T, 0>(plan.of, unit, columns, place, scratch, to, steps),
            _ => transform_side::<T, 1>(plan.of, unit, columns, place, scratch, to, steps),
        }
    }
}

/// Transforms pixels (`SIDE` 0) or gradients (1) of `columns` columns of tiles, a register of channels of one of the unit's
/// pictures. A side that the compiler does not know costs a tenth of the whole gradient where there are few channels.
///
/// # Safety
/// As for [`transform`].
#[inline(always)]
pub(super) unsafe fn transform_side<T: Vector, const SIDE: usize>(
    of: &WeightGradient<'_>,
    unit: Unit,
    columns: usize,
    [picture, block]: [usize; 2],
    scratch: *mut f32,
    to: *mut f32,
    steps: [usize; 2],
) {
    let (values, patch) = match SIDE {
        0 => (of.input, unit.pixels(columns, of.before, of.input_size)),
        _ => (of.gradient, unit.outputs(columns, of.size)),
    };
    let (channels, first) = (of.channels[SIDE], block * T::LANES);
    let at = (unit.pictures[0] + picture) * channels + first;
    let planes = &values[at * patch.picture[0] * patch.picture[1]..];
    let planes = (planes, T::LANES.min(channels - first));
    let tiles = [unit.rows[1], columns];
    // SAFETY: the caller's promise.
    unsafe {
        match SIDE {
            0 => transform::<T, Input, SPAN>(&patch, planes, tiles, scratch, to, steps),
            _ => transform::<T, Gradient, TILE>(&patch, planes, tiles, scratch, to, steps),
        }
    }
}

/// Adds what the unit's tiles contribute to one product's output channels `share[0]..share[1]`.
///
/// # Safety
/// As for [`transform_with`].
#[inline(always)]
unsafe fn add_tiles<T: Vector>(plan: &Plan<'_>, unit: Unit, index: usize, share: [usize; 2]) {
    let count = unit.pictures[1] * unit.rows[1] * plan.tiles[1];
    let [padded_in, padded_out] = plan.padded;
    let [pixels, gradients] =
        plan.sides.map(|side| side.values.at(index * side.steps[0], count * side.steps[1]));
    let [row, step] = plan.sides.map(|side| side.steps[1]);
    // SAFETY: the matrices hold `count` tiles.
    unsafe {
        let left = Left { values: gradients.add(share[0]), row: 1, step };
        let rows = share[1] - share[0];
        for lane in (0..padded_in).step_by(2 * T::LANES) {
            let wide = (padded_in - lane).min(2 * T::LANES) / T::LANES;
            let at = (index * padded_out + share[0]) * padded_in + lane;
            let to = plan.sums.at(at, rows.saturating_sub(1) * padded_in + wide * T::LANES);
            product::<T>(left, pixels.add(lane), row, count, to, padded_in, rows, wide, true);
        }
    }
}
