//! Squeeze-and-excitation: means of maps, two small layers, a factor for every map.

use std::sync::Arc;

use burn::backend::flex::FlexTensor;

use super::{checked, contiguous, dims, owned, tensor, values};
use crate::SimdLevel;
use crate::kernel::activation::Activation;
use crate::kernel::epilogue::Epilogue;
use crate::kernel::{Convolution, KernelError, gate};

/// Maps, then weight and bias of the layer that narrows and of the one that widens.
pub(super) type SqueezeInputs = [FlexTensor; 5];

/// What the backward pass needs beside maps and weights.
#[derive(Clone, Debug)]
pub(crate) struct SqueezePast {
    /// `[batch, channels]`
    means: Arc<Vec<f32>>,
    /// What goes into the SiLU, `[batch, squeezed]`.
    inner: Arc<Vec<f32>>,
    /// `[batch, channels]`
    gates: Arc<Vec<f32>>,
}

/// The two layers, as 1×1 convolutions of single pixels.
fn layers(x: [usize; 4], narrow: [usize; 4]) -> Result<[Convolution; 2], KernelError> {
    let ([batch, channels, _, _], [squeezed, ..]) = (x, narrow);
    Ok([
        Convolution::new([batch, channels, 1, 1], squeezed, [1, 1])?,
        Convolution::new([batch, squeezed, 1, 1], channels, [1, 1])?,
    ])
}

/// The gated maps.
pub(crate) fn squeeze(inputs: SqueezeInputs) -> (FlexTensor, SqueezePast) {
    let inputs = inputs.map(contiguous);
    let shape @ [_, _, height, width] = dims(&inputs[0]);
    let [x, weight_1, bias_1, weight_2, bias_2] = inputs.each_ref().map(values);
    let [narrow, widen] = checked(layers(shape, dims(&inputs[1])));
    let plane = height * width;
    let means = gate::means(x, plane);
    let inner = checked(narrow.forward(&means, weight_1, Some(bias_1)));
    let hidden = silu(&inner);
    let epilogue = Epilogue { scale: None, shift: Some(bias_2), activation: Activation::Sigmoid };
    let gates = checked(widen.forward_with(&hidden, weight_2, epilogue));
    let output = tensor(gate::scale(x, &gates, plane), shape);
    let [means, inner, gates] = [means, inner, gates].map(Arc::new);
    (output, SqueezePast { means, inner, gates })
}

fn silu(inner: &[f32]) -> Vec<f32> {
    let mut hidden = inner.to_vec();
    Activation::Silu.apply(SimdLevel::best(), &mut hidden);
    hidden
}

/// The gradients of all [`SqueezeInputs`], from maps and the two weights.
pub(crate) fn squeeze_back(
    inputs: [FlexTensor; 3],
    past: &SqueezePast,
    gradient: FlexTensor,
) -> [FlexTensor; 5] {
    let inputs = inputs.map(contiguous);
    let [x_shape, shape_1, shape_2] = inputs.each_ref().map(dims);
    let [x, weight_1, weight_2] = inputs.each_ref().map(values);
    let plane = x_shape[2] * x_shape[3];
    let mut gradient = owned(gradient);
    let slopes: &mut [f32] = gradient.storage_mut();

    let mut outer = gate::dot_products(slopes, x, plane);
    for (slope, gate) in outer.iter_mut().zip(past.gates.iter()) {
        *slope *= gate * (1.0 - gate);
    }
    let hidden = silu(&past.inner);
    let small = || {
        let [narrow, widen] = layers(x_shape, shape_1)?;
        let of_weight_2 = widen.weight_gradient(&hidden, &outer)?;
        let of_bias_2 = widen.bias_gradient(&outer)?;
        let mut inner = widen.input_gradient(weight_2, &outer)?;
        Activation::Silu.back(SimdLevel::best(), &past.inner, &mut inner);
        let of_weight_1 = narrow.weight_gradient(&past.means, &inner)?;
        let of_bias_1 = narrow.bias_gradient(&inner)?;
        let of_means = narrow.input_gradient(weight_1, &inner)?;
        Ok((of_means, [of_weight_1, of_weight_2], [of_bias_1, of_bias_2]))
    };
    let (mut of_means, of_weights, of_biases) = checked(small());
    for slope in &mut of_means {
        *slope /= plane as f32;
    }
    gate::scale_and_shift(slopes, &past.gates, &of_means, plane);
    let ([of_weight_1, of_weight_2], [of_bias_1, of_bias_2]) = (of_weights, of_biases);
    [
        gradient,
        tensor(of_weight_1, shape_1),
        tensor(of_bias_1, [shape_1[0]]),
        tensor(of_weight_2, shape_2),
        tensor(of_bias_2, [shape_2[0]]),
    ]
}
