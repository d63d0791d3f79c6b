//! The weight gradient: for every output channel and tap a sum over all pixels of all images.
//!
//! Pixels are what is summed over, so left tiles are 16 output channels by 32 pixels of the output gradient,
//! planes as they come, and right tiles 16 pairs of neighbouring pixels by 16 input channels. A tap is an
//! offset into the right side, by whole pairs: where some offsets are odd, the pairs lie there twice, once
//! beginning with even pixels and once with odd ones.
//!
//! The batch is cut into shares that depend on the sizes alone; each has its own sums, which are added up in
//! order. So the result does not depend on the threads.

use std::ops::Range;

use rayon::prelude::*;

use super::Bf16Level;
use super::buffer::{Halves, LINE, Tile};
use super::layout::Layout;
use super::multiply::Multiplier;
use super::operands::{Left, Right, Steps};
use crate::kernel::shape::{Shape, area};

/// Slots of a right tile.
pub(super) const SLOTS: usize = 16;
/// Packed values, both sides, of a group of segments (1 MB).
const GROUP_VALUES: usize = 512 * 1024;
/// Steps, of 32 pixels each, between two visits to the same sums: the left tiles of so many stay in the
/// first-level cache.
const VISIT: usize = 16;
/// Shares are few enough for all their sums to have so many bytes, and for each to sum over so many pixels; but
/// for their least number, so that there is work for some threads.
const SUM_BYTES: usize = 8 << 20;
const SHARE_PIXELS: usize = 1024;
const SHARES: [usize; 2] = [4, 16];

/// The gradient as `[output channel, input channel, row, column]`.
pub(crate) fn weight_gradient(
    level: Bf16Level,
    shape: &Shape,
    input: &[f32],
    output_gradient: &[f32],
) -> Vec<f32> {
    let plan = Plan::new(shape);
    let segments = shape.batch * plan.bands;
    let sums: Vec<Vec<Tile>> = (0..plan.shares)
        .into_par_iter()
        .map_init(
            || plan.scratch(),
            |scratch, share| {
                let segments = share * segments / plan.shares..(share + 1) * segments / plan.shares;
                plan.sum(level, input, output_gradient, segments, scratch)
            },
        )
        .collect();

    let [channels, outputs] = shape.channels;
    let terms = channels * area(shape.kernel);
    let mut gradient = vec![0.0; outputs * terms];
    gradient.par_chunks_exact_mut(terms).enumerate().for_each(|(output, gradient)| {
        for (column, reading) in plan.layout.readings.iter().enumerate() {
            let tile = output / 16 * plan.columns + column;
            for term in &reading.terms {
                let at = output % 16 * SLOTS + term.slot;
                let weight = shape.weight_at(0, term.channel, term.tap);
                gradient[weight] = sums.iter().map(|sums| sums[tile].0[at]).sum();
            }
        }
    });
    gradient
}

/// Buffers of one task.
struct Scratch {
    /// Left tiles: `[output channel, segment, pixel]`.
    left: Halves,
    /// Right tiles: `[plane, segment, pair, slot]`.
    right: Halves,
    /// A chunk of a segment before its pairs are brought together: `[slot, pixel]`.
    lines: Halves,
}

/// How the sums are computed.
pub(super) struct Plan<'a> {
    pub shape: &'a Shape,
    pub layout: Layout,
    /// Tiles down: output channels.
    rows: usize,
    /// Tiles across: readings, rounded up to what is computed together.
    columns: usize,
    /// Bands of an image, and output rows in each.
    bands: usize,
    band: usize,
    /// Pixels of a segment on the left, a multiple of 32.
    pub pixels: usize,
    /// Pairs of pixels of a segment on the right, a multiple of 16.
    pub pairs: usize,
    /// For every reading the plane of pairs and the pair in it.
    places: Vec<[usize; 2]>,
    /// For every plane of pairs its chunk and whether it begins with pixel 0 or 1.
    pub planes: Vec<[usize; 2]>,
    /// Parts of the batch with sums of their own.
    shares: usize,
    /// Segments that are packed together.
    pub group: usize,
    /// Values between the left side's rows.
    pub pitch: usize,
}

impl<'a> Plan<'a> {
    fn new(shape: &'a Shape) -> Self {
        let [channels, outputs] = shape.channels;
        let layout = Layout::new(channels, shape.window(), [SLOTS, 1]);
        let mut planes: Vec<[usize; 2]> = Vec::new();
        let mut places = Vec::new();
        let mut furthest = 0;
        for reading in &layout.readings {
            let offset = reading.offset[0] * layout.pitch + reading.offset[1];
            let plane = [reading.chunk, offset % 2];
            let at = planes.iter().position(|known| *known == plane).unwrap_or_else(|| {
                planes.push(plane);
                planes.len() - 1
            });
            places.push([at, offset / 2]);
            furthest = furthest.max(offset);
        }
        let rows = outputs.div_ceil(16);
        let sizes = |band: usize| {
            let pixels = ((band - 1) * layout.pitch + shape.output[1]).next_multiple_of(LINE);
            let pairs = (pixels / 2 + furthest / 2 + 1).next_multiple_of(16);
            (pixels, pairs, planes.len() * pairs * LINE + rows * 16 * pixels)
        };
        let all = shape.output[0];
        let fit = (1..=all).rev().find(|&band| sizes(band).2 <= GROUP_VALUES).unwrap_or(1);
        let bands = all.div_ceil(fit);
        let band = all.div_ceil(bands);
        let (pixels, pairs, values) = sizes(band);
        let together = match (rows / 2, rows % 2) {
            (_, 0) => 2,
            (0, _) => 3,
            _ => 6,
        };
        let columns = places.len().next_multiple_of(together);
        let bands = all.div_ceil(band);
        let [least, most] = SHARES;
        let bytes = rows * columns * size_of::<Tile>();
        let segments = shape.batch * bands;
        let worth = (SUM_BYTES / bytes).min(segments * pixels / SHARE_PIXELS);
        let shares = worth.clamp(least, most).min(segments);
        let group = (GROUP_VALUES / values).clamp(1, segments.div_ceil(shares));
        // An odd number of cache lines, so that rows do not compete for the same part of the cache.
        let pitch = ((group * pixels / LINE) | 1) * LINE;
        Self {
            shape,
            layout,
            rows,
            columns,
            bands,
            band,
            pixels,
            pairs,
            places,
            planes,
            shares,
            group,
            pitch,
        }
    }

    fn scratch(&self) -> Scratch {
        Scratch {
            left: Halves::new(self.rows * 16 * self.pitch),
            right: Halves::new(self.planes.len() * self.group * self.pairs * LINE),
            lines: Halves::new(SLOTS * self.line_len()),
        }
    }

    /// The sums over some segments, `[row, column]`.
    fn sum(
        &self,
        level: Bf16Level,
        input: &[f32],
        output_gradient: &[f32],
        segments: Range<usize>,
        Scratch { left, right, lines }: &mut Scratch,
    ) -> Vec<Tile> {
        let mut sums = vec![Tile::ZERO; self.rows * self.columns];
        let multiplier = Multiplier::new(level);
        let mut add = false;
        for first in segments.clone().step_by(self.group) {
            let group = first..segments.end.min(first + self.group);
            for (index, segment) in group.clone().enumerate() {
                // SAFETY: every level has AVX-512 with BW, VL and BF16.
                unsafe {
                    self.pack_left(output_gradient, segment, index, left.get_mut());
                    self.pack_right(input, segment, index, lines.get_mut(), right.get_mut());
                }
            }
            self.multiply(&multiplier, group.len(), left.get(), right.get(), &mut sums, add);
            add = true;
        }
        sums
    }

    /// Values of a line of a segment, and of one pair more.
    pub(super) fn line_len(&self) -> usize {
        2 * self.pairs + LINE
    }

    /// The image and the output rows of a segment.
    pub(super) fn rows_of(&self, segment: usize) -> (usize, Range<usize>) {
        let from = segment % self.bands * self.band;
        (segment / self.bands, from..self.shape.output[0].min(from + self.band))
    }

    /// Adds what a packed group contributes.
    fn multiply(
        &self,
        multiplier: &Multiplier,
        segments: usize,
        left: &[u16],
        right: &[u16],
        sums: &mut [Tile],
        mut add: bool,
    ) {
        let per_segment = self.pixels / LINE;
        let offsets: Vec<_> = (0..segments * per_segment)
            .map(|step| {
                let (segment, step) = (step / per_segment, step % per_segment);
                [segment * self.pixels + step * LINE, (segment * self.pairs + step * 16) * LINE]
            })
            .collect();
        let visits: Vec<_> =
            offsets.chunks(VISIT).filter_map(|steps| Steps::new(steps.iter().copied())).collect();
        let place = |column: usize| {
            let [plane, pair] = self.places[column.min(self.places.len() - 1)];
            (plane * self.group * self.pairs + pair) * LINE
        };
        for row in (0..self.rows).step_by(2) {
            let tiles = Left { values: left, at: row * 16 * self.pitch, pitch: self.pitch };
            let add_before = add;
            for steps in &visits {
                if row + 1 < self.rows {
                    for column in (0..self.columns).step_by(2) {
                        let at = [column, column + 1].map(place);
                        let to = [row, row + 1].map(|row| row * self.columns + column);
                        let tiles_right = Right { values: right, at };
                        multiplier.two_by_two(steps, tiles, tiles_right, sums, to, add);
                    }
                } else {
                    let (groups, _) = sums[row * self.columns..].as_chunks_mut::<3>();
                    for (group, sums) in groups.iter_mut().enumerate() {
                        let at = [0, 1, 2].map(|column| place(3 * group + column));
                        multiplier.one_by_three(
                            steps,
                            tiles,
                            Right { values: right, at },
                            sums,
                            add,
                        );
                    }
                }
                add = true;
            }
            add = add_before;
        }
    }
}
