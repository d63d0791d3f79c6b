//! Squeeze-and-excitation and activations: same numbers as Burn's own operations, forward and back.
#![cfg(feature = "flex")]

mod common;

use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::{Device, Tensor, TensorData, Tolerance, activation};
use common::random;
use keypoints_kernels::{for_export, relu6, silu, squeeze_excite, without_kernels};

fn tensor<const D: usize>(dims: [usize; D], seed: u64, device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(random(dims.iter().product(), seed), dims), device)
}

#[track_caller]
fn assert_same<const D: usize>(ours: Tensor<D>, theirs: Tensor<D>) {
    ours.into_data().assert_approx_eq::<f32>(&theirs.into_data(), Tolerance::rel_abs(1e-4, 1e-5));
}

fn layers([channels, squeezed]: [usize; 2], bias: bool, device: &Device) -> [Conv2d; 2] {
    device.seed(3);
    [[channels, squeezed], [squeezed, channels]]
        .map(|sizes| Conv2dConfig::new(sizes, [1, 1]).with_bias(bias).init(device))
}

#[test]
fn gated_maps_and_gradients_are_those_of_burns_operations() {
    for device in [Device::flex().autodiff(), Device::flex().autodiff().gradient_checkpointing()] {
        for (dims, squeezed, bias) in [
            ([2, 8, 6, 6], 2, true),
            ([16, 70, 3, 3], 5, true),
            ([1, 20, 1, 1], 1, true),
            ([3, 5, 33, 31], 4, true),
            ([2, 6, 4, 4], 3, false),
        ] {
            let layers = layers([dims[1], squeezed], bias, &device);
            let run = || {
                let x = tensor(dims, 1, &device).require_grad();
                // What comes before may be recomputed rather than kept.
                let output = squeeze_excite(x.clone().exp(), &layers[0], &layers[1]);
                let gradients = (output.clone() * tensor(dims, 2, &device)).sum().backward();
                let weights = layers.each_ref().map(|layer| layer.weight.grad(&gradients).unwrap());
                let biases = layers
                    .each_ref()
                    .map(|layer| layer.bias.as_ref().map(|bias| bias.grad(&gradients).unwrap()));
                (output, x.grad(&gradients).unwrap(), weights, biases)
            };
            let (ours, theirs) = (run(), without_kernels(run));
            if dims[2] == 33 {
                // Or the kernels were not taken: other code rounds otherwise.
                assert_ne!(ours.1.to_data(), theirs.1.to_data());
            }
            assert_same(ours.0, theirs.0);
            assert_same(ours.1, theirs.1);
            for (ours, theirs) in ours.2.into_iter().zip(theirs.2) {
                assert_same(ours, theirs);
            }
            for (ours, theirs) in ours.3.into_iter().zip(theirs.3) {
                assert_eq!(ours.is_some(), bias);
                if let (Some(ours), Some(theirs)) = (ours, theirs) {
                    assert_same(ours, theirs);
                }
            }
        }
    }
}

#[test]
fn gating_works_on_a_plain_device() {
    let device = Device::flex();
    let layers = layers([9, 3], true, &device);
    let x = tensor([2, 9, 5, 7], 1, &device);
    let run = || squeeze_excite(x.clone(), &layers[0], &layers[1]);
    assert_same(run(), without_kernels(run));
}

#[test]
fn a_frozen_layer_gets_no_gradient_and_the_maps_do() {
    use burn::module::Module;

    let device = Device::flex().autodiff();
    let layers = layers([9, 3], true, &device).map(|layer| layer.no_grad());
    let run = || {
        let x = tensor([2, 9, 5, 7], 1, &device).require_grad();
        let gradients = squeeze_excite(x.clone(), &layers[0], &layers[1]).sum().backward();
        assert!(layers[0].weight.grad(&gradients).is_none());
        x.grad(&gradients).unwrap()
    };
    assert_same(run(), without_kernels(run));
}

type Function = fn(Tensor<1>) -> Tensor<1>;

#[test]
fn activations_and_slopes_are_those_of_burns_operations() {
    for device in [Device::flex().autodiff(), Device::flex().autodiff().gradient_checkpointing()] {
        for len in [1, 15, 16, 40_000] {
            let run = |function: Function| {
                let x = tensor([len], 1, &device).require_grad();
                let output = function(x.clone() * 9.0);
                let gradients = (output.clone() * tensor([len], 2, &device)).sum().backward();
                (output, x.grad(&gradients).unwrap())
            };
            let both: [[Function; 2]; 2] =
                [[silu, activation::silu], [relu6, |x| x.clamp(0.0, 6.0)]];
            let mut same = 0;
            for [ours, theirs] in both {
                let (ours, theirs) = (run(ours), run(theirs));
                same += usize::from(ours.0.to_data() == theirs.0.to_data());
                assert_same(ours.0, theirs.0);
                assert_same(ours.1, theirs.1);
            }
            // Or the kernels were not taken: our exponential rounds otherwise.
            assert!(len < 40_000 || same < 2);
        }
    }
}

/// An input that others hold too must not be written to.
#[test]
fn a_shared_input_stays_as_it_is() {
    let device = Device::flex();
    let x = tensor([100], 1, &device);
    let before = x.to_data();
    let _ = silu(x.clone());
    x.into_data().assert_eq(&before, true);
}

#[test]
fn what_is_no_number_stays_so() {
    let device = Device::flex();
    let x = Tensor::<4>::full([1, 4, 3, 3], f32::NAN, &device);
    let layers = layers([4, 2], true, &device);
    let values = |x: Tensor<4>| x.into_data().try_to_vec::<f32>().unwrap();
    assert!(values(silu(x.clone())).iter().all(|value| value.is_nan()));
    assert!(values(relu6(x.clone())).iter().all(|value| value.is_nan()));
    let gated = squeeze_excite(x, &layers[0], &layers[1]);
    assert!(values(gated).iter().all(|value| value.is_nan()));
}

#[test]
fn what_is_exported_computes_the_same() {
    let device = Device::flex();
    let x = tensor([3, 8, 5, 5], 4, &device) * 9.0;
    assert_same(for_export(|| relu6(x.clone())), relu6(x.clone()));
    for bias in [true, false] {
        let [narrow, widen] = layers([8, 3], bias, &device);
        let gated = || squeeze_excite(x.clone(), &narrow, &widen);
        assert_same(for_export(gated), gated());
    }
}
