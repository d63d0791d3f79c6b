//! Convolving a batch: bands of rows are packed, then multiplied with one block of output channels
//! after the other. Forward passes and input gradients differ only in what they hand in.

use rayon::prelude::*;

use super::SimdLevel;
use super::maps::rectify;
use super::multiply::{Block, RUN, multiply, rows_per_block};
use super::window::Window;

/// Packed values of a band that are to stay in a core's second-level cache (768 kB).
const BAND_VALUES: usize = 192 * 1024;

/// Which pixels of the destination planes a [`Part`] computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lattice {
    /// Rows and columns of pixels.
    pub count: [usize; 2],
    /// The first pixel's row and column.
    pub first: [usize; 2],
    /// From one pixel to the next.
    pub step: [usize; 2],
}

impl Lattice {
    /// All pixels of a plane.
    pub(crate) fn whole(plane: [usize; 2]) -> Self {
        Self { count: plane, first: [0, 0], step: [1, 1] }
    }
}

/// One dense convolution of all input channels onto a lattice of output pixels.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    window: Window,
    lattice: Lattice,
    /// `[block, term, row]`, a term being an input channel and a tap; rows without a channel hold 0.
    weights: Vec<f32>,
    /// Output rows in a band; the last band may have fewer.
    band: usize,
    /// Input channels.
    channels: usize,
}

impl Part {
    /// Packs the weights that `weight(output, channel, [row, column])` gives.
    pub(crate) fn new(
        level: SimdLevel,
        [outputs, channels]: [usize; 2],
        window: Window,
        lattice: Lattice,
        weight: impl Fn(usize, usize, [usize; 2]) -> f32 + Sync,
    ) -> Self {
        let rows = rows_per_block(level);
        let [high, wide] = window.taps;
        let block_len = channels * high * wide * rows;
        let mut weights = vec![0.0; outputs.div_ceil(rows) * block_len];
        weights.par_chunks_exact_mut(block_len).enumerate().for_each(|(block, weights)| {
            let used = rows.min(outputs - block * rows);
            for (channel, weights) in weights.chunks_exact_mut(high * wide * rows).enumerate() {
                for (tap, weights) in weights.chunks_exact_mut(rows).enumerate() {
                    let tap = [tap / wide, tap % wide];
                    for (row, packed) in weights[..used].iter_mut().enumerate() {
                        *packed = weight(block * rows + row, channel, tap);
                    }
                }
            }
        });
        Self {
            band: band_rows(&window, channels, lattice.count[0], BAND_VALUES),
            window,
            lattice,
            weights,
            channels,
        }
    }

    /// Where each term of output pixel 0 lies in a packed band.
    fn offsets(&self, rows: usize) -> Vec<usize> {
        offsets(&self.window, self.channels, rows)
    }
}

/// Offset of every term (channel, then tap) in a packed band of `rows` rows.
pub(crate) fn offsets(window: &Window, channels: usize, rows: usize) -> Vec<usize> {
    let [high, wide] = window.taps;
    let channel_len = window.channel_len(rows);
    (0..channels)
        .flat_map(|channel| (0..high * wide).map(move |tap| (channel, [tap / wide, tap % wide])))
        .map(|(channel, tap)| channel * channel_len + window.offset(tap, rows))
        .collect()
}

/// Values behind the last packed channel that kernels may read: they round runs of pixels up.
pub(crate) fn slack(window: &Window) -> usize {
    window.taps[1] + RUN
}

/// Output rows in a band, so that a band of all channels has at most `values` packed values (or is a
/// single row), and bands are of about the same height.
pub(crate) fn band_rows(window: &Window, channels: usize, rows: usize, values: usize) -> usize {
    let one = window.channel_len(1) * channels;
    let each = (window.channel_len(2) * channels - one).max(1);
    let fit = (values.saturating_sub(one) / each + 1).min(rows).max(1);
    rows.div_ceil(rows.div_ceil(fit).max(1)).max(1)
}

/// A batch and where its convolution goes.
pub(crate) struct Batch<'a> {
    /// `[batch, channels, …]`, planes as the parts' windows describe them.
    pub source: &'a [f32],
    pub images: usize,
    /// Output channels.
    pub outputs: usize,
    /// Height and width of a destination plane.
    pub plane: [usize; 2],
    /// What every output channel starts from.
    pub bias: Option<&'a [f32]>,
    /// Whether what is negative becomes 0.
    pub rectify: bool,
}

/// Buffers of one task.
#[derive(Default)]
struct Scratch {
    packed: Vec<f32>,
    sums: Vec<f32>,
}

/// Computes every part of every image, `[batch, outputs, plane]`. Sums run in an order that does not depend on the threads.
pub(crate) fn correlate(level: SimdLevel, parts: &[Part], batch: Batch<'_>) -> Vec<f32> {
    let rows = rows_per_block(level);
    let blocks = batch.outputs.div_ceil(rows);
    let plane = batch.plane[0] * batch.plane[1];
    let images = batch.images;
    // With too few images to keep all threads busy, an image's channels are shared out; each share packs
    // the image anew.
    let threads = rayon::current_num_threads();
    let busy = images.is_multiple_of(threads) || images >= 4 * threads;
    let shares = if busy { 1 } else { threads.min(blocks) };
    let share = blocks.div_ceil(shares);

    let mut bias = vec![0.0; blocks * rows];
    if let Some(given) = batch.bias {
        bias[..given.len()].copy_from_slice(given);
    }
    let mut destination = vec![0.0; images * batch.outputs * plane];
    destination
        .chunks_mut(batch.outputs * plane)
        .zip(batch.source.chunks(batch.source.len() / images))
        .flat_map(|(out, image)| {
            let shares = out.chunks_mut(share * rows * plane).enumerate();
            shares.map(move |(index, out)| (image, index * share, out))
        })
        .collect::<Vec<_>>()
        .into_par_iter()
        .for_each_init(Scratch::default, |scratch, (image, first_block, out)| {
            for part in parts {
                correlate_image(level, part, batch.plane, image, &bias, first_block, out, scratch);
            }
            if batch.rectify {
                out.iter_mut().for_each(rectify);
            }
        });
    destination
}

/// One part of one image, for the output channels that `out` has room for.
#[allow(clippy::too_many_arguments)]
fn correlate_image(
    level: SimdLevel,
    part: &Part,
    plane: [usize; 2],
    image: &[f32],
    bias: &[f32],
    first_block: usize,
    out: &mut [f32],
    scratch: &mut Scratch,
) {
    let Part { window, lattice, .. } = part;
    let rows = rows_per_block(level);
    let source_plane = window.source[0] * window.source[1];
    let pitch = window.pitch();
    let mut from = 0;
    while from < lattice.count[0] {
        let band = part.band.min(lattice.count[0] - from);
        let channel_len = window.channel_len(band);
        let offsets = part.offsets(band);
        scratch.packed.resize(part.channels * channel_len + slack(window), 0.0);
        let planes =
            image.chunks_exact(source_plane).zip(scratch.packed.chunks_exact_mut(channel_len));
        for (source, packed) in planes.take(part.channels) {
            window.pack(source, from, band, packed);
        }

        let count = band * pitch;
        let run = count.next_multiple_of(RUN);
        scratch.sums.resize(rows * run, 0.0);
        let terms = offsets.len() * rows;
        let channels_per_block = rows * plane[0] * plane[1];
        for (index, out) in out.chunks_mut(channels_per_block).enumerate() {
            let index = first_block + index;
            let block = Block {
                weights: &part.weights[index * terms..(index + 1) * terms],
                offsets: &offsets,
                planes: &scratch.packed,
                start: &bias[index * rows..(index + 1) * rows],
            };
            multiply(level, block, count, &mut scratch.sums);
            let sums = scratch.sums.chunks_exact(run);
            for (sums, out) in sums.zip(out.chunks_exact_mut(plane[0] * plane[1])) {
                scatter(sums, pitch, lattice, from..from + band, plane[1], out);
            }
        }
        from += band;
    }
}

/// Drops the surplus columns and puts the pixels of the lattice rows `rows` where they belong.
fn scatter(
    sums: &[f32],
    pitch: usize,
    lattice: &Lattice,
    rows: std::ops::Range<usize>,
    width: usize,
    out: &mut [f32],
) {
    let columns = lattice.count[1];
    for (row, line) in rows.zip(sums.chunks_exact(pitch)) {
        let at = (lattice.first[0] + row * lattice.step[0]) * width + lattice.first[1];
        if lattice.step[1] == 1 {
            out[at..at + columns].copy_from_slice(&line[..columns]);
        } else {
            let pixels = out[at..].iter_mut().step_by(lattice.step[1]);
            for (pixel, sum) in pixels.zip(&line[..columns]) {
                *pixel = *sum;
            }
        }
    }
}
