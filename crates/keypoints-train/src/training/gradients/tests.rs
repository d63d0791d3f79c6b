use super::*;
use crate::loss::masked_mse;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Distribution, TensorData, Tolerance};

fn weight(gradients: &GradientsParams, layer: &Linear) -> TensorData {
    gradients.get::<2>(layer.weight.id).unwrap().into_data()
}

#[test]
fn small_batches_together_are_one_large_batch() {
    let device = Device::flex();
    let training = device.clone().autodiff();
    let layer = LinearConfig::new(5, 3).init(&training);
    let x = Tensor::<2>::random([10, 5], Distribution::Default, &device);
    let targets = Tensor::<2>::random([10, 3], Distribution::Default, &device);
    // Batches of 4, 4 and 2 rows with 12, 3 and 1 labels.
    let mask: Vec<f32> = (0..30).map(|i| f32::from(u8::from(i < 12 || i % 7 == 0))).collect();
    let mask = Tensor::<2>::from_data(TensorData::new(mask, [10, 3]), &device);
    let loss = |from: usize, rows: usize| {
        let part = |tensor: &Tensor<2>| tensor.clone().narrow(0, from, rows);
        let output = layer.forward(part(&x).autodiff());
        masked_mse(output, part(&targets).autodiff(), part(&mask).autodiff())
    };
    let whole = GradientsParams::from_grads(loss(0, 10).backward(), &layer);
    let mut parts = Averaged::new();
    for (from, rows) in [(0, 4), (4, 4), (8, 2)] {
        parts.add(&layer, loss(from, rows), mask.clone().narrow(0, from, rows));
    }
    let found = weight(&parts.finish(&layer), &layer);
    found.assert_approx_eq::<f32>(&weight(&whole, &layer), Tolerance::rel_abs(1e-5, 1e-7));
}

#[test]
fn long_gradients_are_shortened_together() {
    let device = Device::flex();
    let layer = LinearConfig::new(2, 1).init(&device.clone().autodiff());
    let bias = layer.bias.as_ref().unwrap().id;
    let clipped = |max: f64| {
        let mut gradients = GradientsParams::new();
        let data = TensorData::new(vec![2.0_f32, 10.0], [2, 1]);
        gradients.register(layer.weight.id, Tensor::<2>::from_data(data, &device));
        gradients.register(bias, Tensor::<1>::from_data([11.0_f32], &device));
        let gradients = clip(gradients, &layer, max);
        let bias = gradients.get::<1>(bias).unwrap().into_scalar::<f32>();
        let weight = weight(&gradients, &layer).try_to_vec::<f32>().unwrap();
        [weight[0], weight[1], bias]
    };
    // The norm of 2, 10 and 11 is 15.
    assert_eq!(clipped(16.0), [2.0, 10.0, 11.0]);
    for (found, expected) in clipped(3.0).into_iter().zip([0.4, 2.0, 2.2]) {
        assert!((found - expected).abs() < 1e-5, "{found} {expected}");
    }
}
