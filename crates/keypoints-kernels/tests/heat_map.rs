//! Heat maps: our kernels against Burn's operations, values and gradients.

#![allow(clippy::unwrap_used)]

mod common;

use burn::tensor::{Device, Tensor, TensorData, Tolerance};
use common::random;
use keypoints_kernels::{heat_map_divergences, heat_map_means, without_kernels};

const SHAPES: [[usize; 4]; 5] =
    [[2, 3, 24, 24], [1, 1, 1, 1], [3, 20, 5, 7], [1, 2, 16, 16], [2, 1, 3, 50]];

/// Between `-reach` and `reach`. Not drawn by the device: its random numbers are one stream for all tests of the process, and
/// what is compared must be drawn twice.
fn drawn<const D: usize>(dims: [usize; D], seed: u64, reach: f32, device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(random(dims.iter().product(), seed), dims), device) * reach
}

fn near(name: &str, ours: TensorData, burns: TensorData) {
    println!("{name}");
    ours.assert_approx_eq::<f32>(&burns, Tolerance::absolute(2e-4).set_relative(1e-4));
}

/// Answers, and the gradient of the maps of a sum in which every answer has a weight of its own.
fn both<const D: usize>(shape: [usize; 4], op: impl Fn(Tensor<4>) -> Tensor<D>) -> [TensorData; 2] {
    let device = Device::flex().autodiff();
    let maps = drawn(shape, 7, 7.0, &device).require_grad();
    let answers = op(maps.clone());
    let count = answers.shape().num_elements();
    let weights: Vec<f32> = (0..count).map(|at| (at % 7) as f32 - 2.0).collect();
    let weights = Tensor::<1>::from_data(weights.as_slice(), &device).reshape(answers.shape());
    let gradients = (answers.clone() * weights).sum().backward();
    [answers.into_data(), maps.grad(&gradients).unwrap().into_data()]
}

#[test]
fn means_and_their_gradients_are_those_of_burns_operations() {
    for shape in SHAPES {
        let [ours, ours_back] = both(shape, heat_map_means);
        let [burns, burns_back] = without_kernels(|| both(shape, heat_map_means));
        // Or the kernels were not taken: other code rounds otherwise.
        assert!(shape[2] < 24 || ours_back != burns_back);
        near(&format!("means {shape:?}"), ours, burns);
        near(&format!("gradient of means {shape:?}"), ours_back, burns_back);
    }
}

#[test]
fn divergences_and_their_gradients_are_those_of_burns_operations() {
    for shape @ [batch, count, height, width] in SHAPES {
        for spread in [0.3, 0.75, 4.0] {
            let device = Device::flex().autodiff();
            // Within the map and two cells beyond its edges.
            let middle = height.max(width) as f32 / 2.0;
            let centres = drawn([batch, count, 2], 3, middle + 2.0, &device) + middle;
            let op = |maps| heat_map_divergences(maps, centres.clone(), spread);
            let [ours, ours_back] = both(shape, op);
            let [burns, burns_back] = without_kernels(|| both(shape, op));
            assert!(height < 24 || ours_back != burns_back);
            near(&format!("divergences {shape:?} {spread}"), ours, burns);
            near(&format!("gradient of divergences {shape:?} {spread}"), ours_back, burns_back);
        }
    }
}

#[test]
fn what_is_no_number_stays_so() {
    let device = Device::flex();
    let mut values = vec![0.0_f32; 40];
    values[33] = f32::NAN;
    let maps = || Tensor::<1>::from_data(values.as_slice(), &device).reshape([1, 1, 5, 8]);
    let mean: Vec<f32> = heat_map_means(maps()).into_data().try_to_vec().unwrap();
    assert!(mean.iter().all(|value| value.is_nan()), "{mean:?}");
    let centre = Tensor::<3>::zeros([1, 1, 2], &device);
    assert!(heat_map_divergences(maps(), centre, 1.0).into_scalar::<f32>().is_nan());
}

#[test]
fn divergences_do_not_depend_on_where_the_values_lie() {
    let device = Device::flex();
    let centres = drawn([2, 3, 2], 3, 6.0, &device) + 12.0;
    // Quarters, which stay what they are beside a hundred thousand.
    let maps = drawn([2, 3, 24, 24], 4, 8.0, &device).mul_scalar(4.0).round().div_scalar(4.0);
    let near_zero = heat_map_divergences(maps.clone(), centres.clone(), 1.0).into_data();
    let far = heat_map_divergences(maps + 1e5, centres, 1.0).into_data();
    near("maps around 100000", far, near_zero);
}

#[test]
fn large_values_do_not_overflow() {
    let device = Device::flex();
    let mut values = vec![-1e4_f32; 100];
    values[37] = 1e4;
    let maps = Tensor::<1>::from_data(values.as_slice(), &device).reshape([1, 1, 10, 10]);
    let mean: Vec<f32> = heat_map_means(maps).into_data().try_to_vec().unwrap();
    assert_eq!(mean, [7.0, 3.0]);
}
