//! Norms, gates, heat maps and pooling against textbook formulas in `f64`, and their gradients against difference quotients of
//! those formulas: sizes drawn at random, odd ones most of all.
#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use burn::module::Param;
use burn::nn::BatchNormConfig;
use burn::nn::conv::Conv2dConfig;
use burn::tensor::{Device, Gradients, Tensor, TensorData};
use common::random;
use keypoints_kernels::{
    After, double_add_relu, halve, heat_map_divergences, heat_map_means, norm_layer, silu,
    squeeze_excite,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The output, and what gives the gradients of all inputs.
type Ours = (Vec<f32>, Tensor<1>, Box<dyn Fn(&Gradients) -> Vec<Vec<f32>>>);

fn tensor<const D: usize>(values: &[f32], dims: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), dims), device)
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

fn flat<const D: usize>(tensor: Tensor<D>) -> Tensor<1> {
    let len = tensor.shape().num_elements();
    tensor.reshape([len])
}

/// Compares outputs, then the gradients of the sum of outputs weighed by numbers of their own with quotients of `formula`, which
/// answers the same outputs for the same inputs.
fn check(
    name: &str,
    inputs: &[Vec<f32>],
    ours: impl Fn(&[Vec<f32>]) -> Ours,
    formula: impl Fn(&[Vec<f64>]) -> Vec<f64>,
) {
    let exact: Vec<Vec<f64>> =
        inputs.iter().map(|one| one.iter().map(|&value| f64::from(value)).collect()).collect();
    let (values, output, gradients_of) = ours(inputs);
    let expected = formula(&exact);
    assert_eq!(values.len(), expected.len(), "{name}");
    for (at, (found, expected)) in values.iter().zip(&expected).enumerate() {
        let error = (f64::from(*found) - expected).abs();
        assert!(error < 2e-5 * (1.0 + expected.abs()), "{name}[{at}]: {found}, not {expected}");
    }
    let weights = random(values.len(), 99);
    let device = output.device();
    let loss = (output * tensor(&weights, [weights.len()], &device)).sum();
    let found = gradients_of(&loss.backward());
    let loss = |inputs: &[Vec<f64>]| -> f64 {
        formula(inputs).iter().zip(&weights).map(|(value, by)| value * f64::from(*by)).sum()
    };
    for (input, found) in found.iter().enumerate() {
        for (at, found) in found.iter().enumerate() {
            let nudged = |by: f64| {
                let mut inputs = exact.clone();
                inputs[input][at] += by;
                loss(&inputs)
            };
            let expected = (nudged(1e-5) - nudged(-1e-5)) / 2e-5;
            let error = (f64::from(*found) - expected).abs();
            assert!(
                error < 1e-4 * (1.0 + expected.abs()),
                "{name}, gradient {at} of input {input}: {found}, not {expected}"
            );
        }
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Maps of few values, so that there are not too many quotients.
fn drawn_maps(count: usize, seed: u64) -> Vec<[usize; 4]> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut maps = Vec::new();
    while maps.len() < count {
        let dims = [
            rng.random_range(1..6),
            rng.random_range(1..20),
            rng.random_range(1..12),
            rng.random_range(1..20),
        ];
        let len: usize = dims.iter().product();
        // The statistics of one or two values say nothing.
        if len <= 240 && dims[0] * dims[2] * dims[3] > 3 {
            maps.push(dims);
        }
    }
    maps
}

fn norm_formula(
    [batch, channels, height, width]: [usize; 4],
    after: usize,
    inputs: &[Vec<f64>],
) -> Vec<f64> {
    let [x, gamma, beta, shortcut] = inputs else { panic!("four inputs") };
    let plane = height * width;
    let of = |channel: usize| {
        (0..batch * plane).map(move |at| (at / plane * channels + channel) * plane + at % plane)
    };
    let mut output = vec![0.0; x.len()];
    for channel in 0..channels {
        let samples = (batch * plane) as f64;
        let mean = of(channel).map(|at| x[at]).sum::<f64>() / samples;
        let variance = of(channel).map(|at| (x[at] - mean).powi(2)).sum::<f64>() / samples;
        for at in of(channel) {
            let value = gamma[channel] * (x[at] - mean) / (variance + 1e-5).sqrt() + beta[channel];
            output[at] = match after {
                0 => value,
                1 | 6 => value.max(0.0),
                2 => value.clamp(0.0, 6.0),
                3 => value * sigmoid(value),
                4 => value + shortcut[at],
                _ => (value + shortcut[at]).max(0.0),
            };
        }
    }
    if after < 6 {
        return output;
    }
    let mut pooled = Vec::new();
    for map in output.chunks_exact(plane) {
        for (row, column) in
            (0..height / 2).flat_map(|row| (0..width / 2).map(move |column| (row, column)))
        {
            let cell = |at: usize| map[(2 * row + at / 2) * width + 2 * column + at % 2];
            pooled.push((0..4).map(cell).fold(f64::NEG_INFINITY, f64::max));
        }
    }
    pooled
}

#[test]
fn norms_follow_the_formula_and_so_do_their_gradients() {
    let device = Device::flex().autodiff();
    for (number, dims) in drawn_maps(14, 5).into_iter().enumerate() {
        let (len, channels) = (dims.iter().product(), dims[1]);
        for after in 0..7 {
            if after == 6 && !(dims[2].is_multiple_of(2) && dims[3].is_multiple_of(2)) {
                continue;
            }
            let seed = 10 * number as u64;
            let inputs = [
                random(len, seed),
                random(channels, seed + 1),
                random(channels, seed + 2),
                random(len, seed + 3),
            ];
            let ours = |inputs: &[Vec<f32>]| -> Ours {
                let x = tensor(&inputs[0], dims, &device).require_grad();
                let shortcut = tensor(&inputs[3], dims, &device).require_grad();
                let mut layer = BatchNormConfig::new(channels).init(&device);
                layer.gamma = Param::from_tensor(tensor(&inputs[1], [channels], &device));
                layer.beta = Param::from_tensor(tensor(&inputs[2], [channels], &device));
                let what = match after {
                    0 => After::Nothing,
                    1 => After::Relu,
                    2 => After::Relu6,
                    3 => After::Silu,
                    4 => After::Add(shortcut.clone()),
                    5 => After::AddRelu(shortcut.clone()),
                    _ => After::ReluPool,
                };
                let output = flat(norm_layer(&layer, x.clone(), what));
                let gradients = move |gradients: &Gradients| {
                    let mut all = vec![
                        numbers(x.grad(gradients).unwrap()),
                        numbers(layer.gamma.val().grad(gradients).unwrap()),
                        numbers(layer.beta.val().grad(gradients).unwrap()),
                    ];
                    all.extend(shortcut.grad(gradients).map(numbers));
                    all
                };
                (numbers(output.clone()), output, Box::new(gradients))
            };
            check(&format!("norm {dims:?}, then {after}"), &inputs, ours, |inputs| {
                norm_formula(dims, after, inputs)
            });
        }
    }
}

#[test]
fn gates_follow_the_formula_and_so_do_their_gradients() {
    let device = Device::flex().autodiff();
    for (number, dims) in drawn_maps(12, 6).into_iter().enumerate() {
        let [batch, channels, height, width] = dims;
        let (plane, squeezed) = (height * width, 1 + number % 4);
        let seed = 1000 + 10 * number as u64;
        let inputs = [
            random(batch * channels * plane, seed),
            random(squeezed * channels, seed + 1),
            random(squeezed, seed + 2),
            random(squeezed * channels, seed + 3),
            random(channels, seed + 4),
        ];
        let ours = |inputs: &[Vec<f32>]| -> Ours {
            let x = tensor(&inputs[0], dims, &device).require_grad();
            let layer = |sizes: [usize; 2], weight: usize| {
                let mut layer = Conv2dConfig::new(sizes, [1, 1]).init(&device);
                let shape = [sizes[1], sizes[0], 1, 1];
                layer.weight = Param::from_tensor(tensor(&inputs[weight], shape, &device));
                let bias = tensor(&inputs[weight + 1], [sizes[1]], &device);
                layer.bias = Some(Param::from_tensor(bias));
                layer
            };
            let layers = [layer([channels, squeezed], 1), layer([squeezed, channels], 3)];
            let output = flat(squeeze_excite(x.clone(), &layers[0], &layers[1]));
            let gradients = move |gradients: &Gradients| {
                let mut all = vec![numbers(x.grad(gradients).unwrap())];
                for layer in &layers {
                    all.push(numbers(layer.weight.val().grad(gradients).unwrap()));
                    let bias = layer.bias.as_ref().unwrap();
                    all.push(numbers(bias.val().grad(gradients).unwrap()));
                }
                all
            };
            (numbers(output.clone()), output, Box::new(gradients))
        };
        check(&format!("gate {dims:?}, {squeezed}"), &inputs, ours, |inputs| {
            let [x, weight_1, bias_1, weight_2, bias_2] = inputs else { panic!("five inputs") };
            let mut output = Vec::new();
            for maps in x.chunks_exact(channels * plane) {
                let means: Vec<f64> = maps
                    .chunks_exact(plane)
                    .map(|map| map.iter().sum::<f64>() / plane as f64)
                    .collect();
                let layer = |x: &[f64], weight: &[f64], bias: &[f64]| -> Vec<f64> {
                    let rows = weight.chunks_exact(x.len()).zip(bias);
                    rows.map(|(row, bias)| {
                        bias + row.iter().zip(x).map(|(weight, x)| weight * x).sum::<f64>()
                    })
                    .collect()
                };
                let hidden = layer(&means, weight_1, bias_1);
                let hidden: Vec<f64> = hidden.into_iter().map(|x| x * sigmoid(x)).collect();
                let gates = layer(&hidden, weight_2, bias_2);
                for (map, gate) in maps.chunks_exact(plane).zip(gates) {
                    output.extend(map.iter().map(|value| value * sigmoid(gate)));
                }
            }
            output
        });
    }
}

/// The shares of a map.
fn softmax(map: &[f64]) -> Vec<f64> {
    let highest = map.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let shares: Vec<f64> = map.iter().map(|value| (value - highest).exp()).collect();
    let sum: f64 = shares.iter().sum();
    shares.into_iter().map(|share| share / sum).collect()
}

#[test]
fn heat_maps_follow_the_formulas_and_so_do_their_gradients() {
    let device = Device::flex().autodiff();
    for (number, dims @ [batch, count, height, width]) in drawn_maps(12, 7).into_iter().enumerate()
    {
        let seed = 2000 + 10 * number as u64;
        let scaled = random(dims.iter().product(), seed).into_iter().map(|value| 4.0 * value);
        let inputs = [scaled.collect::<Vec<f32>>()];
        let with = |op: &dyn Fn(Tensor<4>) -> Tensor<1>, inputs: &[Vec<f32>]| -> Ours {
            let maps = tensor(&inputs[0], dims, &device).require_grad();
            let output = op(maps.clone());
            let gradients =
                move |gradients: &Gradients| vec![numbers(maps.grad(gradients).unwrap())];
            (numbers(output.clone()), output, Box::new(gradients))
        };
        let place = |cell: usize| [(cell % width) as f64, (cell / width) as f64];
        let means = |inputs: &[Vec<f32>]| with(&|maps| flat(heat_map_means(maps)), inputs);
        check(&format!("means {dims:?}"), &inputs, means, |inputs| {
            let of = |map: &[f64]| {
                let shares = softmax(map);
                let mean = |axis: usize| -> f64 {
                    shares.iter().enumerate().map(|(cell, share)| share * place(cell)[axis]).sum()
                };
                [mean(0), mean(1)]
            };
            inputs[0].chunks_exact(height * width).flat_map(of).collect()
        });

        let reach = height.max(width) as f32;
        let centres: Vec<f32> = random(2 * batch * count, seed + 1);
        let centres: Vec<f32> = centres.iter().map(|at| 0.6 * reach * (at + 1.0)).collect();
        let spread = [0.5, 1.3, 4.0][number % 3];
        let divergences = |inputs: &[Vec<f32>]| {
            let centres = || tensor(&centres, [batch, count, 2], &device);
            with(&|maps| flat(heat_map_divergences(maps, centres(), spread)), inputs)
        };
        check(&format!("divergences {dims:?}"), &inputs, divergences, |inputs| {
            let maps = inputs[0].chunks_exact(height * width).zip(centres.as_chunks::<2>().0);
            maps.map(|(map, centre)| {
                let gaussian = |cell: usize| {
                    let off = [0, 1].map(|axis| place(cell)[axis] - f64::from(centre[axis]));
                    -(off[0] * off[0] + off[1] * off[1]) / (2.0 * spread * spread)
                };
                let wanted = softmax(&(0..map.len()).map(gaussian).collect::<Vec<f64>>());
                let terms = wanted.iter().zip(softmax(map)).filter(|(wanted, _)| **wanted > 0.0);
                terms.map(|(wanted, found)| wanted * (wanted.ln() - found.ln())).sum()
            })
            .collect()
        });
    }
}

#[test]
fn halved_and_doubled_maps_follow_the_formulas() {
    let device = Device::flex().autodiff();
    for dims in [[1, 1, 2, 2], [2, 3, 6, 10], [1, 5, 2, 34], [3, 2, 4, 6]] {
        let [batch, channels, height, width] = dims;
        let len: usize = dims.iter().product();
        let cell = |at: usize| {
            let (map, at) = (at / (height * width), at % (height * width));
            (map * (height / 2) + at / width / 2) * (width / 2) + at % width / 2
        };
        let ours = |inputs: &[Vec<f32>]| -> Ours {
            let x = tensor(&inputs[0], dims, &device).require_grad();
            let output = flat(halve(x.clone()));
            let gradients = move |gradients: &Gradients| vec![numbers(x.grad(gradients).unwrap())];
            (numbers(output.clone()), output, Box::new(gradients))
        };
        check(&format!("halve {dims:?}"), &[random(len, 1)], ours, |inputs| {
            let mut output = vec![0.0; len / 4];
            inputs[0].iter().enumerate().for_each(|(at, value)| output[cell(at)] += value / 4.0);
            output
        });
        let ours = |inputs: &[Vec<f32>]| -> Ours {
            let half = [batch, channels, height / 2, width / 2];
            let coarse = tensor(&inputs[0], half, &device).require_grad();
            let fine = tensor(&inputs[1], dims, &device).require_grad();
            let output = flat(double_add_relu(coarse.clone(), fine.clone()));
            let gradients = move |gradients: &Gradients| {
                [coarse.grad(gradients), fine.grad(gradients)]
                    .map(|one| numbers(one.unwrap()))
                    .into()
            };
            (numbers(output.clone()), output, Box::new(gradients))
        };
        let inputs = [random(len / 4, 2), random(len, 3)];
        check(&format!("double {dims:?}"), &inputs, ours, |inputs| {
            let values = inputs[1].iter().enumerate();
            values.map(|(at, value)| (inputs[0][cell(at)] + value).max(0.0)).collect()
        });
    }
    // The activation by itself.
    let inputs = [random(1003, 4)];
    let ours = |inputs: &[Vec<f32>]| -> Ours {
        let x = tensor(&inputs[0], [inputs[0].len()], &device).require_grad();
        let output = silu(x.clone() * 5.0);
        let gradients = move |gradients: &Gradients| vec![numbers(x.grad(gradients).unwrap())];
        (numbers(output.clone()), output, Box::new(gradients))
    };
    check("silu", &inputs, ours, |inputs| {
        inputs[0].iter().map(|value| 5.0 * value * sigmoid(5.0 * value)).collect()
    });
}
