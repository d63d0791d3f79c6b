use super::*;
use crate::OptimizerConfig;
use burn::module::{Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Linear, LinearConfig};
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Distribution, Tolerance};

#[derive(Module, Debug)]
struct Toy {
    conv: Conv2d,
    linear: Linear,
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.inner().into_data().try_to_vec().unwrap()
}

fn wave<const D: usize>(shape: [usize; D], device: &Device) -> Tensor<D> {
    let count = shape.iter().product::<usize>() as i64;
    let steps = Tensor::<1, burn::tensor::Int>::arange(0..count, device).float();
    (steps.clone() * 0.7 + (steps * 0.31).cos()).sin().reshape(shape)
}

fn toy(device: &Device) -> Toy {
    let mut conv = Conv2dConfig::new([2, 4], [3, 3]).init(device);
    conv.weight = Param::from_tensor(wave([4, 2, 3, 3], device));
    conv.bias = Some(Param::from_tensor(wave([4], device)));
    let mut linear = LinearConfig::new(4, 3).init(device);
    linear.weight = Param::from_tensor(wave([4, 3], device));
    linear.bias = Some(Param::from_tensor(wave([3], device)));
    Toy { conv, linear }
}

fn step(toy: Toy, optimizer: &mut ModuleOptimizer, slant: f64, device: &Device) -> Toy {
    let faces = wave([3, 2, 8, 8], device) + slant;
    let x = toy.conv.forward(faces).mean_dims(&[2, 3]).reshape([3, 4]);
    let loss = (toy.linear.forward(x).powi_scalar(2) * wave([3, 3], device)).sum();
    let gradients = GradientsParams::from_grads(loss.backward(), &toy);
    optimizer.step(0.01, toy, gradients)
}

const MUON: OptimizerConfig = OptimizerConfig::Muon {
    momentum: 0.95,
    beta_1: 0.9,
    beta_2: 0.999,
    epsilon: 1e-8,
    weight_decay: 0.0,
};

#[test]
fn all_but_convolutions_step_as_adamw_does() {
    let device = Device::flex().autodiff();
    let before = toy(&device);
    let after = step(before.clone(), &mut MUON.init(), 0.5, &device);
    let (beta_1, beta_2, epsilon) = (0.9, 0.999, 1e-8);
    let adam = OptimizerConfig::AdamW { beta_1, beta_2, epsilon, weight_decay: 0.0 };
    let other = step(before.clone(), &mut adam.init(), 0.5, &device);
    assert_eq!(numbers(after.linear.weight.val()), numbers(other.linear.weight.val()));
    assert_ne!(numbers(after.conv.weight.val()), numbers(before.conv.weight.val()));
    let bias = |toy: &Toy| numbers(toy.conv.bias.clone().unwrap().val());
    assert_eq!(bias(&after), bias(&other));
    assert_ne!(numbers(after.conv.weight.val()), numbers(other.conv.weight.val()));
}

#[test]
fn a_full_gradient_becomes_an_orthogonal_step() {
    let device = Device::flex();
    let optimizer = ConvMuon::new(0.95, 0.0, crate::optimizer::fused_adam_w(0.9, 0.999, 1e-8, 0.0));
    let weight = Tensor::<4>::zeros([4, 2, 3, 3], &device);
    let (stepped, _) = optimizer.step(1.0, weight, wave([4, 2, 3, 3], &device), None);
    let step = stepped.reshape([4, 18]) / (0.2 * 18.0_f64.sqrt());
    let products: Vec<f32> =
        step.clone().matmul(step.transpose()).into_data().try_to_vec().unwrap();
    for (index, product) in products.iter().enumerate() {
        let wanted = if index % 5 == 0 { 0.4..1.6 } else { -0.45..0.45 };
        assert!(wanted.contains(product), "{index}: {products:?}");
    }
}

/// Layers as they occur: wide, tall, with a row or a column, of a gradient that is no more than one direction.
#[test]
fn the_kernel_steps_as_burns_operations_do() {
    let device = Device::flex();
    device.seed(3);
    let adam = crate::optimizer::fused_adam_w(0.9, 0.999, 1e-8, 0.0);
    let optimizer = ConvMuon::new(0.95, 0.1, adam);
    for shape in [[32, 16, 3, 3], [64, 2, 1, 1], [1, 5, 3, 3], [30, 1, 1, 1], [128, 128, 3, 3]] {
        let noise = || Tensor::<4>::random(shape, Distribution::Normal(0.0, 1e-3), &device);
        let start = [noise(), noise(), noise()];
        let ray = Tensor::<4>::ones(shape, &device) * 1e-3;
        for gradient in [start[1].clone(), ray, Tensor::zeros(shape, &device)] {
            let tensors = [start[0].clone(), gradient, start[2].clone()];
            let update = MuonUpdate { rate: 0.02, momentum: 0.95, decay: 0.1 };
            let ours = update.apply(tensors.clone()).unwrap();
            let theirs = optimizer.burns(0.02, tensors.clone());
            let [step, of_theirs] =
                [&ours, &theirs].map(|after| after[0].clone() - tensors[0].clone());
            let apart = numbers((step.clone() - of_theirs).powi_scalar(2).sum().sqrt())[0];
            let far = numbers(step.powi_scalar(2).sum().sqrt())[0];
            assert!(apart <= 1e-3 * far, "{shape:?}: {apart} of {far}");
            let same = Tolerance::rel_abs(1e-5, 1e-9);
            let [ours, theirs] = [ours, theirs].map(|after| after[1].clone().into_data());
            ours.assert_approx_eq::<f32>(&theirs, same);
        }
    }
}

#[test]
fn goes_on_from_a_file_as_if_it_had_never_stopped() {
    let device = Device::flex().autodiff();
    let mut optimizer = MUON.init();
    let first = step(toy(&device), &mut optimizer, 0.5, &device);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("optimizer.bpk");
    optimizer.save(&path).unwrap();
    let mut loaded = MUON.init().load(&path).unwrap();
    let on = step(first.clone(), &mut optimizer, -0.3, &device);
    let again = step(first.clone(), &mut loaded, -0.3, &device);
    let fresh = step(first, &mut MUON.init(), -0.3, &device);
    let weight = |toy: Toy| numbers(toy.conv.weight.val());
    let on = weight(on);
    assert_eq!(weight(again), on);
    assert_ne!(weight(fresh), on);
}
