//! Packing: a band of input rows, padded and laid out so that one tap of a convolution is one offset.
//!
//! A band covers some rows of output pixels. Output pixels are numbered row by row with [`Window::pitch`]
//! columns a row, a few more than there are pixels, so that every tap's input pixel for output pixel `p`
//! lies at `offset(tap) + p`: no kernel needs to know about rows, borders or strides, and registers run
//! across row ends. The surplus columns are computed and dropped. A stride splits the input into planes of
//! every second (third, …) row and column, each of which is then read without gaps.

/// How output pixels map to input pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// Height and width of the planes that are read.
    pub source: [usize; 2],
    /// Row and column of the pixel under tap (0, 0) of output pixel (0, 0); outside is padding.
    pub first: [isize; 2],
    /// Input pixels from one output pixel to the next.
    pub stride: [usize; 2],
    /// Height and width of the kernel.
    pub taps: [usize; 2],
    /// Output pixels in a row.
    pub columns: usize,
}

impl Window {
    /// Columns from one packed row to the next.
    pub(crate) fn pitch(&self) -> usize {
        self.columns + (self.taps[1] - 1) / self.stride[1]
    }

    /// Packed values of one channel for a band of `rows` output rows.
    pub(crate) fn channel_len(&self, rows: usize) -> usize {
        let [high, wide] = self.phases();
        high * wide * self.plane_len(rows)
    }

    /// Where tap (`row`, `column`) of output pixel 0 lies in a packed channel.
    pub(crate) fn offset(&self, [row, column]: [usize; 2], rows: usize) -> usize {
        let [down, right] = self.stride;
        let phase = row % down * self.phases()[1] + column % right;
        phase * self.plane_len(rows) + row / down * self.pitch() + column / right
    }

    /// Packs one channel for the output rows `from..from + rows`.
    ///
    /// `source` holds the channel's plane, `packed` [`channel_len`](Self::channel_len) values.
    pub(crate) fn pack(&self, source: &[f32], from: usize, rows: usize, packed: &mut [f32]) {
        let [_, wide] = self.phases();
        for (phase, plane) in packed.chunks_exact_mut(self.plane_len(rows)).enumerate() {
            for (row, line) in plane.chunks_exact_mut(self.pitch()).enumerate() {
                let y = ((from + row) * self.stride[0] + phase / wide) as isize + self.first[0];
                match usize::try_from(y) {
                    Ok(y) if y < self.source[0] => {
                        let width = self.source[1];
                        self.pack_line(&source[y * width..(y + 1) * width], phase % wide, line);
                    }
                    _ => line.fill(0.0),
                }
            }
        }
    }

    fn pack_line(&self, source: &[f32], phase: usize, line: &mut [f32]) {
        let step = self.stride[1];
        let first = phase as isize + self.first[1];
        // Columns of the line left of the picture.
        let left = first.min(0).unsigned_abs().div_ceil(step).min(line.len());
        let (blank, line) = line.split_at_mut(left);
        blank.fill(0.0);
        let first = (first + (left * step) as isize).max(0).unsigned_abs();
        let inside = source.get(first..).unwrap_or_default();
        let count = inside.len().div_ceil(step).min(line.len());
        let (pixels, blank) = line.split_at_mut(count);
        blank.fill(0.0);
        if step == 1 {
            pixels.copy_from_slice(&inside[..count]);
        } else {
            for (pixel, value) in pixels.iter_mut().zip(inside.iter().step_by(step)) {
                *pixel = *value;
            }
        }
    }

    /// Planes down and across that a channel is split into.
    fn phases(&self) -> [usize; 2] {
        [self.stride[0].min(self.taps[0]), self.stride[1].min(self.taps[1])]
    }

    fn plane_len(&self, rows: usize) -> usize {
        (rows + (self.taps[0] - 1) / self.stride[0]) * self.pitch()
    }
}

#[cfg(test)]
mod tests;
