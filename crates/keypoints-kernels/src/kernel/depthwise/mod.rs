//! Depthwise convolutions: every channel has one kernel of its own.
//!
//! A plane is packed with its padding, so that a tap is an offset into it and registers run across row ends (see
//! [`Window`]) and from one image's plane to the next's; surplus columns are computed and dropped. The margins of packed
//! planes are cleared once a task, not once a plane.

mod gradient;
mod input;
mod pack;
mod taps;

use std::ops::Range;

use rayon::prelude::*;

use super::SimdLevel;
use super::epilogue::Epilogue;
use super::simd::{Vector, at_every_level};
use super::space::{Shared, Space};
use super::window::Window;
use pack::{Packing, unpack};
use taps::convolve;

/// Sizes of a depthwise convolution.
#[derive(Clone, Copy, Debug)]
pub(super) struct Depthwise {
    pub(super) batch: usize,
    pub(super) channels: usize,
    /// Height and width of an input plane.
    pub(super) input: [usize; 2],
    /// Height and width of an output plane.
    pub(super) output: [usize; 2],
    pub(super) kernel: [usize; 2],
    pub(super) stride: [usize; 2],
    /// Rows above and columns left of the input.
    pub(super) before: [usize; 2],
}

impl Depthwise {
    fn input_plane(&self) -> usize {
        self.input[0] * self.input[1]
    }

    fn output_plane(&self) -> usize {
        self.output[0] * self.output[1]
    }

    fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }

    /// Channel and images of a unit of work, at most so many images.
    fn unit(&self, unit: usize, most: usize) -> (usize, Range<usize>) {
        let first = unit / self.channels * most;
        (unit % self.channels, first..self.batch.min(first + most))
    }

    /// How output pixels map to input pixels.
    fn window(&self) -> Window {
        Window {
            source: self.input,
            first: self.before.map(|before| -(before as isize)),
            stride: self.stride,
            taps: self.kernel,
            columns: self.output[1],
        }
    }

    /// `[batch, channels, output]`
    pub(super) fn forward(
        &self,
        level: SimdLevel,
        input: &[f32],
        weight: &[f32],
        epilogue: Epilogue<'_>,
    ) -> Vec<f32> {
        let planes = self.batch * self.channels;
        assert!(input.len() == planes * self.input_plane());
        assert!(weight.len() == self.channels * self.taps());
        let mut output = Space::new(planes * self.output_plane());
        let to = output.share();
        let packing = Packing::new(self.window(), self.output[0], self.batch);
        let new =
            || Scratch { packed: packing.room(), sums: vec![0.0; packing.sums(packing.images())] };
        let groups = self.batch.div_ceil(packing.images());
        let least = least_groups(packing.images() * self.output_plane());
        let units = (0..groups * self.channels).into_par_iter().with_min_len(least);
        units.for_each_init(new, |scratch, unit| {
            // SAFETY: these planes are this task's alone.
            unsafe {
                planes_of(level, *self, unit, input, weight, epilogue, &packing, scratch, to)
            };
        });
        // SAFETY: every plane has been written.
        unsafe { output.filled() }
    }
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
        sizes: Depthwise,
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
    sizes: Depthwise,
    unit: usize,
    input: &[f32],
    weight: &[f32],
    epilogue: Epilogue<'_>,
    packing: &Packing,
    scratch: &mut Scratch,
    to: Shared<'_>,
) {
    let Scratch { packed, sums } = scratch;
    let (plane, size) = (sizes.input_plane(), sizes.output_plane());
    let (channel, images) = sizes.unit(unit, packing.images());
    let weights = &weight[channel * sizes.taps()..(channel + 1) * sizes.taps()];
    let sums = &mut sums[..packing.sums(images.len())];
    // SAFETY: the planes lie within the output and are the caller's.
    unsafe {
        for (place, image) in images.clone().enumerate() {
            let index = image * sizes.channels + channel;
            packing.pack::<T>(&input[index * plane..(index + 1) * plane], place, packed);
        }
        convolve::<T>(packed, packing.offsets(), weights, epilogue, channel, sums);
        for (place, image) in images.enumerate() {
            let to = to.at((image * sizes.channels + channel) * size, size);
            unpack::<T>(&sums[place * packing.plane()..], packing.pitch(), sizes.output, to);
        }
    }
}
