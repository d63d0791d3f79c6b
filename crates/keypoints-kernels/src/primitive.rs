//! Between Flex's tensors and slices.

use std::sync::Arc;

use burn::backend::flex::{FlexTensor, Layout};
use burn::tensor::{Bytes, DType, Shape};

use crate::kernel::adam::AdamStep;
use crate::kernel::muon::MuonStep;
use crate::kernel::norm::{Norm, Past, Then};
use crate::kernel::{Convolution, KernelError, maps};

mod activation;
mod folded;
mod gate;
mod heat_map;

pub(crate) use activation::{activate, activate_back};
pub(crate) use folded::{Folded, filter_and_then, filter_folded, multiply_rows};
pub(crate) use gate::{SqueezePast, squeeze, squeeze_back};
pub(crate) use heat_map::{divergences, divergences_back, means, means_back};

/// The convolution's output.
pub(crate) fn filter(
    convolution: &Convolution,
    x: FlexTensor,
    weight: FlexTensor,
    bias: Option<FlexTensor>,
    rectify: bool,
) -> FlexTensor {
    let [batch, ..] = dims(&x);
    let [channels_out, ..] = dims(&weight);
    let (x, weight, bias) = (contiguous(x), contiguous(weight), bias.map(contiguous));
    let output = convolution.output_size().and_then(|[height, width]| {
        let bias = bias.as_ref().map(values);
        let (x, weight) = (values(&x), values(&weight));
        let output = match rectify {
            true => convolution.forward_relu(x, weight, bias),
            false => convolution.forward(x, weight, bias),
        }?;
        Ok(tensor(output, [batch, channels_out, height, width]))
    });
    checked(output)
}

/// The gradients of input, weight and bias, where `wanted` asks for them.
pub(crate) fn gradients(
    convolution: &Convolution,
    x: FlexTensor,
    weight: FlexTensor,
    output_gradient: FlexTensor,
    wanted: [bool; 3],
) -> [Option<FlexTensor>; 3] {
    let (x_dims, weight_dims) = (dims(&x), dims(&weight));
    let gradient = contiguous(output_gradient);
    let gradient = values(&gradient);
    let of_input = || {
        let weight = contiguous(weight);
        let values = checked(convolution.input_gradient(values(&weight), gradient));
        tensor(values, x_dims)
    };
    let of_weight = || {
        let x = contiguous(x);
        tensor(checked(convolution.weight_gradient(values(&x), gradient)), weight_dims)
    };
    let of_bias = || {
        let values = checked(convolution.bias_gradient(gradient));
        let len = values.len();
        tensor(values, [len])
    };
    [wanted[0].then(of_input), wanted[1].then(of_weight), wanted[2].then(of_bias)]
}

/// The gradient where the output of a ReLU is above 0, else 0.
pub(crate) fn masked(gradient: FlexTensor, output: &FlexTensor) -> FlexTensor {
    let mut gradient = owned(gradient);
    maps::mask(values(output), gradient.storage_mut());
    gradient
}

/// [`maps::halve`]
pub(crate) fn halve(x: FlexTensor) -> FlexTensor {
    let [batch, channels, height, width] = dims(&x);
    tensor(maps::halve(values(&contiguous(x)), width), [batch, channels, height / 2, width / 2])
}

/// [`maps::halve_back`]
pub(crate) fn halve_back(gradient: FlexTensor) -> FlexTensor {
    let [batch, channels, height, width] = dims(&gradient);
    let [height, width] = [2 * height, 2 * width];
    let wide = maps::halve_back(values(&contiguous(gradient)), width);
    tensor(wide, [batch, channels, height, width])
}

/// [`maps::double_add_and_rectify`]
pub(crate) fn double_add(coarse: FlexTensor, fine: FlexTensor) -> FlexTensor {
    let shape = dims(&fine);
    let (coarse, fine) = (contiguous(coarse), contiguous(fine));
    tensor(maps::double_add_and_rectify(values(&coarse), values(&fine), shape[3]), shape)
}

/// [`maps::double_back`] of a contiguous gradient.
pub(crate) fn double_back(gradient: &FlexTensor) -> FlexTensor {
    let [batch, channels, height, width] = dims(gradient);
    let coarse = maps::double_back(values(gradient), width);
    tensor(coarse, [batch, channels, height / 2, width / 2])
}

/// What a norm answers.
pub(crate) struct NormResult {
    pub output: FlexTensor,
    /// Which pixel of each cell was the largest, where the norm pools.
    pub chosen: Arc<Vec<u8>>,
    pub mean: FlexTensor,
    pub variance: FlexTensor,
}

/// What a norm's backward pass needs beside its inputs.
#[derive(Clone, Debug)]
pub(crate) struct NormPast {
    pub mean: FlexTensor,
    pub variance: FlexTensor,
    /// Where only the output says what the ReLU let through.
    pub output: Option<FlexTensor>,
    pub chosen: Arc<Vec<u8>>,
}

/// [`Norm::forward`]
pub(crate) fn normalise(
    norm: Norm,
    x: FlexTensor,
    gamma: FlexTensor,
    beta: FlexTensor,
    shortcut: Option<FlexTensor>,
) -> NormResult {
    let [x, gamma, beta] = [x, gamma, beta].map(contiguous);
    let shortcut = shortcut.map(contiguous);
    let shortcut = shortcut.as_ref().map(values);
    let result = norm.forward(values(&x), values(&gamma), values(&beta), shortcut);
    let size = if norm.then == Then::ReluPool { 2 } else { 1 };
    let shape = [norm.batch, norm.channels, norm.height / size, norm.width / size];
    NormResult {
        output: tensor(result.output, shape),
        chosen: Arc::new(result.chosen),
        mean: tensor(result.mean, [norm.channels]),
        variance: tensor(result.variance, [norm.channels]),
    }
}

/// The gradients of input, gamma, beta and shortcut, the last where it is wanted.
pub(crate) fn normalise_back(
    norm: Norm,
    [x, gamma, beta]: [FlexTensor; 3],
    past: NormPast,
    gradient: FlexTensor,
    shortcut: bool,
) -> [Option<FlexTensor>; 4] {
    let [x, gamma, beta] = [x, gamma, beta].map(contiguous);
    let shape = dims(&x);
    let mut gradient = owned(gradient);
    let in_place = !shortcut && norm.then != Then::ReluPool;
    let past = Past {
        input: values(&x),
        gamma: values(&gamma),
        beta: values(&beta),
        mean: values(&past.mean),
        variance: values(&past.variance),
        output: past.output.as_ref().map(values),
        chosen: &past.chosen,
    };
    let [of_x, of_gamma, of_beta] = norm.backward(past, gradient.storage_mut(), in_place);
    let small = |values: Vec<f32>| Some(tensor(values, [norm.channels]));
    let (of_x, of_shortcut) = match in_place {
        true => (gradient, None),
        false => (tensor(of_x, shape), shortcut.then_some(gradient)),
    };
    [Some(of_x), small(of_gamma), small(of_beta), of_shortcut]
}

/// [`AdamStep::apply`]: parameter and both moments after the step.
pub(crate) fn update(
    parameter: FlexTensor,
    gradient: FlexTensor,
    moment_1: FlexTensor,
    moment_2: FlexTensor,
    step: AdamStep,
) -> (FlexTensor, FlexTensor, FlexTensor) {
    let [mut parameter, mut moment_1, mut moment_2] = [parameter, moment_1, moment_2].map(owned);
    let gradient = contiguous(gradient);
    let moments = [moment_1.storage_mut(), moment_2.storage_mut()];
    step.apply(parameter.storage_mut(), values(&gradient), moments);
    (parameter, moment_1, moment_2)
}

/// [`MuonStep::apply`]: parameter and velocity after the step, a row per value of the first axis.
pub(crate) fn update_matrix(
    parameter: FlexTensor,
    gradient: FlexTensor,
    velocity: FlexTensor,
    step: MuonStep,
) -> (FlexTensor, FlexTensor) {
    let rows = parameter.layout().shape().first().copied().unwrap_or(1);
    let [mut parameter, mut gradient, mut velocity] = [parameter, gradient, velocity].map(owned);
    step.apply(parameter.storage_mut(), gradient.storage_mut(), velocity.storage_mut(), rows);
    (parameter, velocity)
}

/// A contiguous tensor that is all of its storage, so that it may be written to: Flex copies first what others
/// hold too.
fn owned(tensor: FlexTensor) -> FlexTensor {
    let tensor = contiguous(tensor);
    let whole = tensor.storage::<f32>().len();
    if values(&tensor).len() == whole {
        return tensor;
    }
    let shape = tensor.layout().shape().clone();
    let values = values(&tensor).to_vec();
    FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(shape), DType::F32)
}

fn dims(tensor: &FlexTensor) -> [usize; 4] {
    let shape = tensor.layout().shape();
    [shape[0], shape[1], shape[2], shape[3]]
}

fn contiguous(tensor: FlexTensor) -> FlexTensor {
    if tensor.is_contiguous() { tensor } else { tensor.to_contiguous() }
}

/// The values of a contiguous `f32` tensor.
fn values(tensor: &FlexTensor) -> &[f32] {
    // The public functions have asked for both.
    tensor.as_slice().unwrap_or_else(|| panic!("a contiguous f32 tensor expected"))
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(Shape::from(shape)), DType::F32)
}

/// As in Burn's own operations, sizes that do not fit are a bug in the caller: the public function has
/// compared them before.
fn checked<T>(result: Result<T, KernelError>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}
