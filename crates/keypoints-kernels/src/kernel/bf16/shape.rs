//! The sizes of a convolution, checked by its owner.

/// A dense convolution whose sizes fit together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Images.
    pub batch: usize,
    /// Input and output channels.
    pub channels: [usize; 2],
    /// Height and width of an input plane.
    pub input: [usize; 2],
    /// Height and width of an output plane.
    pub output: [usize; 2],
    /// Height and width of the kernel.
    pub kernel: [usize; 2],
    /// Input pixels from one output pixel to the next.
    pub stride: [usize; 2],
    /// Rows of zeros above, columns of zeros to the left.
    pub padding: [usize; 2],
}

impl Shape {
    /// Index of a weight.
    pub(super) fn weight_at(
        &self,
        output: usize,
        channel: usize,
        [row, column]: [usize; 2],
    ) -> usize {
        let [high, wide] = self.kernel;
        ((output * self.channels[0] + channel) * high + row) * wide + column
    }
}

/// Height times width.
pub(super) fn area([height, width]: [usize; 2]) -> usize {
    height * width
}

/// All positions of a grid, row by row.
pub(super) fn grid([rows, columns]: [usize; 2]) -> impl Iterator<Item = [usize; 2]> {
    (0..rows).flat_map(move |row| (0..columns).map(move |column| [row, column]))
}
