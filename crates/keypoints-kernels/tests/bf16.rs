//! Convolutions of factors rounded to bf16: against sums in `f64` of the rounded factors, where all that is
//! left is the error of sums in `f32`, at every level that this processor has.

mod common;

use common::{Case, assert_close, random};
use keypoints_kernels::{Bf16Level, Convolution, Precision};

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for channels_in in [1, 3, 5, 16, 17, 24, 40, 70] {
        for channels_out in [1, 5, 16, 24, 40, 49] {
            for [kernel, stride, padding] in [[3, 1, 1], [3, 2, 1], [1, 1, 0], [1, 2, 0]] {
                for [side, batch] in [[1, 1], [6, 3], [11, 2]] {
                    let input = [batch, channels_in, side, side];
                    cases.push(Case::square(input, channels_out, [kernel, stride, padding]));
                }
            }
        }
    }
    // Several bands of rows for each image, several groups of images for each share.
    for [channels_in, side, channels_out] in [[64, 97, 33], [16, 96, 16], [130, 41, 9], [1, 96, 20]]
    {
        cases.push(Case::square([1, channels_in, side, side], channels_out, [3, 1, 1]));
        cases.push(Case::square([1, channels_in, side, side - 1], channels_out, [3, 2, 1]));
    }
    cases.push(Case::square([75, 3, 7, 6], 18, [3, 1, 1]));
    cases.push(Case::square([2, 256, 32, 32], 5, [1, 1, 0]));
    // No padding, more than the kernel needs, more stride than kernel, everything lopsided.
    for channels in [1, 2, 20, 35] {
        cases.push(Case::square([1, channels, 9, 11], 3, [3, 1, 0]));
        cases.push(Case::square([2, channels, 4, 5], 33, [3, 1, 4]));
        cases.push(Case::square([2, channels, 10, 9], 3, [2, 3, 0]));
        cases.push(Case::square([2, channels, 20, 19], 3, [5, 1, 2]));
        cases.push(Case {
            input: [2, channels, 13, 10],
            channels_out: 18,
            kernel: [2, 5],
            stride: [3, 2],
            padding: [(0, 2), (3, 1)],
            depthwise: false,
        });
    }
    cases
}

fn levels() -> Vec<Bf16Level> {
    let levels: Vec<_> = Bf16Level::ALL.into_iter().filter(|level| level.is_available()).collect();
    for level in Bf16Level::ALL {
        if !levels.contains(&level) {
            println!("skipped: this processor has no {level:?} for bf16");
        }
    }
    levels
}

/// The nearest number with eight bits of mantissa, ties to even.
fn rounded(value: f32) -> f32 {
    let bits = value.to_bits();
    f32::from_bits((bits + 0x7fff + (bits >> 16 & 1)) & 0xffff_0000)
}

#[test]
fn forward_and_gradients_agree_with_f64() {
    let levels = levels();
    if levels.is_empty() {
        return;
    }
    for case in cases() {
        let [input_len, weight_len] =
            [case.input, case.weight_dims()].map(|dims| dims.iter().product());
        let [batch, channels_out, height, width] = case.output_dims();
        let plane = height * width;
        let x = random(input_len, 1);
        let weight = random(weight_len, 2);
        let bias = random(channels_out, 3);
        let upstream = random(batch * channels_out * plane, 4);

        let exact = |values: &[f32]| -> Vec<f64> {
            values.iter().map(|value| f64::from(rounded(*value))).collect()
        };
        let [exact_x, exact_weight, exact_upstream] = [&x, &weight, &upstream].map(|v| exact(v));
        let mut output: Vec<f64> =
            (0..upstream.len()).map(|at| f64::from(bias[at / plane % channels_out])).collect();
        let mut x_gradient = vec![0.0_f64; x.len()];
        let mut weight_gradient = vec![0.0_f64; weight.len()];
        case.products(|from, by, to| {
            output[to] += exact_x[from] * exact_weight[by];
            x_gradient[from] += exact_upstream[to] * exact_weight[by];
            weight_gradient[by] += exact_upstream[to] * exact_x[from];
        });

        let taps = case.kernel[0] * case.kernel[1];
        for level in &levels {
            let convolution = case.convolution().with_bf16_level(*level);
            assert_eq!(convolution.precision(), Precision::Bf16);
            let name = |what| format!("{what} {level:?} {case:?}");
            let found = convolution.forward(&x, &weight, Some(&bias)).unwrap();
            assert_close(&name("output"), &found, &output, case.input[1] * taps);
            let found = convolution.input_gradient(&weight, &upstream).unwrap();
            assert_close(&name("input gradient"), &found, &x_gradient, channels_out * taps);
            let found = convolution.weight_gradient(&x, &upstream).unwrap();
            assert_close(&name("weight gradient"), &found, &weight_gradient, batch * plane);
        }
    }
}

/// A factor is off by at most 2⁻⁸ of itself, a product of two by 2⁻⁷, a sum of many mostly by much less. Without `Bf16` nothing is rounded, with it on a processor that lacks it neither.
#[test]
fn results_are_those_of_f32_but_for_the_rounding() {
    let case = Case::square([3, 32, 20, 20], 32, [3, 1, 1]);
    let x = random(case.input.iter().product(), 1);
    let weight = random(case.weight_dims().iter().product(), 2);
    let upstream = random(case.output_dims().iter().product(), 3);
    let run = |convolution: Convolution| {
        [
            convolution.forward(&x, &weight, None).unwrap(),
            convolution.input_gradient(&weight, &upstream).unwrap(),
            convolution.weight_gradient(&x, &upstream).unwrap(),
        ]
    };
    let exact = run(case.convolution());
    assert_eq!(exact, run(case.convolution().with_precision(Precision::F32)));
    let found = run(case.convolution().with_precision(Precision::Bf16));
    if !Precision::Bf16.is_supported() {
        println!("skipped: this processor does not multiply bf16");
        assert_eq!(exact, found);
        return;
    }
    for (exact, found) in exact.iter().zip(&found) {
        let norm = |values: &mut dyn Iterator<Item = f32>| {
            values.map(|value| f64::from(value).powi(2)).sum::<f64>().sqrt()
        };
        let error = norm(&mut exact.iter().zip(found).map(|(exact, found)| exact - found))
            / norm(&mut exact.iter().copied());
        assert!(error > 1e-4, "nothing was rounded: {error}");
        assert!(error < 4e-3, "relative error {error}");
    }
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    for case in [
        Case::square([5, 17, 31, 30], 70, [3, 1, 1]),
        Case::square([9, 34, 12, 12], 48, [3, 2, 1]),
        Case::square([33, 1, 20, 20], 16, [3, 1, 1]),
    ] {
        let x = random(case.input.iter().product(), 1);
        let weight = random(case.weight_dims().iter().product(), 2);
        let upstream = random(case.output_dims().iter().product(), 3);
        for level in levels() {
            let convolution = case.convolution().with_bf16_level(level);
            let run = |threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| {
                    [
                        convolution.forward(&x, &weight, None).unwrap(),
                        convolution.input_gradient(&weight, &upstream).unwrap(),
                        convolution.weight_gradient(&x, &upstream).unwrap(),
                    ]
                })
            };
            let alone = run(1);
            for threads in [2, 3, 7] {
                assert_eq!(alone, run(threads), "{threads} threads {level:?} {case:?}");
            }
        }
    }
}
