use super::*;
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig};
use burn::tensor::Device;

#[derive(Module, Debug)]
struct Toy {
    linear: Linear,
    norm: BatchNorm,
}

impl Toy {
    /// All weights of the linear layer at one value.
    fn at(value: f32, device: &Device) -> Self {
        let mut linear = LinearConfig::new(2, 3).init(device);
        linear.weight = Param::from_tensor(Tensor::full([2, 3], value, device));
        linear.bias = Some(Param::from_tensor(Tensor::full([3], 10.0 * value, device)));
        Self { linear, norm: BatchNormConfig::new(2).init(device) }
    }
}

fn first<const D: usize>(tensor: Tensor<D>) -> f32 {
    let values = tensor.into_data().try_to_vec::<f32>().unwrap();
    assert!(values.iter().all(|&value| value == values[0]), "{values:?}");
    values[0]
}

#[test]
fn every_parameter_moves_by_its_share() {
    let training = Device::flex().autodiff();
    let mut average = Toy::at(1.0, &training).valid();
    let trained = Toy::at(5.0, &training);
    // The mean of each column becomes 4 · .1, its variance 1 · .9 + 0 · .1.
    trained.norm.forward(Tensor::<2>::full([8, 2], 4.0, &training));
    average = mix(average, &trained, 0.75);
    assert_eq!(first(average.linear.weight.val()), 2.0, ".75 · 1 + .25 · 5");
    assert_eq!(first(average.linear.bias.clone().unwrap().val()), 20.0);
    let (mean, variance) = (average.norm.running_mean.value(), average.norm.running_var.value());
    assert!((first(mean) - 0.1).abs() < 1e-6 && (first(variance) - 0.975).abs() < 1e-6);
    average = mix(average, &trained, 0.75);
    assert_eq!(first(average.linear.weight.val()), 2.75);
    // What is trained is left alone.
    assert_eq!(first(trained.linear.weight.val().inner()), 5.0);
    assert!((first(trained.valid().norm.running_mean.value()) - 0.4).abs() < 1e-6);
    assert!(!average.linear.weight.val().device().is_autodiff());
}

#[test]
fn early_steps_forget_faster() {
    assert_eq!(keep(0.99, 0), 0.1);
    assert_eq!(keep(0.99, 10), 0.55);
    assert_eq!(keep(0.99, 10_000), 0.99);
    assert_eq!(keep(0.05, 0), 0.05);
}
