//! The weight gradient: for every output channel and term (input channel and tap) a sum over all pixels
//! of all images.
//!
//! Images are packed a few at a time by all threads, then every thread adds what they contribute to its
//! own output channels. So each sum has one owner and a fixed order, whatever the number of threads.

use rayon::prelude::*;

use super::SimdLevel;
use super::correlate::{offsets, slack};
use super::multiply::RUN;
use super::reduce::{ROWS, Reduction, Segment, reduce, terms_per_block};
use super::window::Window;

/// Pixels of a band, and of the bands whose sums stay in registers together. With fewer, adding up the lanes of
/// the sums takes more of the time; with more, four rows of gradients leave the first-level cache.
const GROUP_PIXELS: usize = 3072;
/// Packed input values that all output channels are multiplied with before the next are read (384 kB).
const CHUNK_VALUES: usize = 96 * 1024;
/// Packed values, input and gradient, between two meetings of the threads (16 MB).
const STEP_VALUES: usize = 4 * 1024 * 1024;

/// What the gradient is computed from.
pub(crate) struct WeightGradient<'a> {
    /// Input and output channels.
    pub channels: [usize; 2],
    /// How output pixels map to input pixels.
    pub window: Window,
    /// `[batch, channels[0], window.source]`
    pub input: &'a [f32],
    /// `[batch, channels[1], rows, window.columns]`
    pub output_gradient: &'a [f32],
    /// Rows of an output plane.
    pub rows: usize,
}

/// A band of one image.
#[derive(Clone, Copy)]
struct Band {
    image: usize,
    from: usize,
    rows: usize,
}

/// A buffer that begins at a cache line, so that loads of whole registers do not straddle two.
struct Aligned {
    values: Vec<f32>,
    skip: usize,
}

impl Aligned {
    fn new(len: usize) -> Self {
        let values = vec![0.0; len + RUN];
        let skip = values.as_ptr().align_offset(64).min(RUN);
        Self { values, skip }
    }

    fn get(&self) -> &[f32] {
        &self.values[self.skip..]
    }

    fn get_mut(&mut self) -> &mut [f32] {
        &mut self.values[self.skip..]
    }
}

impl WeightGradient<'_> {
    /// The gradient as `[output channel, input channel, row, column]`.
    pub(crate) fn compute(&self, level: SimdLevel) -> Vec<f32> {
        let level = level.checked();
        let [channels_in, channels_out] = self.channels;
        let window = &self.window;
        let bands = self.rows.div_ceil((GROUP_PIXELS / window.pitch()).clamp(1, self.rows));
        let band = self.rows.div_ceil(bands);
        let channel_len = window.channel_len(band);
        let count = (band * window.pitch()).next_multiple_of(RUN);
        let bands = self.bands(band);

        let input_len = channels_in * channel_len;
        let gradient_len = channels_out.next_multiple_of(ROWS) * count;
        let per_step = (STEP_VALUES / (input_len + gradient_len)).clamp(1, bands.len().max(1));
        let per_group = (GROUP_PIXELS / count).clamp(1, per_step);
        let per_step = per_step / per_group * per_group;
        let mut packed = vec![0.0; per_step * input_len + slack(window)];
        let mut gradients = Aligned::new(per_step * gradient_len);

        let width = terms_per_block(level);
        let mut terms = offsets(window, channels_in, band);
        let used = terms.len();
        let per_channel = used / channels_in;
        terms.resize(used.next_multiple_of(width), 0);
        let chunk_channels = CHUNK_VALUES / (channel_len * per_group);
        let chunk_terms = (chunk_channels * per_channel).next_multiple_of(width).max(width);
        let blocks = channels_out.div_ceil(ROWS);
        let block_len = terms.len() * ROWS;
        let mut sums = vec![0.0; blocks * block_len];
        let share = blocks.div_ceil(2 * rayon::current_num_threads());

        for step in bands.chunks(per_step) {
            let inputs = packed[..step.len() * input_len].par_chunks_exact_mut(channel_len);
            inputs.enumerate().with_min_len(4).for_each(|(index, out)| {
                self.pack_input(step[index / channels_in], index % channels_in, band, out);
            });
            let planes =
                gradients.get_mut()[..step.len() * gradient_len].par_chunks_exact_mut(count);
            planes.enumerate().with_min_len(4).for_each(|(index, out)| {
                let channel = index % channels_out.next_multiple_of(ROWS);
                self.pack_gradient(step[index * count / gradient_len], channel, out);
            });
            let (packed, gradients) = (&packed, gradients.get());
            sums.par_chunks_mut(share * block_len).enumerate().for_each(|(task, sums)| {
                let mut segments = Vec::with_capacity(per_group);
                for group in 0..step.len().div_ceil(per_group) {
                    let tiles = group * per_group..step.len().min((group + 1) * per_group);
                    for chunk in (0..terms.len()).step_by(chunk_terms) {
                        let chunk = chunk..terms.len().min(chunk + chunk_terms);
                        for (index, sums) in sums.chunks_exact_mut(block_len).enumerate() {
                            let row = (task * share + index) * ROWS * count;
                            segments.clear();
                            segments.extend(tiles.clone().map(|tile| Segment {
                                gradient: tile * gradient_len + row,
                                planes: tile * input_len,
                            }));
                            let over = Reduction {
                                gradients,
                                row_pitch: count,
                                planes: packed,
                                segments: &segments,
                                count,
                            };
                            let sums = &mut sums[chunk.start * ROWS..chunk.end * ROWS];
                            let blocks = terms[chunk.clone()].chunks_exact(width);
                            for (offsets, sums) in blocks.zip(sums.chunks_exact_mut(ROWS * width)) {
                                reduce(level, over, offsets, sums);
                            }
                        }
                    }
                }
            });
        }

        let mut gradient = vec![0.0; channels_out * used];
        gradient.par_chunks_exact_mut(used).enumerate().for_each(|(output, row)| {
            let block = &sums[output / ROWS * block_len..][..block_len];
            let parts = block.chunks_exact(ROWS * width);
            for (row, part) in row.chunks_mut(width).zip(parts) {
                let part = &part[output % ROWS * width..];
                row.copy_from_slice(&part[..row.len()]);
            }
        });
        gradient
    }

    fn bands(&self, rows: usize) -> Vec<Band> {
        let images =
            self.output_gradient.len() / (self.channels[1] * self.rows * self.window.columns);
        let last = self.rows;
        (0..images)
            .flat_map(|image| {
                (0..last).step_by(rows).map(move |from| Band {
                    image,
                    from,
                    rows: rows.min(last - from),
                })
            })
            .collect()
    }

    fn pack_input(&self, band: Band, channel: usize, rows: usize, out: &mut [f32]) {
        let plane = self.window.source[0] * self.window.source[1];
        let at = (band.image * self.channels[0] + channel) * plane;
        self.window.pack(&self.input[at..at + plane], band.from, rows, out);
    }

    /// Surplus columns, rows and channels get 0, so that what lies under them counts for nothing.
    fn pack_gradient(&self, band: Band, channel: usize, out: &mut [f32]) {
        if channel >= self.channels[1] {
            out.fill(0.0);
            return;
        }
        let columns = self.window.columns;
        let at = ((band.image * self.channels[1] + channel) * self.rows + band.from) * columns;
        let mut source = self.output_gradient[at..at + band.rows * columns].chunks_exact(columns);
        for line in out.chunks_mut(self.window.pitch()) {
            match source.next() {
                Some(pixels) => {
                    line[..columns].copy_from_slice(pixels);
                    line[columns..].fill(0.0);
                }
                None => line.fill(0.0),
            }
        }
    }
}
