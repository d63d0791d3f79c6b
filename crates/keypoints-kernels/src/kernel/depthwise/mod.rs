//! Depthwise convolutions: every channel has one kernel of its own.
//!
//! A plane is packed with its padding, so that a tap is an offset into it and registers run across row ends (see
//! [`Window`](super::window::Window)) and from one image's plane to the next's; surplus columns are computed and dropped. The margins of packed
//! planes are cleared once a task, not once a plane.

mod gradient;
mod input;
mod pack;
mod taps;

use std::ops::Range;

use rayon::prelude::*;

use super::SimdLevel;
use super::epilogue::Epilogue;
use super::shape::{Shape, area};
use super::simd::{Vector, at_every_level};
use super::space::{Shared, Space};
pub(super) use gradient::weight_gradient;
pub(super) use input::input_gradient;
use pack::{Packing, unpack};
use taps::convolve;

/// Taps of a channel.
fn taps(shape: &Shape) -> usize {
    area(shape.kernel)
}

/// Channel and images of a unit of work, at most so many images.
fn unit_of(shape: &Shape, unit: usize, most: usize) -> (usize, Range<usize>) {
    let [channels, _] = shape.channels;
    let first = unit / channels * most;
    (unit % channels, first..shape.batch.min(first + most))
}

/// `[batch, channels, output]`
pub(super) fn forward(
    level: SimdLevel,
    shape: &Shape,
    input: &[f32],
    weight: &[f32],
    epilogue: Epilogue<'_>,
) -> Vec<f32> {
    let planes = shape.batch * shape.channels[0];
    assert!(input.len() == planes * area(shape.input));
    assert!(weight.len() == shape.channels[0] * taps(shape));
    let mut output = Space::new(planes * area(shape.output));
    let to = output.share();
    let packing = Packing::new(shape.window(), shape.output[0], shape.batch);
    let new =
        || Scratch { packed: packing.room(), sums: vec![0.0; packing.sums(packing.images())] };
    let groups = shape.batch.div_ceil(packing.images());
    let least = least_groups(packing.images() * area(shape.output));
    let units = (0..groups * shape.channels[0]).into_par_iter().with_min_len(least);
    units.for_each_init(new, |scratch, unit| {
        // SAFETY: these planes are this task's alone.
        unsafe { planes_of(level, shape, unit, input, weight, epilogue, &packing, scratch, to) };
    });
    // SAFETY: every plane has been written.
    unsafe { output.filled() }
}

/// Groups of planes a task, so that it is worth its beginning.
fn least_groups(values: usize) -> usize {
    (8192 / values.max(1)).max(1)
}

/// Buffers of one task.
struct Scratch {
    packed: Vec<f32>,
    sums: Vec<f32>,
}

at_every_level! {
    /// A channel's output planes of a few images.
    fn planes_of = planes_with(
        shape: &Shape,
        unit: usize,
        input: &[f32],
        weight: &[f32],
        epilogue: Epilogue<'_>,
        packing: &Packing,
        scratch: &mut Scratch,
        to: Shared<'_>,
    );
}

#[inline(always)]
#[allow(clippy::too_many_arguments)]
unsafe fn planes_with<T: Vector>(
    shape: &Shape,
    unit: usize,
    input: &[f32],
    weight: &[f32],
    epilogue: Epilogue<'_>,
    packing: &Packing,
    scratch: &mut Scratch,
    to: Shared<'_>,
) {
    let Scratch { packed, sums } = scratch;
    let (plane, size) = (area(shape.input), area(shape.output));
    let (channel, images) = unit_of(shape, unit, packing.images());
    let weights = &weight[channel * taps(shape)..(channel + 1) * taps(shape)];
    let sums = &mut sums[..packing.sums(images.len())];
    // SAFETY: the planes lie within the output and are the caller's.
    unsafe {
        for (place, image) in images.clone().enumerate() {
            let index = image * shape.channels[0] + channel;
            packing.pack::<T>(&input[index * plane..(index + 1) * plane], place, packed);
        }
        convolve::<T>(packed, packing.offsets(), weights, epilogue, channel, sums);
        for (place, image) in images.enumerate() {
            let to = to.at((image * shape.channels[0] + channel) * size, size);
            unpack::<T>(&sums[place * packing.plane()..], packing.pitch(), shape.output, to);
        }
    }
}
