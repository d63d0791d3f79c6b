//! Batch norm with PyTorch's running variance.

use burn::nn::BatchNorm;
use burn::tensor::Tensor;
use burn::tensor::module::batch_norm_train;

/// What [`BatchNorm::forward`] computes, except that in training the running variance takes in the *unbiased* variance of
/// the batch, as PyTorch's does; Burn 0.22 takes the biased one. The output is the same.
///
/// The difference is a factor of `n / (n − 1)`, where `n` counts the values of a channel in the batch: a tenth where a
/// network has come down to 3×3 maps and is fine-tuned one face at a time.
///
/// # Shapes
/// - `x` and output: `[batch, channels, height, width]`
pub(crate) fn batch_norm(layer: &BatchNorm, x: Tensor<4>) -> Tensor<4> {
    let device = x.device();
    if !device.is_autodiff() || !layer.training.is_enabled() {
        return layer.forward(x);
    }
    let [batch, _, height, width] = x.dims();
    let count = (batch * height * width) as f64;
    let unbiased = count / (count - 1.0).max(1.0);
    let result = batch_norm_train(x, layer.gamma.val(), layer.beta.val(), layer.epsilon);

    let blend = |old: Tensor<1>, new: Tensor<1>| {
        (old.to_device(&device) * (1.0 - layer.momentum) + new.detach() * layer.momentum).detach()
    };
    layer.running_mean.update(blend(layer.running_mean.value_sync(), result.mean));
    let variance = result.variance * unbiased;
    layer.running_var.update(blend(layer.running_var.value_sync(), variance));
    result.output
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::module::Module;
    use burn::nn::BatchNormConfig;
    use burn::tensor::{Device, TensorData, Tolerance};

    #[test]
    fn running_statistics_are_pytorchs() {
        let device = Device::flex().autodiff();
        let layer = BatchNormConfig::new(1).init(&device);
        let data = TensorData::new(vec![1.0_f32, 2.0, 3.0, 6.0], [1, 1, 2, 2]);
        let x = Tensor::<4>::from_data(data, &device);
        let output = batch_norm(&layer, x.clone());
        let burns = BatchNormConfig::new(1).init(&device).forward(x);
        assert_eq!(output.into_data(), burns.into_data());
        // Mean 3, sum of squares 14: BatchNorm2d(1) of PyTorch then holds .9 · 0 + .1 · 3 and .9 · 1 + .1 · 14 / 3.
        let plain = layer.valid();
        let near = |tensor: Tensor<1>, expected: f32| {
            let expected = TensorData::from([expected]);
            tensor.into_data().assert_approx_eq::<f32>(&expected, Tolerance::absolute(1e-6));
        };
        near(plain.running_mean.value(), 0.3);
        near(plain.running_var.value(), 0.9 + 1.4 / 3.0);
    }
}
