//! The network: Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector" (2023).

use burn::module::{Module, Param};
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::{Device, Tensor, TensorData};
use keypoints_kernels::{After, conv2d_then_layer, double_add_relu, together};

use super::file::ConvWeights;
use super::weights::{UnitWeights, Weights};

/// Pixels of the picture between the cells of each of the three outputs.
pub(super) const STRIDES: [usize; 3] = [8, 16, 32];

/// A pointwise and a depthwise convolution.
#[derive(Module, Debug)]
struct Unit {
    pointwise: Conv2d,
    depthwise: Conv2d,
}

impl Unit {
    fn new(weights: UnitWeights, device: &Device) -> Self {
        Self {
            pointwise: conv(weights.pointwise, 1, device),
            depthwise: conv(weights.depthwise, 1, device),
        }
    }

    fn forward(&self, x: Tensor<4>, after: After) -> Tensor<4> {
        let x = conv2d_then_layer(&self.pointwise, x, After::Nothing);
        conv2d_then_layer(&self.depthwise, x, after)
    }
}

/// A square kernel of odd size, padded alike on all sides; depthwise if a channel reads one of several.
fn conv(weights: ConvWeights, stride: usize, device: &Device) -> Conv2d {
    let ConvWeights { dims, weight, bias } = weights;
    let [outputs, inputs, height, width] = dims;
    let groups = if inputs == 1 { outputs } else { 1 };
    let pad = height / 2;
    let mut conv = Conv2dConfig::new([inputs * groups, outputs], [height, width])
        .with_stride([stride; 2])
        .with_padding(PaddingConfig2d::Explicit(pad, pad, pad, pad))
        .with_groups(groups)
        .init(device);
    conv.weight = Param::from_data(TensorData::new(weight, dims), device);
    conv.bias = Some(Param::from_data(TensorData::new(bias, [outputs]), device));
    conv
}

/// YuNet of March 2023.
#[derive(Module, Debug)]
pub(super) struct Network {
    stem: Conv2d,
    first: Unit,
    stages: [[Unit; 2]; 5],
    laterals: [Unit; 3],
    heads: [Unit; 3],
}

impl Network {
    pub(super) fn new(weights: Weights, device: &Device) -> Self {
        let unit = |weights: UnitWeights| Unit::new(weights, device);
        Self {
            stem: conv(weights.stem, 2, device),
            first: unit(weights.first),
            stages: weights.stages.map(|stage| stage.map(unit)),
            laterals: weights.laterals.map(unit),
            heads: weights.heads.map(unit),
        }
    }

    /// Runs the network.
    ///
    /// # Shapes
    /// - `x`: `[1, 3, height, width]`, both multiples of 32; blue, green and red from 0 to 255
    /// - output: `[1, 16, height / stride, width / stride]` for each of [`STRIDES`]: log odds of the class and of an object, the box (4)
    ///   and the points (10)
    pub(super) fn forward(&self, x: Tensor<4>) -> [Tensor<4>; 3] {
        together(&x.clone(), || {
            let [second, third, fine, middle, coarse] = &self.stages;
            let x = conv2d_then_layer(&self.stem, x, After::Relu);
            let x = self.first.forward(x, After::ReluPool);
            let x = run(second, x, After::Relu);
            let x = run(third, x, After::ReluPool);
            let [fine, x] = run_and_halve(fine, x);
            let [middle, x] = run_and_halve(middle, x);
            let coarse = run(coarse, x, After::Relu);

            let [to_fine, to_middle, to_coarse] = &self.laterals;
            let coarse = to_coarse.forward(coarse, After::Relu);
            // Both summands come out of a ReLU, so the sum's changes nothing.
            let middle = double_add_relu(coarse.clone(), middle);
            let middle = to_middle.forward(middle, After::Relu);
            let fine = to_fine.forward(double_add_relu(middle.clone(), fine), After::Relu);

            let [of_fine, of_middle, of_coarse] = &self.heads;
            [
                of_fine.forward(fine, After::Nothing),
                of_middle.forward(middle, After::Nothing),
                of_coarse.forward(coarse, After::Nothing),
            ]
        })
    }
}

/// Two units with a ReLU between them.
fn run([first, second]: &[Unit; 2], x: Tensor<4>, after: After) -> Tensor<4> {
    second.forward(first.forward(x, After::Relu), after)
}

/// The same with a ReLU at the end, and the maximum of every 2×2 pixels of that.
fn run_and_halve([first, second]: &[Unit; 2], x: Tensor<4>) -> [Tensor<4>; 2] {
    let x = conv2d_then_layer(&second.pointwise, first.forward(x, After::Relu), After::Nothing);
    // Our kernels have a convolution with the maximum in it, but no maximum alone.
    [(x.clone(), After::Relu), (x, After::ReluPool)]
        .map(|(x, after)| conv2d_then_layer(&second.depthwise, x, after))
}

#[cfg(all(test, feature = "flex"))]
mod tests;
