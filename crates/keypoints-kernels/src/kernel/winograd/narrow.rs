//! The weight gradient where there are few channels: each task keeps its own sums of all 36 products.
//!
//! The tasks never meet, and what they transform stays in their core's cache. The sums of 64 by 64 channels take half a
//! megabyte a task; of more, [`weights`](super::weights) are faster.

use super::product::{Left, product};
use super::transform::{PRODUCTS, TILE};
use super::weights::{kernels, transform_side, weights_of};
use super::{Unit, units};
use crate::kernel::SimdLevel;
use crate::kernel::fresh::partial_sums;
use crate::kernel::lanes::WeightGradient;
use crate::kernel::scratch::with_scratch;
use crate::kernel::simd::{Vector, at_every_level};
use crate::kernel::space::Shared;

/// Input times output channels that are few.
const FEW: usize = 64 * 64;
/// Transformed values of a unit, pixels and gradients (512 kB).
const UNIT_VALUES: usize = 128 * 1024;
/// Partial sums, each of its own share of the units. Their number depends on the sizes alone, and so do the results.
const PARTS: usize = 8;
/// Tiles that are worth sums of their own.
const LEAST_TILES: usize = 64;

/// Whether the channels are few enough.
pub(in crate::kernel) fn fits([channels_in, channels_out]: [usize; 2]) -> bool {
    channels_in * channels_out <= FEW
}

/// What all tasks know.
#[derive(Clone, Copy)]
struct Plan<'a> {
    of: &'a WeightGradient<'a>,
    /// Input and output channels, rounded up to registers.
    padded: [usize; 2],
    tiles: [usize; 2],
    /// Of transformed pixels and gradients, `[product, tile, channel]`: from one product to the next.
    steps: [usize; 2],
    /// Values of the larger one of the patches.
    patch: usize,
}

/// The gradient `[output channel, input channel, 3, 3]` of the weight.
pub(in crate::kernel) fn weight_gradient(level: SimdLevel, of: &WeightGradient<'_>) -> Vec<f32> {
    let lanes = level.lanes();
    let WeightGradient { channels, size, .. } = *of;
    let batch = of.batch();
    let padded = channels.map(|channels| channels.next_multiple_of(lanes));
    let tiles = size.map(|size| size.div_ceil(TILE));
    let parts = (batch * tiles[0] * tiles[1] / LEAST_TILES).clamp(1, PARTS);
    let most = UNIT_VALUES / (PRODUCTS * (padded[0] + padded[1]));
    let share = (batch * tiles[0] * tiles[1]).div_ceil(parts);
    let units = units(batch, tiles, most.min(share).max(1));
    let count = |unit: &Unit| unit.pictures[1] * unit.rows[1] * tiles[1];
    let most = units.iter().map(count).max().unwrap_or(0);
    let high = units.iter().map(|unit| unit.rows[1]).max().unwrap_or(0);
    let plan = Plan {
        of,
        padded,
        tiles,
        // One register more than needed: powers of two would fall into the same lines of the cache.
        steps: padded.map(|channels| most * channels + lanes),
        patch: (high * TILE + 2) * (tiles[1] * TILE + 2) * lanes,
    };
    let share = units.len().div_ceil(parts).max(1);
    let parts = units.len().div_ceil(share);
    // `[part, product, output channel, input channel]`
    let len = PRODUCTS * padded[0] * padded[1];
    let sums = partial_sums(parts, len, |part, sums| {
        let room = plan.patch + PRODUCTS * (plan.steps[0] + plan.steps[1]) + 16;
        with_scratch(room, |scratch| {
            for &unit in units.iter().skip(part * share).take(share) {
                // SAFETY: the sums are this task's, the scratch takes a patch and both matrices of every unit, and the
                // slices hold what the sizes say (`batch` has seen to that).
                unsafe { add_unit(level, &plan, unit, sums, scratch) }
            }
        });
    });
    kernels(of, lanes, |output, block, nine| {
        let at = output * padded[0] + block * lanes;
        let mut total = [0.0_f32; PRODUCTS * 16];
        for part in sums.chunks_exact(len) {
            for (index, total) in total.chunks_exact_mut(lanes).take(PRODUCTS).enumerate() {
                let from = &part[at + index * padded[0] * padded[1]..][..lanes];
                total.iter_mut().zip(from).for_each(|(total, sum)| *total += sum);
            }
        }
        // SAFETY: 36 registers of at most 16 lanes are read, nine are written.
        unsafe { weights_of(level, total.as_ptr(), lanes, nine) };
    })
}

at_every_level! {
    /// [`add`]
    fn add_unit = add(plan: &Plan<'_>, unit: Unit, sums: Shared<'_>, scratch: &mut [f32]);
}

/// Adds what a unit contributes to the sums.
///
/// # Safety
/// The processor has `T`'s instructions, the plan's slices hold what its sizes say, `sums` is `[product, output channel,
/// input channel]` and no other task's, and `scratch` takes a patch, both matrices and a cache line.
#[inline(always)]
unsafe fn add<T: Vector>(plan: &Plan<'_>, unit: Unit, sums: Shared<'_>, scratch: &mut [f32]) {
    let Plan { padded, tiles, steps, .. } = *plan;
    let [rows, columns] = [unit.rows[1], tiles[1]];
    let count = unit.pictures[1] * rows * columns;
    // Registers that straddle two cache lines cost twice.
    let skip = scratch.as_ptr().align_offset(64).min(16);
    // SAFETY: patch and matrices lie one behind the other within the scratch; the rest is the caller's promise.
    unsafe {
        let patch = scratch.as_mut_ptr().add(skip);
        let matrices = [patch.add(plan.patch), patch.add(plan.patch + PRODUCTS * steps[0])];
        transform_unit::<T, 0>(plan, unit, patch, matrices[0]);
        transform_unit::<T, 1>(plan, unit, patch, matrices[1]);
        for index in 0..PRODUCTS {
            let left = Left { values: matrices[1].add(index * steps[1]), row: 1, step: padded[1] };
            let right = matrices[0].add(index * steps[0]);
            for lane in (0..padded[0]).step_by(2 * T::LANES) {
                let wide = (padded[0] - lane).min(2 * T::LANES) / T::LANES;
                let at = index * padded[0] * padded[1] + lane;
                let to = sums.at(at, (padded[1] - 1) * padded[0] + wide * T::LANES);
                let (row, rows) = (padded[0], padded[1]);
                product::<T>(left, right.add(lane), row, count, to, row, rows, wide, true);
            }
        }
    }
}

/// Transforms one side of a unit.
///
/// # Safety
/// As for [`add`], which made the buffers.
#[inline(always)]
unsafe fn transform_unit<T: Vector, const SIDE: usize>(
    plan: &Plan<'_>,
    unit: Unit,
    scratch: *mut f32,
    to: *mut f32,
) {
    let Plan { of, padded, tiles: [_, columns], steps, .. } = *plan;
    let steps = [steps[SIDE], padded[SIDE]];
    for block in 0..of.channels[SIDE].div_ceil(T::LANES) {
        for picture in 0..unit.pictures[1] {
            let at = picture * unit.rows[1] * columns * padded[SIDE] + block * T::LANES;
            let place = [picture, block];
            // SAFETY: the caller's promise.
            unsafe {
                transform_side::<T, SIDE>(of, unit, columns, place, scratch, to.add(at), steps);
            }
        }
    }
}
