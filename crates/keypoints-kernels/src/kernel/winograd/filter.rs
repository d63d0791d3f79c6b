//! Forward passes and input gradients: both are 3×3 correlations of padded planes.

use super::product::{Left, product};
use super::transform::{Input, Output, PRODUCTS, SPAN, TILE, from_sums, transform, weight_tile};
use super::{Unit, units};
use crate::kernel::SimdLevel;
use crate::kernel::epilogue::Epilogue;
use crate::kernel::lanes::Weights;
use crate::kernel::patch::spread;
use crate::kernel::scratch::with_scratch;
use crate::kernel::share::{is_little, tasks};
use crate::kernel::simd::{Vector, at_every_level};
use crate::kernel::space::{Shared, Space};

/// Transformed pixels of a unit (64 k values): they stay in a core's second-level cache, beside the products and the weights.
const UNIT_VALUES: usize = 64 * 1024;
/// Output channels whose products are computed before they are transformed.
const GROUP: usize = 64;

/// What to correlate.
#[derive(Clone, Copy)]
pub(in crate::kernel) struct Filter<'a> {
    /// `[batch, channels, size]`
    pub source: &'a [f32],
    /// Input and output channels.
    pub channels: [usize; 2],
    /// Height and width of a source plane.
    pub source_size: [usize; 2],
    /// Height and width of an output plane.
    pub size: [usize; 2],
    /// Rows above and columns left of the source that count as 0.
    pub before: [usize; 2],
    /// What happens to the sums; of activations only a ReLU.
    pub epilogue: Epilogue<'a>,
}

/// Sizes that all units share.
#[derive(Clone, Copy)]
struct Plan<'a> {
    filter: Filter<'a>,
    tiles: [usize; 2],
    /// Input and output channels, rounded up to registers.
    padded: [usize; 2],
    /// `[product, panel, input channel, lanes of the panel]`, panels of two registers.
    weights: &'a [f32],
    /// Factors, then summands, of all output channels.
    ends: &'a [Vec<f32>; 2],
    destination: Shared<'a>,
}

/// Correlates: `answer[image, o, y, x] = bias[o] + Σ weight(o, c, [i, j]) · source[image, c, y + i − before, …]`, with the weights in
/// order, or those of the way back, swapped and turned by 180°.
///
/// The answer is `[batch, channels[1], size]`.
pub(in crate::kernel) fn filter(
    level: SimdLevel,
    filter: Filter<'_>,
    batch: usize,
    weights: Weights<'_>,
) -> Vec<f32> {
    let lanes = level.lanes();
    let [channels_in, channels_out] = filter.channels;
    let padded = filter.channels.map(|channels| channels.next_multiple_of(lanes));
    let weights = transform_weights(level, filter.channels, padded[1], weights);
    let ends = filter.epilogue.padded(padded[1]);
    let len = batch * channels_out * filter.size[0] * filter.size[1];
    // Not zeros: every value is about to be written, and a pass over memory costs as much as the transforms.
    let mut destination = Space::new(len);
    let tiles = filter.size.map(|size| size.div_ceil(TILE));
    assert!(
        filter.source.len() >= batch * channels_in * filter.source_size.iter().product::<usize>()
    );
    let plan = Plan {
        filter,
        tiles,
        padded,
        weights: &weights,
        ends: &ends,
        destination: destination.share(),
    };
    let most = UNIT_VALUES / (PRODUCTS * padded[0]);
    // Every thread should have something to do.
    let work = (batch * tiles[0] * tiles[1] * PRODUCTS * channels_in * padded[1] / lanes) as u64;
    let threads = if is_little(work) { 1 } else { 2 * rayon::current_num_threads() };
    let share = (batch * tiles[0] * tiles[1]).div_ceil(threads);
    let units = units(batch, tiles, most.min(share).max(12) / 12 * 12);
    tasks(work, units.len(), |number| {
        let unit = units[number];
        with_scratch(Buffers::new(&plan, unit, lanes).len(), |scratch| {
            // SAFETY: the source holds all pictures (asserted above); every unit writes the rows of its own
            // tiles in the planes of its own pictures, which no other unit has.
            unsafe { compute(level, &plan, unit, scratch) }
        });
    });
    // SAFETY: the capacity is `len`; the units cover all rows of all pictures, and each has written all pixels of
    // its rows in all channels.
    unsafe { destination.filled() }
}

/// `[product, panel, input channel, lanes of the panel]`.
fn transform_weights(
    level: SimdLevel,
    [channels_in, channels_out]: [usize; 2],
    padded_out: usize,
    weights: Weights<'_>,
) -> Vec<f32> {
    let lanes = level.lanes();
    let step = channels_in * padded_out;
    let len = PRODUCTS * step;
    let mut transformed = Space::new(len);
    let shared = transformed.share();
    tasks(len as u64, padded_out / lanes, |block| {
        let panel = block / 2;
        let wide = panel_width(panel, padded_out, lanes);
        let mut taps = [0.0_f32; 16 * 16];
        for channel in 0..channels_in {
            let sizes = [channels_in, channels_out];
            let place = [channel, block * lanes];
            let at = panel * 2 * lanes * channels_in + channel * wide + block % 2 * lanes;
            // SAFETY: the last of the 36 registers ends within `transformed`; no other block writes to this
            // one's lanes.
            unsafe {
                taps_of_block(level, weights, sizes, place, &mut taps);
                let to = shared.at(at, (PRODUCTS - 1) * step + lanes);
                weights_of_block(level, taps.as_ptr(), to, step);
            }
        }
    });
    // SAFETY: the blocks are all lanes, and each has written its lanes of every input channel in every product.
    unsafe { transformed.filled() }
}

at_every_level! {
    /// [`taps_side_by_side`]
    fn taps_of_block = taps_side_by_side(
        weights: Weights<'_>, sizes: [usize; 2], place: [usize; 2], to: &mut [f32; 256],
    );
}

/// The nine weights of an input channel, for a register of output channels from the first one on each: `[tap, lane]`, 0 where
/// there is no output channel. What lies behind the ninth is anything.
///
/// # Safety
/// The processor has `T`'s instructions.
#[inline(always)]
unsafe fn taps_side_by_side<T: Vector>(
    weights: Weights<'_>,
    [channels_in, channels_out]: [usize; 2],
    [channel, first]: [usize; 2],
    to: &mut [f32; 256],
) {
    let used = T::LANES.min(channels_out - first);
    // Nine weights in a row for every lane. Seen from the output, a filter is turned about on the way back.
    let (all, at, pitch, turned) = match weights {
        Weights::InOrder(all) => (all, (first * channels_in + channel) * 9, channels_in * 9, false),
        Weights::Swapped(all) => (all, (channel * channels_out + first) * 9, 9, true),
    };
    if used == T::LANES && at + (T::LANES - 1) * pitch + 16 <= all.len() {
        let mut square = [0.0_f32; 256];
        for part in (0..9).step_by(T::LANES) {
            // SAFETY: the rows end within the weights, by the comparison above; a register has 8 or 16 lanes, so that there
            // are one or two squares of rows, which have room.
            unsafe {
                let to = square.as_mut_ptr().add(part * T::LANES);
                T::transpose(all.as_ptr().add(at + part), pitch, to, T::LANES);
            }
        }
        for tap in 0..9 {
            let from = if turned { 8 - tap } else { tap };
            // SAFETY: nine registers lie within both.
            unsafe {
                let row = T::load(square.as_ptr().add(from * T::LANES));
                row.store(to.as_mut_ptr().add(tap * T::LANES));
            }
        }
        return;
    }
    for tap in 0..9 {
        let from = if turned { 8 - tap } else { tap };
        for lane in 0..T::LANES {
            to[tap * T::LANES + lane] =
                if lane < used { all[at + lane * pitch + from] } else { 0.0 };
        }
    }
}

/// Lanes of a panel: two registers, or the one that is left.
fn panel_width(panel: usize, padded: usize, lanes: usize) -> usize {
    (2 * lanes).min(padded - panel * 2 * lanes)
}

at_every_level! {
    /// [`weight_tile`]
    fn weights_of_block = weight_tile(from: *const f32, to: *mut f32, step: usize);
    /// [`compute_unit`]
    fn compute = compute_unit(plan: &Plan<'_>, unit: Unit, scratch: &mut [f32]);
}

/// How the buffers of a unit are divided.
#[derive(Clone, Copy)]
struct Buffers {
    /// Tiles.
    count: usize,
    /// Output channels whose products are computed before they are transformed.
    group: usize,
    /// From one product to the next, of pixels and of sums. One register more than needed: powers of two
    /// would fall into the same lines of the cache.
    steps: [usize; 2],
    /// Patch or finished pixels of one register of channels.
    small: usize,
}

impl Buffers {
    fn new(plan: &Plan<'_>, unit: Unit, lanes: usize) -> Self {
        let [rows, columns] = [unit.rows[1], plan.tiles[1]];
        let count = unit.pictures[1] * rows * columns;
        let group = GROUP.max(2 * lanes).min(plan.padded[1]);
        Self {
            count,
            group,
            steps: [count * plan.padded[0] + lanes, count * group + lanes],
            small: (rows * TILE + 2) * (columns * TILE + 2) * lanes,
        }
    }

    /// All of them, and room to begin at a cache line.
    fn len(&self) -> usize {
        self.small + PRODUCTS * (self.steps[0] + self.steps[1]) + 16
    }
}

/// # Safety
/// The processor has `T`'s instructions, `plan`'s slices hold what its sizes say, no other task writes to
/// the unit's rows, and `scratch` has the length that [`Buffers`] say.
#[inline(always)]
unsafe fn compute_unit<T: Vector>(plan: &Plan<'_>, unit: Unit, scratch: &mut [f32]) {
    let Plan { filter, tiles, padded, .. } = *plan;
    let [channels_in, channels_out] = filter.channels;
    let [rows, columns] = [unit.rows[1], tiles[1]];
    let patch = unit.pixels(columns, filter.before, filter.source_size);
    let Buffers { count, group, steps, small } = Buffers::new(plan, unit, T::LANES);
    let size = [(rows * TILE).min(filter.size[0] - unit.rows[0] * TILE), filter.size[1]];
    let rectify = filter.epilogue.rectifies();
    // Registers that straddle two cache lines cost twice.
    let skip = scratch.as_ptr().align_offset(64).min(16);
    // SAFETY: the buffers lie one behind the other within the scratch; the rest is the caller's promise.
    unsafe {
        let patch_pixels = scratch.as_mut_ptr().add(skip);
        let pixels = patch_pixels.add(small);
        let sums = pixels.add(PRODUCTS * steps[0]);
        for first in (0..padded[0]).step_by(T::LANES) {
            let used = T::LANES.min(channels_in - first);
            for picture in 0..unit.pictures[1] {
                let plane = filter.source_size[0] * filter.source_size[1];
                let at = ((unit.pictures[0] + picture) * channels_in + first) * plane;
                let planes = (&filter.source[at..], used);
                let to = pixels.add(picture * rows * columns * padded[0] + first);
                let steps = [steps[0], padded[0]];
                let tiles = [rows, columns];
                transform::<T, Input, SPAN>(&patch, planes, tiles, patch_pixels, to, steps);
            }
        }
        for first in (0..padded[1]).step_by(group) {
            let group = group.min(padded[1] - first);
            multiply::<T>(plan, pixels, sums, steps, count, [first, group]);
            for block in (0..group).step_by(T::LANES) {
                let channel = first + block;
                if channel >= channels_out {
                    break;
                }
                let ends =
                    [&plan.ends[0], &plan.ends[1]].map(|all| T::load(all.as_ptr().add(channel)));
                for picture in 0..unit.pictures[1] {
                    let from = sums.add(picture * rows * columns * group + block);
                    let steps = [steps[1], group];
                    stage::<T>(from, steps, columns, size, ends, rectify, patch_pixels);
                    let plane = filter.size[0] * filter.size[1];
                    let image = unit.pictures[0] + picture;
                    let at = (image * channels_out + channel) * plane
                        + unit.rows[0] * TILE * filter.size[1];
                    let used = T::LANES.min(channels_out - channel);
                    let pixels = size[0] * size[1];
                    let to = plan.destination.at(at, (used - 1) * plane + pixels);
                    spread::<T>(patch_pixels, pixels, to, plane, used);
                }
            }
        }
    }
}

/// The products of all tiles with the output channels `first..first + group`.
///
/// # Safety
/// As for [`compute_unit`], which made the buffers.
#[inline(always)]
unsafe fn multiply<T: Vector>(
    plan: &Plan<'_>,
    pixels: *const f32,
    sums: *mut f32,
    steps: [usize; 2],
    count: usize,
    [first, group]: [usize; 2],
) {
    let [channels_in, padded_out] = [plan.filter.channels[0], plan.padded[1]];
    // SAFETY: the caller's promise.
    unsafe {
        for index in 0..PRODUCTS {
            let weights = plan.weights.as_ptr().add(index * channels_in * padded_out);
            let left = Left { values: pixels.add(index * steps[0]), row: plan.padded[0], step: 1 };
            for lane in (0..group).step_by(2 * T::LANES) {
                let panel = (first + lane) / (2 * T::LANES);
                let width = panel_width(panel, padded_out, T::LANES);
                product::<T>(
                    left,
                    weights.add(panel * 2 * T::LANES * channels_in),
                    width,
                    channels_in,
                    sums.add(index * steps[1] + lane),
                    group,
                    count,
                    width / T::LANES,
                    false,
                );
            }
        }
    }
}

/// Transforms one picture's sums of one register of channels into pixels `[rows, columns, lanes]`.
///
/// # Safety
/// As for [`compute_unit`], which made the buffers.
#[inline(always)]
unsafe fn stage<T: Vector>(
    sums: *const f32,
    [product_step, tile_step]: [usize; 2],
    tile_columns: usize,
    [rows, columns]: [usize; 2],
    [scale, bias]: [T; 2],
    rectify: bool,
    to: *mut f32,
) {
    // SAFETY: pixels beyond the picture are left out.
    unsafe {
        let least = T::splat(if rectify { 0.0 } else { f32::NEG_INFINITY });
        for tile in 0..rows.div_ceil(TILE) * tile_columns {
            let (y, x) = (tile / tile_columns * TILE, tile % tile_columns * TILE);
            let pixels = from_sums::<T, Output, TILE>(sums.add(tile * tile_step), product_step);
            let [high, wide] = [TILE.min(rows - y), TILE.min(columns - x)];
            for (down, row) in pixels.iter().enumerate() {
                let line = to.add(((y + down) * columns + x) * T::LANES);
                for (right, value) in row.iter().enumerate() {
                    if down < high && right < wide {
                        least.max(value.mul_add(scale, bias)).store(line.add(right * T::LANES));
                    }
                }
            }
        }
    }
}
