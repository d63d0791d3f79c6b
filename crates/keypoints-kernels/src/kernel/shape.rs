//! The sizes of a convolution, checked by its owner.

use super::correlate::Lattice;
use super::reach::Reach;
use super::window::Window;

/// A convolution whose sizes fit together.
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
    /// Index of a weight, of a dense convolution.
    pub(super) fn weight_at(
        &self,
        output: usize,
        channel: usize,
        [row, column]: [usize; 2],
    ) -> usize {
        let [high, wide] = self.kernel;
        ((output * self.channels[0] + channel) * high + row) * wide + column
    }

    /// Which input pixels the taps read.
    pub(super) fn window(&self) -> Window {
        Window {
            source: self.input,
            first: self.padding.map(|before| -(before as isize)),
            stride: self.stride,
            taps: self.kernel,
            columns: self.output[1],
        }
    }

    /// The lattices that input pixels fall into, `stride × stride` of them; those that no tap reaches are left out.
    pub(super) fn lattices(&self) -> impl Iterator<Item = Turned> {
        // Taps come no further than the kernel.
        let phases = grid([0, 1].map(|axis| self.stride[axis].min(self.kernel[axis])));
        phases.filter_map(|phase| {
            let reach = |axis: usize| {
                let (kernel, stride) = (self.kernel[axis], self.stride[axis]);
                Reach::new(kernel, stride, self.padding[axis], self.input[axis], phase[axis])
            };
            let (rows, columns) = (reach(0)?, reach(1)?);
            let window = Window {
                source: self.output,
                first: [rows.source, columns.source],
                stride: [1, 1],
                taps: [rows.taps, columns.taps],
                columns: columns.count,
            };
            let lattice = Lattice {
                count: [rows.count, columns.count],
                first: [rows.first, columns.first],
                step: self.stride,
            };
            Some(Turned { window, lattice, phase })
        })
    }
}

/// The input gradient on a lattice of input pixels: a convolution of the output's gradient with the taps that can reach them,
/// turned by 180°.
#[derive(Clone, Copy)]
pub(super) struct Turned {
    /// Which output pixels the taps read.
    pub window: Window,
    pub lattice: Lattice,
    phase: [usize; 2],
}

impl Turned {
    /// The kernel's tap for one of the window's.
    pub(super) fn tap(&self, tap: [usize; 2]) -> [usize; 2] {
        let (taps, step) = (self.window.taps, self.lattice.step);
        [0, 1].map(|axis| (taps[axis] - 1 - tap[axis]) * step[axis] + self.phase[axis])
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
