//! The weight gradient: for every tap of a channel a sum over all pixels of all images.

use rayon::prelude::*;

use super::pack::Packing;
use super::taps::{TAPS, correlate};
use super::{least_groups, taps, unit_of};
use crate::kernel::SimdLevel;
use crate::kernel::shape::{Shape, area};
use crate::kernel::simd::{Vector, at_every_level, copy_rows};

/// Pixels that are added in `f32` lanes before the sums go on in `f64`.
const RUN: usize = 8192;

/// Buffers of one task.
struct Scratch {
    packed: Vec<f32>,
    gradient: Vec<f32>,
}

/// `[channels, 1, kernel]`
pub(in crate::kernel) fn weight_gradient(
    level: SimdLevel,
    shape: &Shape,
    input: &[f32],
    output_gradient: &[f32],
) -> Vec<f32> {
    let planes = shape.batch * shape.channels[0];
    assert!(input.len() == planes * area(shape.input));
    assert!(output_gradient.len() == planes * area(shape.output));
    let packing = Packing::new(shape.window(), shape.output[0], shape.batch);
    let mut offsets = packing.offsets().to_vec();
    offsets.resize(taps(shape).next_multiple_of(TAPS), 0);
    // What no pixel lies under stays 0.
    let new =
        || Scratch { packed: packing.room(), gradient: vec![0.0; packing.sums(packing.images())] };
    let mut weights = vec![0.0; shape.channels[0] * taps(shape)];
    let least = least_groups(shape.batch * area(shape.output));
    let channels = weights.par_chunks_exact_mut(taps(shape)).enumerate().with_min_len(least);
    channels.for_each_init(new, |scratch, (channel, weights)| {
        // SAFETY: lengths that do not fit are refused.
        unsafe {
            let data = (input, output_gradient);
            sums(level, shape, channel, data, &packing, &offsets, scratch, weights);
        };
    });
    weights
}

at_every_level! {
    /// The gradients of one channel's weights.
    fn sums = sums_with(
        shape: &Shape,
        channel: usize,
        data: (&[f32], &[f32]),
        packing: &Packing,
        offsets: &[usize],
        scratch: &mut Scratch,
        weights: &mut [f32],
    );
}

#[inline(always)]
#[allow(clippy::too_many_arguments)]
unsafe fn sums_with<T: Vector>(
    shape: &Shape,
    channel: usize,
    (input, output_gradient): (&[f32], &[f32]),
    packing: &Packing,
    offsets: &[usize],
    scratch: &mut Scratch,
    weights: &mut [f32],
) {
    let (plane, size) = (area(shape.input), area(shape.output));
    let [rows, columns] = shape.output;
    // SAFETY: the functions called check what they are given.
    unsafe {
        let mut lanes = vec![T::splat(0.0); offsets.len()];
        let mut totals = vec![0.0_f64; offsets.len()];
        let Scratch { packed, gradient } = scratch;
        let mut since = 0;
        for group in 0..shape.batch.div_ceil(packing.images()) {
            let (_, images) = unit_of(shape, group * shape.channels[0], packing.images());
            let count = images.len();
            for (place, image) in images.enumerate() {
                let index = image * shape.channels[0] + channel;
                packing.pack::<T>(&input[index * plane..(index + 1) * plane], place, packed);
                let slopes = &output_gradient[index * size..(index + 1) * size];
                let to = &mut gradient[place * packing.plane()..];
                spread::<T>(slopes, [rows, columns], packing.pitch(), to);
            }
            if count < packing.images() {
                gradient[count * packing.plane()..].fill(0.0);
            }
            correlate(packed, offsets, &gradient[..packing.sums(count)], &mut lanes);
            since += count * size;
            if since >= RUN {
                take(&mut lanes, &mut totals);
                since = 0;
            }
        }
        take(&mut lanes, &mut totals);
        for (weight, total) in weights.iter_mut().zip(totals) {
            *weight = total as f32;
        }
    }
}

/// Adds what the lanes have summed to the totals.
///
/// # Safety
/// The processor must have `T`'s instructions.
#[inline(always)]
unsafe fn take<T: Vector>(lanes: &mut [T], totals: &mut [f64]) {
    for (lanes, total) in lanes.iter_mut().zip(totals) {
        // SAFETY: the caller's promise.
        unsafe {
            *total += f64::from(lanes.sum());
            *lanes = T::splat(0.0);
        }
    }
}

/// Puts the rows of a plane `pitch` apart; what lies between them is left as it is.
///
/// # Safety
/// The processor must have `T`'s instructions.
#[inline(always)]
unsafe fn spread<T: Vector>(
    plane: &[f32],
    [rows, columns]: [usize; 2],
    pitch: usize,
    packed: &mut [f32],
) {
    assert!(plane.len() == rows * columns && packed.len() >= (rows - 1) * pitch + columns);
    let (from, to) = (plane.as_ptr(), packed.as_mut_ptr());
    // SAFETY: the assertion covers the last row of both.
    unsafe { copy_rows::<T>(from, to, [rows, columns], [columns, pitch]) };
}
