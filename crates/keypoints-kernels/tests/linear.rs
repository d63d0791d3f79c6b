//! A few rows times a matrix: the sums of a plain loop in `f64`.
#![cfg(feature = "flex")]

mod common;

use burn::nn::LinearConfig;
use burn::tensor::{Device, Tensor, TensorData, Tolerance};
use common::random;
use keypoints_kernels::{linear_layer, without_kernels};

#[test]
fn rows_are_multiplied_as_by_a_plain_loop() {
    let device = Device::flex();
    device.seed(4);
    for (rows, inputs, outputs, bias) in [
        (1, 1, 1, true),
        (1, 2500, 64, true),
        (2, 1023, 65, false),
        (3, 1025, 130, true),
        (4, 17, 7, true),
        (1, 4096, 515, false),
        // More rows are Burn's.
        (5, 33, 9, true),
    ] {
        let layer = LinearConfig::new(inputs, outputs).with_bias(bias).init(&device);
        let x = random(rows * inputs, 7);
        let weight = layer.weight.val().into_data().try_to_vec::<f32>().unwrap();
        let shifts = layer.bias.as_ref().map(|bias| bias.val().into_data());
        let shifts = shifts.map(|bias| bias.try_to_vec::<f32>().unwrap());
        let output = |at: usize| {
            let (row, column) = (at / outputs, at % outputs);
            let terms = (0..inputs).map(|term| {
                f64::from(x[row * inputs + term]) * f64::from(weight[term * outputs + column])
            });
            terms.sum::<f64>() + shifts.as_ref().map_or(0.0, |bias| f64::from(bias[column]))
        };
        let rows_of =
            || Tensor::<2>::from_data(TensorData::new(x.clone(), [rows, inputs]), &device);
        let found = linear_layer(&layer, rows_of()).into_data();
        let theirs = without_kernels(|| linear_layer(&layer, rows_of())).into_data();
        found.assert_approx_eq::<f32>(&theirs, Tolerance::rel_abs(1e-4, 1e-4));
        // Or the kernels were not taken: other code rounds otherwise.
        assert!(inputs != 4096 || found != theirs);
        for (at, found) in found.try_to_vec::<f32>().unwrap().into_iter().enumerate() {
            let expected = output(at);
            // Weights are at most 1 / √inputs: a sum has a size of about 1.
            assert!((f64::from(found) - expected).abs() < 1e-5, "{found} is not {expected}");
        }
    }
}
