//! Between Flex's tensors and slices.

use burn::backend::flex::{FlexTensor, Layout};
use burn::tensor::{Bytes, DType, Shape};

use crate::kernel::{Convolution, KernelError};

/// The convolution's output.
pub(crate) fn filter(
    convolution: &Convolution,
    x: FlexTensor,
    weight: FlexTensor,
    bias: Option<FlexTensor>,
) -> FlexTensor {
    let [batch, ..] = dims(&x);
    let [channels_out, ..] = dims(&weight);
    let (x, weight, bias) = (contiguous(x), contiguous(weight), bias.map(contiguous));
    let output = convolution.output_size().and_then(|[height, width]| {
        let bias = bias.as_ref().map(values);
        let output = convolution.forward(values(&x), values(&weight), bias)?;
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

fn dims(tensor: &FlexTensor) -> [usize; 4] {
    let shape = tensor.layout().shape();
    [shape[0], shape[1], shape[2], shape[3]]
}

fn contiguous(tensor: FlexTensor) -> FlexTensor {
    if tensor.is_contiguous() { tensor } else { tensor.to_contiguous() }
}

/// The values of a contiguous `f32` tensor.
fn values(tensor: &FlexTensor) -> &[f32] {
    // Nothing but such tensors gets here; an empty slice would be refused by its length.
    tensor.as_slice().unwrap_or_default()
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(Shape::from(shape)), DType::F32)
}

/// As in Burn's own operations, sizes that do not fit are a bug in the caller: the public function has
/// compared them before.
fn checked<T>(result: Result<T, KernelError>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}
