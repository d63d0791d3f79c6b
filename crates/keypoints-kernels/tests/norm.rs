//! Batch norm and what follows it, halving and doubling: same numbers as Burn's own operations, forward and back.
#![cfg(feature = "flex")]

mod common;

use burn::module::Param;
use burn::nn::conv::Conv2dConfig;
use burn::nn::{BatchNorm, BatchNormConfig, PaddingConfig2d};
use burn::tensor::{Device, Distribution, Tensor, TensorData, Tolerance};
use common::random;
use keypoints_kernels::{
    After, NormLayer, conv_norm_layer, double_add_relu, halve, norm_layer, without_kernels,
};

fn tensor<const D: usize>(dims: [usize; D], seed: u64, device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(random(dims.iter().product(), seed), dims), device)
}

#[track_caller]
fn assert_same<const D: usize>(ours: &Tensor<D>, theirs: &Tensor<D>) {
    let (ours, theirs) = (ours.to_data(), theirs.to_data());
    ours.assert_approx_eq::<f32>(&theirs, Tolerance::rel_abs(1e-4, 1e-4));
}

fn layer(channels: usize, device: &Device) -> BatchNorm {
    let mut layer = BatchNormConfig::new(channels).init(device);
    // Signs of both kinds: a ReLU after a negative scale lets through what lies below the mean.
    layer.gamma = Param::from_tensor(tensor([channels], 20, device));
    layer.beta = Param::from_tensor(tensor([channels], 21, device));
    layer
}

const AFTER: [fn(&Tensor<4>) -> After; 7] = [
    |_| After::Nothing,
    |_| After::Relu,
    |_| After::Relu6,
    |_| After::Silu,
    |shortcut| After::Add(shortcut.clone()),
    |shortcut| After::AddRelu(shortcut.clone()),
    |_| After::ReluPool,
];

#[test]
fn output_gradients_and_statistics_are_those_of_burns_operations() {
    for device in [Device::flex().autodiff(), Device::flex().autodiff().gradient_checkpointing()] {
        for dims in [
            [2, 3, 4, 6],
            [3, 17, 6, 10],
            [1, 2, 34, 36],
            [5, 4, 1, 1],
            [2, 3, 5, 7],
            [9, 2, 3, 3],
            [2, 2, 80, 81],
        ] {
            for after in AFTER {
                let run = || {
                    let x = tensor(dims, 1, &device).require_grad();
                    let shortcut = tensor(dims, 2, &device).require_grad();
                    let layer = layer(dims[1], &device);
                    // Norms that count as PyTorch does, for a part of the cases.
                    let norm = match dims[0] {
                        2 => NormLayer::unbiased(&layer),
                        _ => (&layer).into(),
                    };
                    let features = x.clone().exp();
                    // The shortcut is used twice: its gradient is a sum.
                    let output = norm_layer(norm, features, after(&shortcut))
                        + shortcut.clone().sum().reshape([1, 1, 1, 1]);
                    let upstream = tensor(output.dims(), 3, &device);
                    let gradients = (output.clone() * upstream).sum().backward();
                    let small = [
                        layer.gamma.val().grad(&gradients).unwrap(),
                        layer.beta.val().grad(&gradients).unwrap(),
                        layer.running_mean.value_sync().inner(),
                        layer.running_var.value_sync().inner(),
                    ];
                    let large = [x.grad(&gradients).unwrap(), shortcut.grad(&gradients).unwrap()];
                    (output, large, small)
                };
                if dims[2] == 1 && matches!(after(&tensor(dims, 1, &device)), After::ReluPool) {
                    continue;
                }
                let (ours, theirs) = (run(), without_kernels(run));
                assert_same(&ours.0, &theirs.0);
                let pools = matches!(after(&tensor(dims, 1, &device)), After::ReluPool);
                if dims[2] == 80 && !pools {
                    // Or the kernels were not taken: other code rounds otherwise.
                    assert_ne!(ours.1[0].to_data(), theirs.1[0].to_data());
                }
                for (ours, theirs) in ours.1.iter().zip(&theirs.1) {
                    assert_same(ours, theirs);
                }
                for (ours, theirs) in ours.2.iter().zip(&theirs.2) {
                    assert_same(ours, theirs);
                }
            }
        }
    }
}

/// Central differences in `f32` of a smooth part of the function: no value near the ReLU's corner moves over it.
#[test]
fn gradients_are_difference_quotients() {
    let device = Device::flex().autodiff();
    let dims = [2, 2, 4, 4];
    for after in AFTER {
        let layer = layer(2, &device);
        let shortcut = tensor(dims, 2, &device);
        let loss = |x: Tensor<4>| {
            let output = norm_layer(&layer, x, after(&shortcut));
            let upstream = tensor(output.dims(), 3, &device);
            (output * upstream).sum()
        };
        let values = random(64, 1);
        let at = |values: &[f32]| {
            Tensor::<4>::from_data(TensorData::new(values.to_vec(), dims), &device)
        };
        let x = at(&values).require_grad();
        let gradient = x.grad(&loss(x.clone()).backward()).unwrap();
        let gradient = gradient.into_data().try_to_vec::<f32>().unwrap();
        let mut close = 0;
        for (index, expected) in gradient.iter().enumerate() {
            let nudged = |by: f32| {
                let mut values = values.clone();
                values[index] += by;
                f64::from(loss(at(&values)).into_scalar::<f32>())
            };
            let found = (nudged(1e-2) - nudged(-1e-2)) / 2e-2;
            close += usize::from((found - f64::from(*expected)).abs() < 1e-2);
        }
        // A few pixels lie so near a corner that the quotient straddles it.
        assert!(close >= 58, "{close} of 64 for {:?}", after(&shortcut));
    }
}

#[test]
fn a_norm_that_has_learned_is_part_of_its_convolution() {
    let device = Device::flex();
    for [channels_in, channels_out, kernel, side, groups] in
        [[3, 5, 3, 8, 1], [16, 32, 3, 10, 1], [4, 6, 1, 6, 1], [7, 7, 5, 6, 7]]
    {
        for bias in [true, false] {
            for after in AFTER {
                let pad = kernel / 2;
                let conv = Conv2dConfig::new([channels_in, channels_out], [kernel; 2])
                    .with_padding(PaddingConfig2d::Explicit(pad, pad, pad, pad))
                    .with_groups(groups)
                    .with_bias(bias)
                    .init(&device);
                let norm = layer(channels_out, &device);
                norm.running_mean.update(tensor([channels_out], 5, &device));
                norm.running_var.update(tensor([channels_out], 6, &device).powi_scalar(2) + 0.1);
                // Until then they count for the thread that updated them, not for who asks.
                norm.running_mean.value_sync();
                norm.running_var.value_sync();
                let x = tensor([3, channels_in, side, side], 1, &device);
                let shortcut = tensor([3, channels_out, side, side], 2, &device);
                let run = || conv_norm_layer(&conv, &norm, x.clone(), after(&shortcut));
                let (ours, theirs) = (run(), without_kernels(run));
                // Or the kernels were not taken: other code rounds otherwise.
                assert!(side < 10 || ours.to_data() != theirs.to_data());
                assert_same(&ours, &theirs);
            }
        }
    }
}

#[test]
fn maps_are_halved_and_doubled_as_burn_does() {
    let device = Device::flex().autodiff();
    for dims in [[2, 3, 4, 6], [1, 1, 2, 2], [3, 5, 34, 40], [2, 2, 5, 7]] {
        let [batch, channels, height, width] = dims;
        let run = || {
            let x = tensor(dims, 1, &device).require_grad();
            let output = halve(x.clone());
            let upstream = tensor(output.dims(), 2, &device);
            let gradients = (output.clone() * upstream).sum().backward();
            (output, x.grad(&gradients).unwrap())
        };
        let (ours, theirs) = (run(), without_kernels(run));
        assert_same(&ours.0, &theirs.0);
        assert_same(&ours.1, &theirs.1);
        if height % 2 + width % 2 > 0 {
            continue;
        }
        let run = || {
            let coarse =
                tensor([batch, channels, height / 2, width / 2], 3, &device).require_grad();
            let fine = tensor(dims, 4, &device).require_grad();
            let output = double_add_relu(coarse.clone(), fine.clone());
            let gradients = (output.clone() * tensor(dims, 5, &device)).sum().backward();
            (output, coarse.grad(&gradients).unwrap(), fine.grad(&gradients).unwrap())
        };
        let (ours, theirs) = (run(), without_kernels(run));
        assert_same(&ours.0, &theirs.0);
        assert_same(&ours.1, &theirs.1);
        assert_same(&ours.2, &theirs.2);
    }
}

/// A gradient that others hold too must not be written to.
#[test]
fn a_shared_gradient_stays_as_it_is() {
    let device = Device::flex().autodiff();
    let x = Tensor::<4>::random([2, 4, 6, 6], Distribution::Default, &device).require_grad();
    let layer = layer(4, &device);
    let run = || {
        let side = x.clone() * 2.0;
        // Both summands get the same gradient tensor.
        let sum = norm_layer(&layer, x.clone(), After::Relu) + side;
        let upstream = tensor([2, 4, 6, 6], 3, &device);
        x.grad(&(sum * upstream).sum().backward()).unwrap()
    };
    assert_same(&run(), &without_kernels(run));
}
