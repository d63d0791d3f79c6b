//! The input gradient: a convolution of the output gradient with the turned kernel.
//!
//! With a stride, input pixels fall into `stride × stride` lattices, each with the taps that reach it.

use rayon::prelude::*;

use super::pack::{Packing, unpack};
use super::taps::convolve;
use super::{Depthwise, least_groups};
use crate::kernel::SimdLevel;
use crate::kernel::epilogue::Epilogue;
use crate::kernel::reach::Reach;
use crate::kernel::simd::{Vector, at_every_level, part, put};
use crate::kernel::space::{Shared, Space};
use crate::kernel::window::Window;

/// The input pixels that the taps `phase, phase + stride, …` reach.
struct Lattice {
    packing: Packing,
    /// Its first pixel's row and column.
    first: [usize; 2],
    /// Rows and columns of pixels.
    count: [usize; 2],
    /// The kernel's tap for each of the lattice's.
    turned: Vec<usize>,
}

/// Buffers of one task, the first two for each lattice.
struct Scratch {
    packed: Vec<Vec<f32>>,
    sums: Vec<Vec<f32>>,
    weights: Vec<f32>,
}

impl Depthwise {
    /// `[batch, channels, input]`
    pub(in crate::kernel) fn input_gradient(
        &self,
        level: SimdLevel,
        weight: &[f32],
        output_gradient: &[f32],
    ) -> Vec<f32> {
        let planes = self.batch * self.channels;
        assert!(output_gradient.len() == planes * self.output_plane());
        assert!(weight.len() == self.channels * self.taps());
        // All lattices must take as many images together.
        let least = |most, one: &Lattice| one.packing.images().min(most);
        let images = self.lattices(self.batch).iter().fold(self.batch, least);
        let lattices = self.lattices(images);
        let mut gradient = Space::new(planes * self.input_plane());
        let to = gradient.share();
        let new = || Scratch {
            packed: lattices.iter().map(|one| one.packing.room()).collect(),
            sums: lattices.iter().map(|one| vec![0.0; one.packing.sums(images)]).collect(),
            weights: Vec::new(),
        };
        let groups = self.batch.div_ceil(images);
        let least = least_groups(images * self.input_plane());
        let units = (0..groups * self.channels).into_par_iter().with_min_len(least);
        units.for_each_init(new, |scratch, unit| {
            let place = (unit, images);
            // SAFETY: these planes are this task's alone.
            unsafe {
                planes_of(level, *self, place, weight, output_gradient, &lattices, scratch, to)
            };
        });
        // SAFETY: every plane has been written.
        unsafe { gradient.filled() }
    }

    /// With at most `most` images packed together.
    fn lattices(&self, most: usize) -> Vec<Lattice> {
        let reach = |axis: usize, phase| {
            let (kernel, stride) = (self.kernel[axis], self.stride[axis]);
            Reach::new(kernel, stride, self.before[axis], self.input[axis], phase)
        };
        let mut lattices = Vec::new();
        for down in 0..self.stride[0].min(self.kernel[0]) {
            for right in 0..self.stride[1].min(self.kernel[1]) {
                let (Some(rows), Some(columns)) = (reach(0, down), reach(1, right)) else {
                    continue;
                };
                let window = Window {
                    source: self.output,
                    first: [rows.source, columns.source],
                    stride: [1, 1],
                    taps: [rows.taps, columns.taps],
                    columns: columns.count,
                };
                let turned = (0..rows.taps * columns.taps).map(|tap| {
                    let (row, column) = (tap / columns.taps, tap % columns.taps);
                    let row = (rows.taps - 1 - row) * self.stride[0] + down;
                    let column = (columns.taps - 1 - column) * self.stride[1] + right;
                    row * self.kernel[1] + column
                });
                lattices.push(Lattice {
                    packing: Packing::new(window, rows.count, most),
                    first: [rows.first, columns.first],
                    count: [rows.count, columns.count],
                    turned: turned.collect(),
                });
            }
        }
        lattices
    }
}

at_every_level! {
    /// A channel's planes of the input gradient of a few images; `place` is the unit of work and how many they are.
    fn planes_of = planes_with(
        sizes: Depthwise,
        place: (usize, usize),
        weight: &[f32],
        output_gradient: &[f32],
        lattices: &[Lattice],
        scratch: &mut Scratch,
        to: Shared<'_>,
    );
}

#[inline(always)]
#[allow(clippy::too_many_arguments)]
unsafe fn planes_with<T: Vector>(
    sizes: Depthwise,
    (unit, most): (usize, usize),
    weight: &[f32],
    output_gradient: &[f32],
    lattices: &[Lattice],
    scratch: &mut Scratch,
    to: Shared<'_>,
) {
    let (plane, size) = (sizes.output_plane(), sizes.input_plane());
    let Scratch { packed, sums, weights } = scratch;
    let (channel, images) = sizes.unit(unit, most);
    let kernel = &weight[channel * sizes.taps()..(channel + 1) * sizes.taps()];
    for ((lattice, packed), sums) in lattices.iter().zip(packed).zip(&mut *sums) {
        weights.clear();
        weights.extend(lattice.turned.iter().map(|&tap| kernel[tap]));
        let sums = &mut sums[..lattice.packing.sums(images.len())];
        // SAFETY: both check what they are given.
        unsafe {
            for (place, image) in images.clone().enumerate() {
                let index = image * sizes.channels + channel;
                let slopes = &output_gradient[index * plane..(index + 1) * plane];
                lattice.packing.pack::<T>(slopes, place, packed);
            }
            let offsets = lattice.packing.offsets();
            convolve::<T>(packed, offsets, weights, Epilogue::NOTHING, channel, sums);
        }
    }
    for (place, image) in images.enumerate() {
        let to = to.at((image * sizes.channels + channel) * size, size);
        if let ([Lattice { packing, .. }], [1, 1]) = (lattices, sizes.stride) {
            let sums = &sums[0][place * packing.plane()..];
            // SAFETY: the only lattice is the whole plane.
            unsafe { unpack::<T>(sums, packing.pitch(), sizes.input, to) };
            continue;
        }
        for row in 0..sizes.input[0] {
            let to_row = row * sizes.input[1];
            // SAFETY: the row lies within the plane.
            unsafe { join::<T>(sizes, [row, place], lattices, sums, to.add(to_row)) };
        }
    }
}

/// Writes a row of one image's plane from the lattices that have pixels in it; what none reaches is 0.
///
/// # Safety
/// The processor must have `T`'s instructions; `to` has room for a row.
#[inline(always)]
unsafe fn join<T: Vector>(
    sizes: Depthwise,
    [row, place]: [usize; 2],
    lattices: &[Lattice],
    sums: &[Vec<f32>],
    to: *mut f32,
) {
    let ([down, right], width) = (sizes.stride, sizes.input[1]);
    let mine = lattices.iter().zip(sums).filter_map(|(lattice, sums)| {
        let below = row.checked_sub(lattice.first[0])?;
        let line = below / down;
        let first = place * lattice.packing.plane() + line * lattice.packing.pitch();
        (below.is_multiple_of(down) && line < lattice.count[0])
            .then(|| (lattice, &sums[first..][..lattice.count[1]]))
    });
    let mut pair = [None; 2];
    for (lattice, line) in mine.clone() {
        if lattice.first[1] < 2 {
            pair[lattice.first[1]] = Some(line);
        }
    }
    // SAFETY: a lattice's pixels lie within the row.
    unsafe {
        match (right, pair) {
            (2, [Some(even), Some(odd)]) => {
                let mut at = 0;
                while at < width {
                    let half = at / 2;
                    let of = |line: &[f32]| match line.len() > half {
                        true => part::<T>(line.as_ptr().add(half), line.len() - half),
                        false => T::splat(0.0),
                    };
                    let [first, second] = T::zip(of(even), of(odd));
                    put(first, to.add(at), width - at);
                    if width - at > T::LANES {
                        put(second, to.add(at + T::LANES), width - at - T::LANES);
                    }
                    at += 2 * T::LANES;
                }
            }
            _ => {
                for at in 0..width {
                    to.add(at).write(0.0);
                }
                for (lattice, line) in mine {
                    for (at, value) in line.iter().enumerate() {
                        to.add(lattice.first[1] + at * right).write(*value);
                    }
                }
            }
        }
    }
}
