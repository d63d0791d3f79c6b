//! Which source pixels a destination row is computed from.
//!
//! Forward, every output pixel has all taps. Backward through a stride, input pixels fall into lattices, each reached
//! by its own taps (turned by 180°). In both, neighbouring taps of a pixel lie on neighbouring source pixels.

use crate::kernel::epilogue::Epilogue;
use crate::kernel::reach::Reach;

/// Destination pixels of one axis that are computed alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::kernel) struct Lattice {
    /// The first of them, how many, and from one to the next.
    pub first: usize,
    pub count: usize,
    pub step: usize,
    /// The source pixel under the first tap of the first one (may be outside), and from one to the next.
    pub source: isize,
    pub source_step: usize,
    /// The kernel's tap for each of the neighbouring source pixels.
    pub taps: Vec<usize>,
}

/// One axis of a convolution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::kernel) struct Axis {
    /// Source and destination pixels.
    pub source: usize,
    pub size: usize,
    pub lattices: Vec<Lattice>,
}

impl Axis {
    /// From input to output: `before` zeros, `kernel` taps.
    pub(in crate::kernel) fn forward(
        source: usize,
        size: usize,
        kernel: usize,
        stride: usize,
        before: usize,
    ) -> Self {
        let lattice = Lattice {
            first: 0,
            count: size,
            step: 1,
            source: -(before as isize),
            source_step: stride,
            taps: (0..kernel).collect(),
        };
        Self { source, size, lattices: vec![lattice] }
    }

    /// From the output's gradient, `source` pixels, to the input's, `size` pixels.
    pub(in crate::kernel) fn backward(
        source: usize,
        size: usize,
        kernel: usize,
        stride: usize,
        before: usize,
    ) -> Self {
        let lattice = |phase| {
            let reach = Reach::new(kernel, stride, before, size, phase)?;
            Some(Lattice {
                first: reach.first,
                count: reach.count,
                step: stride,
                source: reach.source,
                source_step: 1,
                taps: (0..reach.taps).rev().map(|tap| tap * stride + phase).collect(),
            })
        };
        Self { source, size, lattices: (0..stride.min(kernel)).filter_map(lattice).collect() }
    }

    /// The lattice that a destination pixel belongs to, and the source pixel under its first tap.
    pub(super) fn find(&self, at: usize) -> Option<(usize, isize)> {
        self.lattices.iter().enumerate().find_map(|(index, lattice)| {
            let past = at.checked_sub(lattice.first)?;
            let number = past / lattice.step;
            (past % lattice.step == 0 && number < lattice.count)
                .then(|| (index, lattice.source + (number * lattice.source_step) as isize))
        })
    }

    /// Whether every destination pixel has a tap.
    pub(super) fn is_covered(&self) -> bool {
        self.lattices.iter().map(|lattice| lattice.count).sum::<usize>() == self.size
    }

    /// First and last (exclusive) source pixel under any tap of some destination pixels; may be outside.
    pub(super) fn span(&self, pixels: std::ops::Range<usize>) -> [isize; 2] {
        let mut span = [isize::MAX, isize::MIN];
        for (lattice, source) in pixels.filter_map(|at| self.find(at)) {
            let after = source + self.lattices[lattice].taps.len() as isize;
            span = [span[0].min(source), span[1].max(after)];
        }
        if span[0] < span[1] { span } else { [0, 0] }
    }
}

/// The weights of a convolution, seen from the destination.
#[derive(Clone, Copy)]
pub(in crate::kernel) enum Weights<'a> {
    /// `[destination channel, source channel, row, column]`
    InOrder(&'a [f32]),
    /// `[source channel, destination channel, row, column]`
    Swapped(&'a [f32]),
}

/// What to correlate.
#[derive(Clone, Copy)]
pub(in crate::kernel) struct Filter<'a> {
    /// `[batch, channels, rows, columns]`
    pub source: &'a [f32],
    /// Source and destination channels.
    pub channels: [usize; 2],
    pub rows: &'a Axis,
    pub columns: &'a Axis,
    /// Height and width of the kernel.
    pub kernel: [usize; 2],
    pub weights: Weights<'a>,
    /// What happens to the sums; of activations only a ReLU.
    pub epilogue: Epilogue<'a>,
}

impl<'a> Filter<'a> {
    /// Every lattice of rows with every lattice of columns.
    pub(super) fn pairs(self) -> impl Iterator<Item = (&'a Lattice, &'a Lattice)> {
        let Self { rows, columns, .. } = self;
        rows.lattices.iter().flat_map(|rows| columns.lattices.iter().map(move |one| (rows, one)))
    }
}

#[cfg(test)]
mod tests;
