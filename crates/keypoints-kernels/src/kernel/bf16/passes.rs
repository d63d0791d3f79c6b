//! Forward pass and input gradient, on slices of the right lengths.

use super::Bf16Level;
use super::correlate::{Batch, Part, correlate};
use crate::kernel::correlate::Lattice;
use crate::kernel::shape::{Shape, Turned};

/// The output, `[batch, channels_out, output height, output width]`.
pub(crate) fn forward(
    level: Bf16Level,
    shape: &Shape,
    input: &[f32],
    weight: &[f32],
    bias: Option<&[f32]>,
) -> Vec<f32> {
    let ([channels, outputs], plane) = (shape.channels, shape.output);
    let at = |output, channel, tap| weight[shape.weight_at(output, channel, tap)];
    let part = Part::new([outputs, channels], shape.window(), Lattice::whole(plane), plane[1], at);
    let batch = Batch { source: input, images: shape.batch, outputs, plane, bias };
    correlate(level, &[part], batch)
}

/// The loss's gradient with respect to the input, lattice by lattice.
pub(crate) fn input_gradient(
    level: Bf16Level,
    shape: &Shape,
    weight: &[f32],
    output_gradient: &[f32],
) -> Vec<f32> {
    let ([channels, outputs], plane) = (shape.channels, shape.input);
    let part = |turned: Turned| {
        let at = |channel, output, tap| weight[shape.weight_at(output, channel, turned.tap(tap))];
        Part::new([channels, outputs], turned.window, turned.lattice, plane[1], at)
    };
    let parts: Vec<_> = shape.lattices().map(part).collect();
    let batch = Batch {
        source: output_gradient,
        images: shape.batch,
        outputs: channels,
        plane,
        bias: None,
    };
    correlate(level, &parts, batch)
}
