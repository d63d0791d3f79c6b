//! The three passes, on slices of the right lengths.

use super::super::reach::Reach;
use super::Bf16Level;
use super::correlate::{Batch, Part, correlate};
use super::gradient;
use super::layout::Window;
use super::pages::room;
use super::shape::{Shape, area, grid};
use super::store::Lattice;

/// The output, `[batch, channels_out, output height, output width]`.
pub(crate) fn forward(
    level: Bf16Level,
    shape: &Shape,
    input: &[f32],
    weight: &[f32],
    bias: Option<&[f32]>,
) -> Vec<f32> {
    let [channels, outputs] = shape.channels;
    let lattice = Lattice { count: shape.output, first: [0, 0], step: [1, 1] };
    let at = |output, channel, tap| weight[shape.weight_at(output, channel, tap)];
    let part = Part::new([outputs, channels], shape.window(), lattice, shape.output[1], at);
    let len = shape.batch * outputs * area(shape.output);
    let mut destination = room(len);
    let batch = Batch {
        source: input,
        source_len: channels * area(shape.input),
        destination: &mut destination.spare_capacity_mut()[..len],
        outputs,
        plane: shape.output,
        bias,
    };
    correlate(level, &[part], batch);
    // SAFETY: `correlate` has written all of it.
    unsafe { destination.set_len(len) };
    destination
}

/// The loss's gradient with respect to the input. Input pixels fall into `stride × stride` lattices; each
/// is a convolution of the output gradient with the taps that can reach it, turned by 180°.
pub(crate) fn input_gradient(
    level: Bf16Level,
    shape: &Shape,
    weight: &[f32],
    output_gradient: &[f32],
) -> Vec<f32> {
    let [channels, outputs] = shape.channels;
    let mut parts = Vec::new();
    // Taps come no further than the kernel.
    for phase in grid([0, 1].map(|axis| shape.stride[axis].min(shape.kernel[axis]))) {
        let (Some(rows), Some(columns)) = (shape.reach(0, phase[0]), shape.reach(1, phase[1]))
        else {
            continue;
        };
        let window = Window {
            source: shape.output,
            first: [rows.source, columns.source],
            stride: [1, 1],
            taps: [rows.taps, columns.taps],
            columns: columns.count,
        };
        let lattice = Lattice {
            count: [rows.count, columns.count],
            first: [rows.first, columns.first],
            step: shape.stride,
        };
        let at = |channel, output, tap: [usize; 2]| {
            let turned = [0, 1]
                .map(|axis| (window.taps[axis] - 1 - tap[axis]) * shape.stride[axis] + phase[axis]);
            weight[shape.weight_at(output, channel, turned)]
        };
        parts.push(Part::new([channels, outputs], window, lattice, shape.input[1], at));
    }
    let len = shape.batch * channels * area(shape.input);
    let mut destination = room(len);
    let batch = Batch {
        source: output_gradient,
        source_len: outputs * area(shape.output),
        destination: &mut destination.spare_capacity_mut()[..len],
        outputs: channels,
        plane: shape.input,
        bias: None,
    };
    correlate(level, &parts, batch);
    // SAFETY: `correlate` has written all of it.
    unsafe { destination.set_len(len) };
    destination
}

/// The loss's gradient with respect to the weight.
pub(crate) fn weight_gradient(
    level: Bf16Level,
    shape: &Shape,
    input: &[f32],
    output_gradient: &[f32],
) -> Vec<f32> {
    gradient::compute(level, shape, input, output_gradient)
}

impl Shape {
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

    /// The input rows (or columns) that taps `phase, phase + stride, …` reach.
    fn reach(&self, axis: usize, phase: usize) -> Option<Reach> {
        let (kernel, stride) = (self.kernel[axis], self.stride[axis]);
        Reach::new(kernel, stride, self.padding[axis], self.input[axis], phase)
    }
}
