//! The input gradient: a convolution of the output gradient with the turned kernel.
//!
//! With a stride, input pixels fall into `stride × stride` lattices, each with the taps that reach it.

use rayon::prelude::*;

use super::pack::{Packing, unpack};
use super::taps::convolve;
use super::{least_groups, taps, unit_of};
use crate::kernel::SimdLevel;
use crate::kernel::epilogue::Epilogue;
use crate::kernel::shape::{Shape, Turned, area, grid};
use crate::kernel::simd::{Vector, at_every_level, part, put};
use crate::kernel::space::{Shared, Space};

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

/// `[batch, channels, input]`
pub(in crate::kernel) fn input_gradient(
    level: SimdLevel,
    shape: &Shape,
    weight: &[f32],
    output_gradient: &[f32],
) -> Vec<f32> {
    let planes = shape.batch * shape.channels[0];
    assert!(output_gradient.len() == planes * area(shape.output));
    assert!(weight.len() == shape.channels[0] * taps(shape));
    // All lattices must take as many images together.
    let least = |most, one: &Lattice| one.packing.images().min(most);
    let images = lattices_of(shape, shape.batch).iter().fold(shape.batch, least);
    let lattices = lattices_of(shape, images);
    let mut gradient = Space::new(planes * area(shape.input));
    let to = gradient.share();
    let new = || Scratch {
        packed: lattices.iter().map(|one| one.packing.room()).collect(),
        sums: lattices.iter().map(|one| vec![0.0; one.packing.sums(images)]).collect(),
        weights: Vec::new(),
    };
    let groups = shape.batch.div_ceil(images);
    let least = least_groups(images * area(shape.input));
    let units = (0..groups * shape.channels[0]).into_par_iter().with_min_len(least);
    units.for_each_init(new, |scratch, unit| {
        let place = (unit, images);
        // SAFETY: these planes are this task's alone.
        unsafe { planes_of(level, shape, place, weight, output_gradient, &lattices, scratch, to) };
    });
    // SAFETY: every plane has been written.
    unsafe { gradient.filled() }
}

/// With at most `most` images packed together.
fn lattices_of(shape: &Shape, most: usize) -> Vec<Lattice> {
    let lattice = |turned: Turned| Lattice {
        packing: Packing::new(turned.window, turned.lattice.count[0], most),
        first: turned.lattice.first,
        count: turned.lattice.count,
        turned: grid(turned.window.taps)
            .map(|tap| turned.tap(tap))
            .map(|[row, column]| row * shape.kernel[1] + column)
            .collect(),
    };
    shape.lattices().map(lattice).collect()
}

at_every_level! {
    /// A channel's planes of the input gradient of a few images; `place` is the unit of work and how many they are.
    fn planes_of = planes_with(
        shape: &Shape,
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
    shape: &Shape,
    (unit, most): (usize, usize),
    weight: &[f32],
    output_gradient: &[f32],
    lattices: &[Lattice],
    scratch: &mut Scratch,
    to: Shared<'_>,
) {
    let (plane, size) = (area(shape.output), area(shape.input));
    let Scratch { packed, sums, weights } = scratch;
    let (channel, images) = unit_of(shape, unit, most);
    let kernel = &weight[channel * taps(shape)..(channel + 1) * taps(shape)];
    for ((lattice, packed), sums) in lattices.iter().zip(packed).zip(&mut *sums) {
        weights.clear();
        weights.extend(lattice.turned.iter().map(|&tap| kernel[tap]));
        let sums = &mut sums[..lattice.packing.sums(images.len())];
        // SAFETY: both check what they are given.
        unsafe {
            for (place, image) in images.clone().enumerate() {
                let index = image * shape.channels[0] + channel;
                let slopes = &output_gradient[index * plane..(index + 1) * plane];
                lattice.packing.pack::<T>(slopes, place, packed);
            }
            let offsets = lattice.packing.offsets();
            convolve::<T>(packed, offsets, weights, Epilogue::NOTHING, channel, sums);
        }
    }
    for (place, image) in images.enumerate() {
        let to = to.at((image * shape.channels[0] + channel) * size, size);
        if let ([Lattice { packing, .. }], [1, 1]) = (lattices, shape.stride) {
            let sums = &sums[0][place * packing.plane()..];
            // SAFETY: the only lattice is the whole plane.
            unsafe { unpack::<T>(sums, packing.pitch(), shape.input, to) };
            continue;
        }
        for row in 0..shape.input[0] {
            let to_row = row * shape.input[1];
            // SAFETY: the row lies within the plane.
            unsafe { join::<T>(shape, [row, place], lattices, sums, to.add(to_row)) };
        }
    }
}

/// Writes a row of one image's plane from the lattices that have pixels in it; what none reaches is 0.
///
/// # Safety
/// The processor must have `T`'s instructions; `to` has room for a row.
#[inline(always)]
unsafe fn join<T: Vector>(
    shape: &Shape,
    [row, place]: [usize; 2],
    lattices: &[Lattice],
    sums: &[Vec<f32>],
    to: *mut f32,
) {
    let ([down, right], width) = (shape.stride, shape.input[1]);
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
