//! What both networks do.

use burn::nn::conv::Conv2d;
use burn::tensor::Tensor;
use keypoints_kernels::{After, conv2d_layer, together};
use keypoints_models::layers::ConvNorm;

/// Runs layers one after the other, each with a ReLU, and a convolution on what the last one gives.
pub(super) fn pass(layers: &[ConvNorm], head: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    together(&x.clone(), || {
        let maps = layers.iter().fold(x, |x, layer| layer.forward(x, After::Relu));
        conv2d_layer(head, maps)
    })
}
