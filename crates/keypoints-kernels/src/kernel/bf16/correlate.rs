//! Convolving a batch: bands of rows are packed, multiplied with 32 output channels after the other, and
//! stored. Forward passes and input gradients differ only in what they hand in.

use std::mem::MaybeUninit;

use rayon::prelude::*;

use super::Bf16Level;
use super::band::Band;
use super::buffer::{Halves, LINE, Tile};
use super::layout::Layout;
use super::multiply::Multiplier;
use super::operands::{Left, Right};
use super::pages::room;
use super::round::round;
use super::store::{RUN, Sums, store};
use crate::kernel::correlate::Lattice;
use crate::kernel::shape::area;
use crate::kernel::window::Window;

/// Output channels of two right tiles.
const PAIR: usize = 32;

/// One convolution of all source channels onto a lattice of destination pixels.
pub(super) struct Part {
    layout: Layout,
    lattice: Lattice,
    bands: Vec<Band>,
    /// Right tiles: `[pair, reading, tile]`.
    weights: Halves,
}

impl Part {
    /// Packs the weights that `weight(output, channel, [row, column])` gives; `width` is that of the
    /// destination planes.
    pub(super) fn new(
        [outputs, channels]: [usize; 2],
        window: Window,
        lattice: Lattice,
        width: usize,
        weight: impl Fn(usize, usize, [usize; 2]) -> f32 + Sync,
    ) -> Self {
        let layout = Layout::new(channels, window, [LINE, 2]);
        let reading_len = 2 * 16 * LINE;
        let pair_len = layout.readings.len() * reading_len;
        let mut weights = Halves::new(outputs.div_ceil(PAIR) * pair_len);
        let chunks = weights.get_mut().par_chunks_exact_mut(reading_len).enumerate();
        chunks.for_each(|(index, tiles)| {
            let (pair, reading) = (index / layout.readings.len(), index % layout.readings.len());
            let terms = &layout.readings[reading].terms;
            for output in 0..PAIR.min(outputs - pair * PAIR) {
                let column = &mut tiles[output / 16 * 16 * LINE + output % 16 * 2..];
                for term in terms {
                    column[term.slot / 2 * LINE + term.slot % 2] =
                        round(weight(pair * PAIR + output, term.channel, term.tap));
                }
            }
        });
        let bands = Band::all(&layout, &lattice, width);
        Self { layout, lattice, bands, weights }
    }
}

/// A batch and where its convolution goes.
pub(super) struct Batch<'a> {
    /// `[batch, channels, …]`, planes as the parts' windows describe them.
    pub source: &'a [f32],
    pub images: usize,
    /// Output channels.
    pub outputs: usize,
    /// Height and width of a destination plane.
    pub plane: [usize; 2],
    /// What every output channel starts from.
    pub bias: Option<&'a [f32]>,
}

/// Buffers of one task: what is packed, and for which part and band; `None` while all of it is 0.
struct Scratch {
    packed: Halves,
    last: Option<[usize; 2]>,
}

/// Computes every part of every image, `[batch, outputs, plane]`. Sums run in an order that does not depend on the threads.
pub(super) fn correlate(level: Bf16Level, parts: &[Part], batch: Batch<'_>) -> Vec<f32> {
    let pairs = batch.outputs.div_ceil(PAIR);
    let plane = area(batch.plane);
    let images = batch.images;
    // With too few images to keep all threads busy, an image's channels are shared out; each share packs
    // the image anew.
    let threads = rayon::current_num_threads();
    let busy = images.is_multiple_of(threads) || images >= 4 * threads;
    let shares = if busy { 1 } else { threads.min(pairs) };
    let share = pairs.div_ceil(shares);
    // Where the stride is larger than the kernel, some pixels are in no lattice.
    let covered = parts.iter().map(|part| area(part.lattice.count)).sum::<usize>() == plane;
    let mut bias = vec![0.0; batch.outputs];
    if let Some(given) = batch.bias {
        bias.copy_from_slice(given);
    }
    let lens = parts.iter().flat_map(|part| part.bands.iter().map(|band| band.len(&part.layout)));
    let largest = lens.max().unwrap_or(0);
    let scratch = || Scratch { packed: Halves::new(largest), last: None };

    let len = images * batch.outputs * plane;
    let mut destination = room(len);
    destination.spare_capacity_mut()[..len]
        .chunks_mut(batch.outputs * plane)
        .zip(batch.source.chunks(batch.source.len() / images))
        .flat_map(|(out, image)| {
            let shares = out.chunks_mut(share * PAIR * plane).enumerate();
            shares.map(move |(index, out)| (image, index * share, out))
        })
        .collect::<Vec<_>>()
        .into_par_iter()
        .for_each_init(scratch, |scratch, (image, first, out)| {
            if !covered {
                out.fill(MaybeUninit::new(0.0));
            }
            let multiplier = Multiplier::new(level);
            let bias = &bias[first * PAIR..];
            let bias = &bias[..out.len() / plane];
            for (index, part) in parts.iter().enumerate() {
                for (band_index, band) in part.bands.iter().enumerate() {
                    let packed = scratch.packed.get_mut();
                    // The same pixels' padding is 0 already.
                    let this = [index, band_index];
                    if scratch.last.replace(this).is_some_and(|last| last != this) {
                        packed[..band.len(&part.layout)].fill(0);
                    }
                    // SAFETY: every level has AVX-512 with BW and BF16.
                    unsafe { super::pack::pack(&part.layout, band, image, packed) };
                    convolve(&multiplier, part, band, packed, first, bias, out, plane);
                }
            }
        });
    // SAFETY: every image has been computed; its pixels are those of the parts, and what these leave out has been set to 0.
    unsafe { destination.set_len(len) };
    destination
}

/// Multiplies a packed band with the weights from the pair `first` on, as many as `out` has planes for.
#[allow(clippy::too_many_arguments)]
fn convolve(
    multiplier: &Multiplier,
    part: &Part,
    band: &Band,
    packed: &[u16],
    first: usize,
    bias: &[f32],
    out: &mut [MaybeUninit<f32>],
    plane: usize,
) {
    let Some(steps) = &band.steps else { return };
    let pair_len = part.layout.readings.len() * 2 * 16 * LINE;
    let mut tiles = [Tile::ZERO; RUN / 16 * 2];
    let step = part.lattice.step[1];
    for (pair, (out, bias)) in out.chunks_mut(PAIR * plane).zip(bias.chunks(PAIR)).enumerate() {
        let weights = (first + pair) * pair_len;
        let values = part.weights.get();
        let halves = bias.len().div_ceil(16);
        for (run, pieces) in band.runs.iter().enumerate() {
            let from = run * RUN;
            let positions = RUN.min(band.positions - from);
            let left = |at| Left { values: packed, at: (from + at) * LINE, pitch: LINE };
            if halves == 2 {
                let right = Right { values, at: [weights, weights + 16 * LINE] };
                for at in (0..positions).step_by(32) {
                    let to = [at / 8, at / 8 + 2];
                    multiplier.two_by_two(steps, left(at), right, &mut tiles, to, false);
                }
            } else {
                let right = Right { values, at: [weights] };
                let (groups, _) = tiles.as_chunks_mut::<4>();
                for (at, sums) in (0..positions).step_by(64).zip(groups) {
                    multiplier.four_by_one(steps, left(at), right, sums);
                }
            }
            for (tile, (out, bias)) in out.chunks_mut(16 * plane).zip(bias.chunks(16)).enumerate() {
                let sums = Sums { tiles: &tiles, per_group: halves, tile };
                for piece in pieces {
                    // SAFETY: every level has AVX-512.
                    unsafe { store(sums, piece, step, bias, out, plane) };
                }
            }
        }
    }
}
