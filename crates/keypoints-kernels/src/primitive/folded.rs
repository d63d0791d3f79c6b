//! Layers of networks that have learned, with what comes behind them.

use burn::backend::flex::FlexTensor;

use super::{checked, contiguous, dims, tensor, values};
use crate::kernel::epilogue::Epilogue;
use crate::kernel::linear::linear;
use crate::kernel::norm::{Then, pool};
use crate::kernel::{Convolution, maps};

/// The batch norm that is folded into a convolution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Folded {
    /// Added to the variance.
    pub epsilon: f64,
    /// Whether the convolution's own bias stands behind gamma, beta, mean and variance.
    pub bias: bool,
}

impl Folded {
    /// What norm and bias do to each channel's sums: a factor and a summand.
    fn affine(self, statistics: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let channels = statistics.len() / if self.bias { 5 } else { 4 };
        let of = |number: usize, channel| f64::from(statistics[number * channels + channel]);
        (0..channels)
            .map(|channel| {
                let scale = of(0, channel) / (of(3, channel) + self.epsilon).sqrt();
                let bias = if self.bias { of(4, channel) } else { 0.0 };
                (scale as f32, (of(1, channel) + (bias - of(2, channel)) * scale) as f32)
            })
            .unzip()
    }
}

/// A few rows times a matrix.
pub(crate) fn multiply_rows(x: FlexTensor, weight: FlexTensor) -> FlexTensor {
    let [x, weight] = [x, weight].map(contiguous);
    let (rows, outputs) = (x.layout().shape()[0], weight.layout().shape()[1]);
    tensor(linear(values(&x), values(&weight), rows), [rows, outputs])
}

/// Convolution, an [`Epilogue`], and the maximum of every 2×2 pixels where `then` asks for it.
fn filter_finished(
    convolution: &Convolution,
    x: FlexTensor,
    weight: FlexTensor,
    epilogue: Epilogue<'_>,
    then: Then,
) -> FlexTensor {
    let [batch, ..] = dims(&x);
    let [channels, ..] = dims(&weight);
    let [x, weight] = [x, weight].map(contiguous);
    let output = convolution.output_size().and_then(|[height, width]| {
        let output = convolution.forward_with(values(&x), values(&weight), epilogue)?;
        Ok(match then {
            Then::ReluPool => {
                tensor(pool(&output, width), [batch, channels, height / 2, width / 2])
            }
            _ => tensor(output, [batch, channels, height, width]),
        })
    });
    checked(output)
}

/// Convolution with bias and what comes behind.
pub(crate) fn filter_and_then(
    convolution: &Convolution,
    x: FlexTensor,
    weight: FlexTensor,
    bias: FlexTensor,
    then: Then,
) -> FlexTensor {
    let bias = contiguous(bias);
    let epilogue =
        Epilogue { scale: None, shift: Some(values(&bias)), activation: then.activation() };
    filter_finished(convolution, x, weight, epilogue, then)
}

/// Convolution and norm in one, sum with a shortcut where there is one (then a ReLU or nothing), and what comes behind.
pub(crate) fn filter_folded(
    convolution: &Convolution,
    [x, weight, statistics]: [FlexTensor; 3],
    shortcut: Option<FlexTensor>,
    folded: Folded,
    then: Then,
) -> FlexTensor {
    let (scale, shift) = folded.affine(values(&contiguous(statistics)));
    let before = if shortcut.is_some() { Then::Nothing } else { then };
    let activation = before.activation();
    let epilogue = Epilogue { scale: Some(&scale), shift: Some(&shift), activation };
    let mut output = filter_finished(convolution, x, weight, epilogue, before);
    if let Some(shortcut) = shortcut.map(contiguous) {
        match then {
            Then::Nothing => maps::add(output.storage_mut(), values(&shortcut)),
            _ => maps::add_and_rectify(output.storage_mut(), values(&shortcut)),
        }
    }
    output
}
