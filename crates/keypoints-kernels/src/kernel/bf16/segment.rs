//! Packing a segment, some rows of an image, for the weight gradient.

use std::arch::x86_64::*;

use super::buffer::LINE;
use super::gradient::{Plan, SLOTS};
use super::line::round_line;
use super::transpose::transpose;
use crate::kernel::shape::area;

impl Plan<'_> {
    /// Surplus columns and rows get 0, so that what lies under them counts for nothing.
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512bf16")]
    pub(super) fn pack_left(
        &self,
        gradient: &[f32],
        segment: usize,
        index: usize,
        left: &mut [u16],
    ) {
        let (image, rows) = self.rows_of(segment);
        let [_, wide] = self.shape.output;
        let plane = area(self.shape.output);
        let outputs = self.shape.channels[1];
        let planes = gradient[image * outputs * plane..].chunks_exact(plane).take(outputs);
        for (plane, line) in planes.zip(left.chunks_exact_mut(self.pitch)) {
            let line = &mut line[index * self.pixels..(index + 1) * self.pixels];
            let source = plane[rows.start * wide..rows.end * wide].chunks_exact(wide);
            let (mut used, pitch) = (0, self.layout.pitch);
            for row in source {
                let end = (used + pitch).min(line.len());
                // SAFETY: this function needs the same instructions.
                unsafe { round_line(row, 0, 1, &mut line[used..end]) };
                used = end;
            }
            line[used..].fill(0);
        }
    }

    /// Rounds the rows that each chunk's taps read, then brings neighbouring pixels of all its slots together.
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512bf16")]
    pub(super) fn pack_right(
        &self,
        input: &[f32],
        segment: usize,
        index: usize,
        lines: &mut [u16],
        right: &mut [u16],
    ) {
        let (image, rows) = self.rows_of(segment);
        let window = &self.layout.window;
        let [high, wide] = window.source;
        let channels = self.layout.channels;
        let image = &input[image * channels * high * wide..][..channels * high * wide];
        let len = self.line_len();
        let pitch = self.layout.pitch;
        for chunk in 0..self.layout.chunks() {
            for (slot, line) in lines.chunks_exact_mut(len).take(SLOTS).enumerate() {
                let Some((channel, view)) = self.layout.content(chunk, slot) else {
                    line.fill(0);
                    continue;
                };
                let plane = &image[channel * high * wide..][..high * wide];
                let first = view[1] as isize + window.first[1];
                let mut used = 0;
                for row in rows.start..rows.end + self.layout.extra {
                    let end = (used + pitch).min(len);
                    let y = (row * window.stride[0] + view[0]) as isize + window.first[0];
                    match usize::try_from(y) {
                        // SAFETY: this function needs the same instructions.
                        Ok(y) if y < high => unsafe {
                            let row = &plane[y * wide..(y + 1) * wide];
                            round_line(row, first, window.stride[1], &mut line[used..end]);
                        },
                        _ => line[used..end].fill(0),
                    }
                    used = end;
                }
                line[used..].fill(0);
            }
            for (plane, [of, odd]) in self.planes.iter().enumerate() {
                if *of != chunk {
                    continue;
                }
                let at = (plane * self.group + index) * self.pairs * LINE;
                let pairs = &mut right[at..at + self.pairs * LINE];
                for (block, pairs) in pairs.chunks_exact_mut(16 * LINE).enumerate() {
                    // A loop rather than a closure: that would not inherit the instructions.
                    let mut rows = [_mm512_setzero_si512(); SLOTS];
                    for (row, line) in rows.iter_mut().zip(lines.chunks_exact(len)) {
                        let line = &line[block * LINE + odd..][..LINE];
                        // SAFETY: sixteen pairs.
                        *row = unsafe { _mm512_loadu_si512(line.as_ptr().cast()) };
                    }
                    for (pair, to) in transpose(rows).into_iter().zip(pairs.chunks_exact_mut(LINE))
                    {
                        // SAFETY: 32 values.
                        unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), pair) };
                    }
                }
            }
        }
    }
}
