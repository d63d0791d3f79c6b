//! The operation in Burn: same numbers as Burn's own, gradients through the graph, fallbacks.
#![cfg(feature = "flex")]

mod common;

use burn::nn::PaddingConfig2d;
use burn::nn::conv::Conv2dConfig;
use burn::tensor::activation::{relu, silu};
use burn::tensor::ops::ConvOptions;
use burn::tensor::{DType, Device, Tensor, TensorData, Tolerance, module};
use common::{Case, random};
use keypoints_kernels::{
    After, Precision, conv2d, conv2d_layer, conv2d_relu, conv2d_relu_layer, conv2d_then_layer,
    is_accelerated, precision, with_precision,
};

fn options(case: &Case) -> ConvOptions<2> {
    let groups = if case.depthwise { case.input[1] } else { 1 };
    ConvOptions::new_with_padding(case.stride, case.padding, [1, 1], groups)
}

fn tensor<const D: usize>(dims: [usize; D], seed: u64, device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(random(dims.iter().product(), seed), dims), device)
}

#[track_caller]
fn assert_same<const D: usize>(ours: Tensor<D>, theirs: Tensor<D>) {
    ours.into_data().assert_approx_eq::<f32>(&theirs.into_data(), Tolerance::absolute(5e-4));
}

#[test]
fn output_and_gradients_are_those_of_burns_operation() {
    for device in [Device::flex().autodiff(), Device::flex().autodiff().gradient_checkpointing()] {
        for case in [
            Case::square([2, 3, 12, 9], 5, [3, 1, 1]),
            Case::square([3, 5, 7, 8], 3, [3, 2, 1]),
            Case::square([1, 17, 6, 6], 4, [1, 1, 0]),
            Case::square([3, 16, 11, 13], 32, [3, 1, 1]),
            Case { padding: [(0, 1), (2, 1)], ..Case::square([2, 2, 9, 9], 3, [3, 2, 0]) },
            Case::depthwise([2, 17, 6, 6], [3, 1, 1]),
            Case::depthwise([3, 5, 13, 12], [5, 2, 2]),
        ] {
            let upstream = tensor(case.output_dims(), 4, &device);
            let run = |ours: bool, with_bias: bool, rectify: bool| {
                let x = tensor(case.input, 1, &device).require_grad();
                let weight = tensor(case.weight_dims(), 2, &device).require_grad();
                let bias = tensor([case.channels_out], 3, &device).require_grad();
                // What comes before the convolution may be recomputed rather than kept.
                let features = x.clone().exp() - 1.0;
                let given = with_bias.then(|| bias.clone());
                let output = if ours {
                    assert!(is_accelerated(&features, &weight, given.as_ref(), &options(&case)));
                    let operation = if rectify { conv2d_relu } else { conv2d };
                    operation(features, weight.clone(), given, options(&case))
                } else {
                    let output = module::conv2d(features, weight.clone(), given, options(&case));
                    if rectify { relu(output) } else { output }
                };
                let gradients = (output.clone() * upstream.clone()).sum().backward();
                let bias = bias.grad(&gradients);
                (output, x.grad(&gradients).unwrap(), weight.grad(&gradients).unwrap(), bias)
            };
            for [with_bias, rectify] in [[true, false], [false, false], [true, true], [false, true]]
            {
                let (ours, theirs) =
                    (run(true, with_bias, rectify), run(false, with_bias, rectify));
                assert_same(ours.0, theirs.0);
                assert_same(ours.1, theirs.1);
                assert_same(ours.2, theirs.2);
                assert_eq!(ours.3.is_some(), with_bias);
                assert_eq!(theirs.3.is_some(), with_bias);
                if let (Some(ours), Some(theirs)) = (ours.3, theirs.3) {
                    assert_same(ours, theirs);
                }
            }
        }
    }
}

/// A linear function's difference quotient is exact, whatever the step: all that is left is rounding.
#[test]
fn gradients_are_difference_quotients() {
    let device = Device::flex().autodiff();
    for case in [
        Case::square([2, 3, 5, 6], 4, [3, 2, 1]),
        Case::square([2, 5, 3, 4], 7, [1, 1, 0]),
        // By tiles, and with a register of channels for each pixel.
        Case::square([4, 16, 15, 14], 16, [3, 1, 1]),
        Case::square([2, 16, 5, 6], 16, [3, 2, 1]),
        Case::square([2, 3, 7, 6], 16, [3, 2, 1]),
        Case::depthwise([2, 3, 5, 6], [3, 2, 1]),
        Case::depthwise([1, 2, 7, 5], [5, 1, 2]),
    ] {
        check_difference_quotients(case, &device);
    }
}

#[allow(clippy::unwrap_used)] // A test that cannot go on fails.
fn check_difference_quotients(case: Case, device: &Device) {
    let upstream = tensor(case.output_dims(), 4, device);
    let loss = |x: &Tensor<4>, weight: &Tensor<4>| {
        (conv2d(x.clone(), weight.clone(), None, options(&case)) * upstream.clone()).sum()
    };
    let x = tensor(case.input, 1, device).require_grad();
    let weight = tensor(case.weight_dims(), 2, device).require_grad();
    let gradients = loss(&x, &weight).backward();
    // Summed in `f64`: a sum of thousands would hide what a single pixel adds to it.
    let total = |x: &Tensor<4>, weight: &Tensor<4>| {
        let output = conv2d(x.clone(), weight.clone(), None, options(&case)).into_data();
        let terms = output.try_to_vec::<f32>().unwrap().into_iter();
        let weights = upstream.to_data().try_to_vec::<f32>().unwrap();
        terms.zip(weights).map(|(value, by)| f64::from(value) * f64::from(by)).sum::<f64>()
    };
    let at_start = total(&x, &weight);
    // Tiles round each of the hundreds of outputs in them otherwise after a nudge; a wrong product would show in the first digit.
    let tolerance = if case.rounding(1) > 1 { 1e-3 } else { 1e-4 };

    let nudged = |tensor: &Tensor<4>, at: usize| {
        let dims = tensor.dims();
        let mut values = tensor.to_data().try_to_vec::<f32>().unwrap();
        values[at] += 1.0;
        Tensor::<4>::from_data(TensorData::new(values, dims), device)
    };
    let of_x = x.grad(&gradients).unwrap().into_data().try_to_vec::<f32>().unwrap();
    for (at, expected) in of_x.iter().enumerate() {
        let found = (total(&nudged(&x, at), &weight) - at_start) as f32;
        assert!((found - expected).abs() < tolerance, "input {at}: {found}, gradient {expected}");
    }
    let of_weight = weight.grad(&gradients).unwrap().into_data().try_to_vec::<f32>().unwrap();
    for (at, expected) in of_weight.iter().enumerate() {
        let found = (total(&x, &nudged(&weight, at)) - at_start) as f32;
        assert!((found - expected).abs() < tolerance, "weight {at}: {found}, gradient {expected}");
    }
}

/// Views of a larger tensor and permuted axes, forward and as a gradient that comes in broadcast.
#[test]
fn tensors_need_not_be_contiguous() {
    let device = Device::flex().autodiff();
    let options = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
    let run = |ours: bool| {
        let x = tensor([7, 6, 3, 2], 1, &device).require_grad();
        let weight = tensor([3, 3, 3, 5], 2, &device).require_grad();
        let view = x.clone().permute([3, 2, 1, 0]).slice([0..2, 0..3, 1..6, 2..7]);
        let turned = weight.clone().permute([3, 0, 2, 1]);
        let output = if ours {
            assert!(is_accelerated(&view, &turned, None, &options));
            conv2d(view, turned, None, options.clone())
        } else {
            module::conv2d(view, turned, None, options.clone())
        };
        // The gradient of a sum is one number for all pixels.
        let gradients = output.clone().sum().backward();
        (output, x.grad(&gradients).unwrap(), weight.grad(&gradients).unwrap())
    };
    let (ours, theirs) = (run(true), run(false));
    assert_same(ours.0, theirs.0);
    assert_same(ours.1, theirs.1);
    assert_same(ours.2, theirs.2);
}

#[test]
fn a_constant_input_gets_no_gradient_and_a_plain_device_works() {
    let plain = Device::flex();
    let device = plain.clone().autodiff();
    let options = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
    let x = tensor([2, 1, 6, 6], 1, &device);
    let weight = tensor([4, 1, 3, 3], 2, &device).require_grad();
    let output = conv2d(x.clone(), weight.clone(), None, options.clone());
    let gradients = output.clone().sum().backward();
    assert!(x.grad(&gradients).is_none());
    assert!(weight.grad(&gradients).is_some());

    let untracked = conv2d(x.clone().inner(), weight.clone().inner(), None, options.clone());
    assert!(!untracked.device().is_autodiff());
    assert_same(untracked, output.clone().inner());
    // An input of the plain device next to a trained weight.
    let mixed = conv2d(x.inner(), weight.clone(), None, options);
    assert!(mixed.device().is_autodiff());
    let weight_gradient = weight.grad(&mixed.clone().sum().backward()).unwrap();
    assert_same(weight_gradient, weight.grad(&gradients).unwrap());
    assert_same(mixed, output);
}

#[test]
fn what_the_kernels_cannot_do_goes_to_burn() {
    let device = Device::flex();
    let x = tensor([2, 4, 9, 9], 1, &device);
    let dense = tensor([6, 4, 3, 3], 2, &device);
    let grouped = tensor([6, 2, 3, 3], 2, &device);
    let plain = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
    let dilated = ConvOptions::new([1, 1], [1, 1], [2, 2], 1);
    let groups = ConvOptions::new([1, 1], [1, 1], [1, 1], 2);
    assert!(is_accelerated(&x, &dense, None, &plain));
    for (x, weight, options) in [
        (x.clone(), dense.clone(), dilated),
        (x.clone(), grouped, groups),
        (x.cast(DType::F64), dense.cast(DType::F64), plain),
    ] {
        assert!(!is_accelerated(&x, &weight, None, &options), "{options:?}");
        let ours = conv2d(x.clone(), weight.clone(), None, options.clone());
        let theirs = module::conv2d(x, weight, None, options);
        ours.into_data().assert_eq(&theirs.into_data(), true);
    }
}

#[test]
fn a_layer_computes_what_it_computed_before() {
    let device = Device::flex();
    let x = tensor([2, 4, 9, 10], 1, &device);
    for padding in [
        PaddingConfig2d::Valid,
        PaddingConfig2d::Same,
        PaddingConfig2d::Explicit(1, 1, 1, 1),
        PaddingConfig2d::Explicit(0, 1, 2, 3),
    ] {
        for kernel in [[1, 1], [3, 3], [2, 3]] {
            for [stride, dilation, groups] in
                [[1, 1, 1], [2, 1, 1], [1, 2, 1], [1, 1, 2], [2, 1, 4]]
            {
                for bias in [true, false] {
                    let layer = Conv2dConfig::new([4, if groups == 4 { 4 } else { 6 }], kernel)
                        .with_padding(padding.clone())
                        .with_stride([stride; 2])
                        .with_dilation([dilation; 2])
                        .with_groups(groups)
                        .with_bias(bias)
                        .init(&device);
                    assert_same(conv2d_layer(&layer, x.clone()), layer.forward(x.clone()));
                    for (after, then) in [
                        (After::Silu, silu as fn(Tensor<4>) -> Tensor<4>),
                        (After::Relu6, |x| x.clamp(0.0, 6.0)),
                        (After::Nothing, |x| x),
                    ] {
                        assert_same(
                            conv2d_then_layer(&layer, x.clone() * 3.0, after),
                            then(layer.forward(x.clone() * 3.0)),
                        );
                    }
                    assert_same(
                        conv2d_relu_layer(&layer, x.clone()),
                        relu(layer.forward(x.clone())),
                    );
                }
            }
        }
    }
}

/// The gradients are taken outside of the scope, and are still those of the forward pass's precision.
#[test]
fn precision_is_chosen_by_scope_and_kept_for_the_backward_pass() {
    let device = Device::flex().autodiff();
    let case = Case::square([2, 17, 9, 8], 19, [3, 2, 1]);
    let upstream = tensor(case.output_dims(), 4, &device);
    let values = |tensor: Tensor<4>| tensor.into_data().try_to_vec::<f32>().unwrap();
    let run = |chosen: Precision| {
        let x = tensor(case.input, 1, &device).require_grad();
        let weight = tensor(case.weight_dims(), 2, &device).require_grad();
        let output = with_precision(chosen, || {
            assert_eq!(precision(), chosen);
            conv2d(x.clone(), weight.clone(), None, options(&case))
        });
        assert_eq!(precision(), Precision::F32);
        let gradients = (output.clone() * upstream.clone()).sum().backward();
        [
            values(output.inner()),
            values(x.grad(&gradients).unwrap()),
            values(weight.grad(&gradients).unwrap()),
        ]
    };
    let slices = [
        random(case.input.iter().product(), 1),
        random(case.weight_dims().iter().product(), 2),
        random(case.output_dims().iter().product(), 4),
    ];
    let [x, weight, upstream] = &slices;
    let found = [Precision::F32, Precision::Bf16].map(|chosen| {
        let kernels = case.convolution().with_precision(chosen);
        let found = run(chosen);
        assert_eq!(found[0], kernels.forward(x, weight, None).unwrap());
        assert_eq!(found[1], kernels.input_gradient(weight, upstream).unwrap());
        assert_eq!(found[2], kernels.weight_gradient(x, upstream).unwrap());
        found
    });
    for (exact, rounded) in found[0].iter().zip(&found[1]) {
        assert_eq!(exact != rounded, Precision::Bf16.is_supported());
    }
}

#[test]
fn a_panic_ends_the_scope_too() {
    let inner = std::panic::catch_unwind(|| {
        with_precision(Precision::Bf16, || -> () { panic!("on purpose") });
    });
    assert!(inner.is_err());
    assert_eq!(precision(), Precision::F32);
}

#[test]
fn what_is_no_number_stays_so_as_with_burn() {
    let device = Device::flex();
    for [channels, side, kernel] in [[4, 8, 3], [16, 24, 3], [8, 6, 1]] {
        let mut weight = random(channels * channels * kernel * kernel, 3);
        weight[0] = f32::NAN;
        let weight = TensorData::new(weight, [channels, channels, kernel, kernel]);
        let weight = Tensor::<4>::from_data(weight, &device);
        let x = random(2 * channels * side * side, 4);
        let x = Tensor::<4>::from_data(TensorData::new(x, [2, channels, side, side]), &device);
        let pad = [kernel / 2; 2];
        for precision in [Precision::F32, Precision::Bf16] {
            let options = ConvOptions::new([1, 1], pad, [1, 1], 1);
            let run = || conv2d_relu(x.clone(), weight.clone(), None, options.clone());
            let output = with_precision(precision, run).into_data().try_to_vec::<f32>().unwrap();
            let first_map = &output[..side * side];
            let broken = first_map.iter().filter(|value| value.is_nan()).count();
            // Padding keeps at most an edge of it clean.
            assert!(broken >= (side - 1) * (side - 1), "{broken} of {}", side * side);
        }
    }
}
