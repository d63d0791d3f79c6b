//! The weight gradient: 36 products of matrices, summed over tiles.

use rayon::prelude::*;

use super::product::{Left, product};
use super::transform::{PRODUCTS, TILE, gradient_tile, input_tile, weight_gradient_tile};
use super::{Unit, units};
use crate::kernel::SimdLevel;
use crate::kernel::lanes::WeightGradient;
use crate::kernel::patch::Patch;
use crate::kernel::scratch::with_scratch;
use crate::kernel::simd::{Vector, at_every_level};
use crate::kernel::space::Shared;

/// Transformed values, pixels and gradients, between two meetings of the threads (12 MB).
const STEP_VALUES: usize = 3 * 1024 * 1024;

/// What all tasks know.
#[derive(Clone, Copy)]
struct Plan<'a> {
    input: &'a [f32],
    input_size: [usize; 2],
    gradient: &'a [f32],
    gradient_size: [usize; 2],
    before: [usize; 2],
    /// Input and output channels, and the same rounded up to registers.
    channels: [usize; 2],
    padded: [usize; 2],
    tiles: [usize; 2],
    /// `[product, tile, channel]`: from one product to the next, from one tile to the next.
    pixels: Matrix<'a>,
    gradients: Matrix<'a>,
    /// `[product, output channel, input channel]`
    sums: Shared<'a>,
}

#[derive(Clone, Copy)]
struct Matrix<'a> {
    values: Shared<'a>,
    step: usize,
    row: usize,
}

/// The gradient `[output channel, input channel, 3, 3]` of the weight.
///
/// The order of every sum depends on the sizes alone.
pub(in crate::kernel) fn weight_gradient(level: SimdLevel, of: &WeightGradient<'_>) -> Vec<f32> {
    let WeightGradient {
        channels, input, input_size, gradient, size: gradient_size, before, ..
    } = *of;
    let lanes = level.lanes();
    let batch = gradient.len() / (channels[1] * gradient_size[0] * gradient_size[1]);
    assert!(input.len() >= batch * channels[0] * input_size[0] * input_size[1]);
    let padded = channels.map(|channels| channels.next_multiple_of(lanes));
    let tiles = gradient_size.map(|size| size.div_ceil(TILE));
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
        let plan = Plan {
            input,
            input_size,
            gradient,
            gradient_size,
            before,
            channels,
            padded,
            tiles,
            pixels: Matrix { values: Shared::of(pixels), step: steps[0], row: rows[0] },
            gradients: Matrix { values: Shared::of(gradients), step: steps[1], row: rows[1] },
            sums: shared,
        };
        let [blocks_in, blocks_out] = padded.map(|channels| channels / lanes);
        // Output channels per task: two threads share out 36 products well, more threads need more tasks.
        let shares = if rayon::current_num_threads() <= 4 { 1 } else { blocks_out };
        let share = blocks_out.div_ceil(shares) * lanes;
        for unit in units {
            let patch = (unit.rows[1] * TILE + 2) * (tiles[1] * TILE + 2) * lanes;
            (0..unit.pictures[1] * (blocks_in + blocks_out)).into_par_iter().for_each(|task| {
                let (picture, block) =
                    (task / (blocks_in + blocks_out), task % (blocks_in + blocks_out));
                // SAFETY: every task writes its own picture's tiles and its own channels, and the scratch takes
                // either patch.
                with_scratch(patch, |scratch| unsafe {
                    if block < blocks_in {
                        pixels_of(level, &plan, unit, [picture, block], scratch);
                    } else {
                        gradients_of(level, &plan, unit, [picture, block - blocks_in], scratch);
                    }
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
    let mut gradient = vec![0.0; channels[1] * channels[0] * 9];
    gradient.par_chunks_exact_mut(channels[0] * 9).enumerate().for_each(|(output, row)| {
        let mut nine = [0.0_f32; 9 * 16];
        for (block, row) in row.chunks_mut(lanes * 9).enumerate() {
            let step = padded[0] * padded[1];
            // SAFETY: the last of the 36 registers ends within `sums`, to which nobody writes any more; nine
            // registers of at most 16 lanes fit `nine`.
            unsafe {
                let at = output * padded[0] + block * lanes;
                let from = shared.at(at, (PRODUCTS - 1) * step + lanes);
                weights_of(level, from, step, nine.as_mut_ptr());
            }
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
    /// [`transform_pixels`]
    fn pixels_of = transform_pixels(plan: &Plan<'_>, unit: Unit, at: [usize; 2], scratch: &mut [f32]);
}
at_every_level! {
    /// [`transform_gradients`]
    fn gradients_of = transform_gradients(plan: &Plan<'_>, unit: Unit, at: [usize; 2], scratch: &mut [f32]);
}
at_every_level! {
    /// [`add_tiles`]
    fn add_products = add_tiles(plan: &Plan<'_>, unit: Unit, index: usize, share: [usize; 2]);
}
at_every_level! {
    /// [`weight_gradient_tile`]
    fn weights_of = weight_gradient_tile(from: *const f32, step: usize, to: *mut f32);
}

/// Transforms one register of input channels of one of the unit's pictures.
///
/// # Safety
/// The processor has `T`'s instructions, `plan`'s slices hold what its sizes say, and nobody else uses what is
/// written.
#[inline(always)]
unsafe fn transform_pixels<T: Vector>(
    plan: &Plan<'_>,
    unit: Unit,
    [picture, block]: [usize; 2],
    scratch: &mut [f32],
) {
    let [rows, columns] = [unit.rows[1], plan.tiles[1]];
    let patch = Patch {
        first: [
            (unit.rows[0] * TILE) as isize - plan.before[0] as isize,
            -(plan.before[1] as isize),
        ],
        size: [rows * TILE + 2, columns * TILE + 2],
        picture: plan.input_size,
    };
    let channels = plan.channels[0];
    let image = unit.pictures[0] + picture;
    let plane = plan.input_size[0] * plan.input_size[1];
    let source = &plan.input[(image * channels + block * T::LANES) * plane..];
    let used = T::LANES.min(channels - block * T::LANES);
    let row = patch.size[1] * T::LANES;
    // SAFETY: the scratch takes the patch; tiles lie within it, results within the matrix.
    unsafe {
        patch.fill::<T>(source, used, scratch.as_mut_ptr());
        for tile in 0..rows * columns {
            let from = tile / columns * TILE * row + tile % columns * TILE * T::LANES;
            let to = (picture * rows * columns + tile) * plan.pixels.row + block * T::LANES;
            let to = plan.pixels.values.at(to, T::LANES);
            input_tile::<T>(scratch.as_ptr().add(from), row, to, plan.pixels.step);
        }
    }
}

/// Transforms one register of output channels of one of the unit's pictures.
///
/// # Safety
/// As for [`transform_pixels`].
#[inline(always)]
unsafe fn transform_gradients<T: Vector>(
    plan: &Plan<'_>,
    unit: Unit,
    [picture, block]: [usize; 2],
    scratch: &mut [f32],
) {
    let [rows, columns] = [unit.rows[1], plan.tiles[1]];
    // Tiles may reach beyond the picture: what is there is 0 and adds nothing.
    let patch = Patch {
        first: [(unit.rows[0] * TILE) as isize, 0],
        size: [rows * TILE, columns * TILE],
        picture: plan.gradient_size,
    };
    let channels = plan.channels[1];
    let image = unit.pictures[0] + picture;
    let plane = plan.gradient_size[0] * plan.gradient_size[1];
    let source = &plan.gradient[(image * channels + block * T::LANES) * plane..];
    let used = T::LANES.min(channels - block * T::LANES);
    let row = patch.size[1] * T::LANES;
    // SAFETY: as in `transform_pixels`.
    unsafe {
        patch.fill::<T>(source, used, scratch.as_mut_ptr());
        for tile in 0..rows * columns {
            let from = tile / columns * TILE * row + tile % columns * TILE * T::LANES;
            let to = (picture * rows * columns + tile) * plan.gradients.row + block * T::LANES;
            let to = plan.gradients.values.at(to, T::LANES);
            gradient_tile::<T>(scratch.as_ptr().add(from), row, to, plan.gradients.step);
        }
    }
}

/// Adds what the unit's tiles contribute to one product's output channels `share[0]..share[1]`.
///
/// # Safety
/// As for [`transform_pixels`].
#[inline(always)]
unsafe fn add_tiles<T: Vector>(plan: &Plan<'_>, unit: Unit, index: usize, share: [usize; 2]) {
    let count = unit.pictures[1] * unit.rows[1] * plan.tiles[1];
    let [padded_in, padded_out] = plan.padded;
    // SAFETY: the matrices hold `count` tiles.
    unsafe {
        let pixels = plan.pixels.values.at(index * plan.pixels.step, count * plan.pixels.row);
        let gradients =
            plan.gradients.values.at(index * plan.gradients.step, count * plan.gradients.row);
        for lane in (0..padded_in).step_by(2 * T::LANES) {
            let wide = (padded_in - lane).min(2 * T::LANES) / T::LANES;
            let left = Left { values: gradients.add(share[0]), row: 1, step: plan.gradients.row };
            let at = (index * padded_out + share[0]) * padded_in + lane;
            let len = (share[1] - share[0]).saturating_sub(1) * padded_in + wide * T::LANES;
            product::<T>(
                left,
                pixels.add(lane),
                plan.pixels.row,
                count,
                plan.sums.at(at, len),
                padded_in,
                share[1] - share[0],
                wide,
                true,
            );
        }
    }
}
