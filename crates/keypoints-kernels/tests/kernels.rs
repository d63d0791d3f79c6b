//! The kernels against sums in `f64`, at every level that this processor has.

mod common;

use common::{Case, assert_close, random};
use keypoints_kernels::{Convolution, KernelError, SimdLevel};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Every channel by itself: planes smaller and larger than a register, all strides and paddings.
fn depthwise_cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for side in [1, 2, 3, 6, 7, 12, 14, 33, 64] {
        for [kernel, stride, padding] in
            [[3, 1, 1], [3, 2, 1], [5, 1, 2], [5, 2, 2], [1, 1, 0], [1, 2, 0], [4, 3, 3], [3, 1, 3]]
        {
            for [batch, channels] in [[1, 5], [3, 2]] {
                cases.push(Case::depthwise(
                    [batch, channels, side, side],
                    [kernel, stride, padding],
                ));
            }
        }
    }
    for width in [9, 31, 32, 34, 63, 65] {
        for [kernel, stride, padding] in [[3, 2, 1], [5, 2, 2], [3, 2, 0], [2, 2, 0]] {
            cases.push(Case::depthwise([9, 2, 8, width], [kernel, stride, padding]));
        }
    }
    // Several pictures a group, and a last group with fewer.
    for [batch, side, kernel, stride] in
        [[20, 28, 5, 1], [11, 28, 3, 2], [7, 14, 3, 1], [70, 7, 5, 1], [33, 9, 3, 2]]
    {
        cases.push(Case::depthwise([batch, 2, side, side], [kernel, stride, kernel / 2]));
    }
    let lopsided = Case::depthwise([2, 3, 13, 10], [3, 1, 0]);
    for stride in [[1, 1], [1, 2], [2, 1], [2, 2], [3, 2]] {
        for padding in [[(0, 2), (3, 1)], [(1, 0), (0, 2)], [(4, 4), (2, 7)]] {
            cases.push(Case { kernel: [2, 5], stride, padding, ..lopsided });
        }
    }
    cases
}

/// 1×1: fewer and more rows, columns and terms than fit registers and panels, planes of all sizes.
fn pointwise_cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for [batch, channels_in, side] in
        [[16, 70, 3], [5, 20, 6], [2, 130, 7], [3, 49, 14], [1, 33, 1], [16, 12, 1], [2, 9, 30]]
    {
        for channels_out in [1, 8, 13, 100] {
            let input = [batch, channels_in, side, side];
            cases.push(Case::square(input, channels_out, [1, 1, 0]));
        }
    }
    cases
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for channels_in in [1, 3, 5, 17] {
        for channels_out in [1, 3, 5, 17] {
            for side in [1, 7, 12] {
                for [kernel, stride, padding] in [[3, 1, 1], [3, 2, 1], [1, 1, 0], [1, 2, 0]] {
                    for batch in [1, 3] {
                        let input = [batch, channels_in, side, side];
                        cases.push(Case::square(input, channels_out, [kernel, stride, padding]));
                    }
                }
            }
        }
    }
    for side in [48, 97] {
        for [kernel, stride, padding] in [[3, 1, 1], [3, 2, 1], [5, 1, 2], [1, 1, 0]] {
            cases.push(Case::square([3, 3, side, side], 5, [kernel, stride, padding]));
        }
    }
    // Many channels: several bands of rows for each image.
    cases.push(Case::square([2, 128, 41, 40], 9, [3, 1, 1]));
    cases.push(Case::square([2, 256, 32, 32], 5, [1, 1, 0]));
    // Tiles: whole registers of channels and not, whole tiles and not, all paddings, several pictures a unit.
    for [channels_in, channels_out, side, padding, batch] in [
        [16, 16, 12, 1, 3],
        [32, 16, 9, 1, 5],
        [16, 48, 13, 0, 2],
        [15, 30, 7, 2, 7],
        [64, 32, 6, 1, 9],
        [16, 16, 50, 1, 1],
        [24, 80, 11, 1, 3],
        // Weight gradients: a task's sums of its own, some and several units a task, and more channels than those take.
        [16, 32, 24, 1, 9],
        [48, 33, 12, 1, 17],
        [64, 64, 12, 1, 16],
        [80, 64, 8, 1, 20],
    ] {
        cases.push(Case::square([batch, channels_in, side, side], channels_out, [3, 1, padding]));
    }
    cases.push(Case { padding: [(0, 1), (2, 0)], ..Case::square([3, 16, 14, 9], 16, [3, 1, 0]) });
    // A register of channels per pixel: with strides and other kernels than 3×3, whole registers and not, one or more
    // panels, all widths of tiles, several pictures a band and several bands a picture.
    for [channels_in, channels_out, side, kernel, stride, padding, batch] in [
        [16, 32, 48, 3, 2, 1, 2],
        [12, 40, 27, 3, 2, 1, 3],
        [33, 17, 13, 3, 2, 0, 17],
        [64, 128, 12, 3, 2, 1, 2],
        [16, 15, 24, 1, 1, 0, 1],
        [30, 64, 7, 1, 2, 0, 3],
        [16, 16, 11, 5, 1, 2, 2],
        [16, 24, 20, 5, 3, 1, 2],
        [1, 16, 31, 3, 2, 1, 9],
        [16, 1, 31, 3, 1, 1, 1],
        [64, 64, 6, 3, 1, 1, 16],
        [16, 16, 130, 3, 1, 1, 1],
        // Rows of six pixels, two at a time, an odd number of them too.
        [16, 48, 13, 3, 2, 0, 2],
        [20, 30, 12, 3, 2, 1, 5],
        // Few input channels: a picture's.
        [1, 16, 96, 3, 2, 1, 3],
        [3, 32, 33, 3, 2, 1, 10],
        [4, 13, 20, 3, 1, 1, 2],
        [2, 9, 17, 3, 3, 3, 2],
    ] {
        cases.push(Case::square(
            [batch, channels_in, side, side],
            channels_out,
            [kernel, stride, padding],
        ));
    }
    cases.push(Case {
        padding: [(2, 0), (0, 3)],
        stride: [2, 1],
        ..Case::square([2, 16, 15, 10], 16, [3, 1, 0])
    });
    cases.extend(drawn(150));
    // No padding, more than the kernel needs, more stride than kernel, everything lopsided.
    cases.push(Case::square([1, 2, 9, 11], 3, [3, 1, 0]));
    cases.push(Case::square([2, 2, 4, 5], 3, [3, 1, 4]));
    cases.push(Case::square([2, 2, 10, 9], 3, [2, 3, 0]));
    cases.push(Case {
        input: [2, 3, 13, 10],
        channels_out: 6,
        kernel: [2, 5],
        stride: [3, 2],
        padding: [(0, 2), (3, 1)],
        depthwise: false,
    });
    cases
}

/// Sizes drawn at random, the same ones every time.
fn drawn(count: usize) -> Vec<Case> {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let mut cases = Vec::new();
    while cases.len() < count {
        let kernel = [rng.random_range(1..=4), rng.random_range(1..=4)];
        let mut pad = || (rng.random_range(0..=3), rng.random_range(0..=3));
        let padding = [pad(), pad()];
        let side = || 1..=19;
        let input = [
            rng.random_range(1..=9),
            rng.random_range(1..=40),
            rng.random_range(side()),
            rng.random_range(side()),
        ];
        let stride = [rng.random_range(1..=3), rng.random_range(1..=3)];
        let channels_out = rng.random_range(1..=40);
        let case = Case { kernel, stride, padding, ..Case::square(input, channels_out, [1, 1, 0]) };
        if case.convolution().output_size().is_ok() {
            cases.push(case);
        }
    }
    cases
}

#[test]
fn forward_and_gradients_agree_with_f64() {
    let levels: Vec<_> = SimdLevel::ALL.into_iter().filter(|level| level.is_available()).collect();
    let cases = cases().into_iter().chain(depthwise_cases()).chain(pointwise_cases());
    for case in cases {
        let [input_len, weight_len] =
            [case.input, case.weight_dims()].map(|dims| dims.iter().product());
        let [batch, channels_out, height, width] = case.output_dims();
        let plane = height * width;
        let x = random(input_len, 1);
        let weight = random(weight_len, 2);
        let bias = random(channels_out, 3);
        let upstream = random(batch * channels_out * plane, 4);

        let mut output: Vec<f64> =
            (0..upstream.len()).map(|at| f64::from(bias[at / plane % channels_out])).collect();
        let mut x_gradient = vec![0.0_f64; x.len()];
        let mut weight_gradient = vec![0.0_f64; weight.len()];
        let mut bias_gradient = vec![0.0_f64; channels_out];
        case.products(|from, by, to| {
            output[to] += f64::from(x[from]) * f64::from(weight[by]);
            x_gradient[from] += f64::from(upstream[to]) * f64::from(weight[by]);
            weight_gradient[by] += f64::from(upstream[to]) * f64::from(x[from]);
        });
        for (at, value) in upstream.iter().enumerate() {
            bias_gradient[at / plane % channels_out] += f64::from(*value);
        }

        let taps = case.kernel[0] * case.kernel[1];
        for level in &levels {
            let convolution = case.convolution().with_level(*level);
            let name = |what| format!("{what} {level:?} {case:?}");
            let found = convolution.forward(&x, &weight, Some(&bias)).unwrap();
            assert_close(&name("output"), &found, &output, case.rounding(case.inputs() * taps));
            let rectified = convolution.forward_relu(&x, &weight, Some(&bias)).unwrap();
            let expected: Vec<f32> = found.iter().map(|value| value.max(0.0)).collect();
            assert_eq!(rectified, expected, "{}", name("output behind a ReLU"));
            let found = convolution.input_gradient(&weight, &upstream).unwrap();
            assert_close(
                &name("input gradient"),
                &found,
                &x_gradient,
                case.rounding(channels_out * taps),
            );
            let found = convolution.weight_gradient(&x, &upstream).unwrap();
            assert_close(
                &name("weight gradient"),
                &found,
                &weight_gradient,
                case.rounding(batch * plane),
            );
            let found = convolution.bias_gradient(&upstream).unwrap();
            assert_close(&name("bias gradient"), &found, &bias_gradient, batch * plane);
        }
    }
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    for case in [
        Case::square([5, 17, 31, 30], 19, [3, 1, 1]),
        Case::square([5, 16, 31, 30], 32, [3, 1, 1]),
        Case::square([9, 80, 12, 12], 64, [3, 1, 1]),
        Case::square([5, 1, 31, 30], 16, [3, 2, 1]),
        Case::square([1, 64, 48, 48], 64, [3, 1, 1]),
        Case::square([5, 16, 48, 48], 32, [3, 2, 1]),
        Case::square([1, 16, 160, 48], 32, [3, 2, 1]),
        Case::square([16, 70, 3, 3], 50, [1, 1, 0]),
        Case::square([3, 24, 20, 20], 96, [1, 1, 0]),
        Case::depthwise([16, 70, 3, 3], [5, 1, 2]),
        Case::depthwise([2, 24, 40, 40], [3, 2, 1]),
    ] {
        let x = random(case.input.iter().product(), 1);
        let weight = random(case.weight_dims().iter().product(), 2);
        let upstream = random(case.output_dims().iter().product(), 3);
        let convolution = case.convolution();
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                [
                    convolution.forward(&x, &weight, None).unwrap(),
                    convolution.input_gradient(&weight, &upstream).unwrap(),
                    convolution.weight_gradient(&x, &upstream).unwrap(),
                    convolution.bias_gradient(&upstream).unwrap(),
                ]
            })
        };
        let alone = run(1);
        for threads in [2, 3, 7] {
            assert_eq!(alone, run(threads), "{threads} threads");
        }
    }
}

#[test]
fn sizes_that_do_not_fit_are_refused() {
    assert_eq!(
        Convolution::new([1, 0, 4, 4], 1, [3, 3]),
        Err(KernelError::Zero { field: "input channels" })
    );
    let convolution = Convolution::new([1, 1, 4, 4], 1, [3, 3]).unwrap();
    let stuck = convolution.clone().with_stride([1, 0]);
    assert_eq!(stuck.output_size(), Err(KernelError::Zero { field: "stride" }));
    let large = Convolution::new([1, 1, 4, 2], 1, [3, 3]).unwrap();
    assert_eq!(large.output_size(), Err(KernelError::KernelTooLarge { kernel: 3, input: 2 }));

    let (x, weight, gradient) = ([0.0; 16], [0.0; 9], [0.0; 4]);
    let refused = |name, expected, found| Err(KernelError::Length { name, expected, found });
    assert_eq!(convolution.forward(&x[1..], &weight, None), refused("input", 16, 15));
    assert_eq!(convolution.forward(&x, &weight[1..], None), refused("weight", 9, 8));
    assert_eq!(convolution.forward(&x, &weight, Some(&[])), refused("bias", 1, 0));
    assert_eq!(convolution.input_gradient(&weight, &x), refused("output gradient", 4, 16));
    assert_eq!(convolution.weight_gradient(&x, &x), refused("output gradient", 4, 16));
    assert_eq!(convolution.bias_gradient(&gradient[1..]), refused("output gradient", 4, 3));
    let text = KernelError::Length { name: "bias", expected: 1, found: 0 }.to_string();
    assert_eq!(text, "convolution: bias has 0 values, expected 1");
}

/// Products of these wrap to numbers that fit their slices.
#[test]
fn sizes_that_no_memory_has_are_refused() {
    let large = |name| Err(KernelError::TooLarge { name });
    let tall = Convolution::new([1, 16, 4, 1 << 62], 16, [3, 3]).unwrap();
    let tall = tall.with_padding([1, 1], [1, 1]);
    assert_eq!(tall.forward(&[], &[0.0; 2304], None), large("padded input"));
    assert_eq!(tall.input_gradient(&[0.0; 2304], &[]), large("padded input"));
    assert_eq!(tall.weight_gradient(&[], &[]), large("padded input"));
    assert_eq!(tall.bias_gradient(&[]), large("padded input"));
    let small = Convolution::new([1, 1, 1, 1], 1, [1, 1]).unwrap();
    let padded = small.clone().with_padding([usize::MAX, 1], [0, 0]);
    assert_eq!(padded.forward(&[1.0], &[1.0], None), large("padded input"));
    let wide = Convolution::new([1, 1 << 32, 1, 1], 1 << 32, [1, 1]).unwrap();
    assert_eq!(wide.forward(&[], &[], None), large("weight"));
    let many = Convolution::new([1 << 32, 1, 1, 1], 1 << 32, [1, 1]).unwrap();
    assert_eq!(many.forward(&[], &[], None), large("output"));

    // A stride beyond the kernel leaves pixels out, and costs nothing.
    for (convolution, channels, weights) in [
        (Convolution::new([1, 1, 2, 2], 1, [1, 1]), 1, 1),
        (Convolution::new([1, 16, 2, 2], 16, [1, 1]), 16, 256),
        (Convolution::depthwise([1, 16, 2, 2], [1, 1]), 16, 16),
    ] {
        let convolution = convolution.unwrap().with_stride([1 << 50, 1 << 50]);
        let gradient = convolution.input_gradient(&vec![0.5; weights], &vec![1.0; channels]);
        let reached = gradient.unwrap().iter().filter(|&&one| one != 0.0).count();
        assert_eq!(reached, channels, "one pixel of four in every channel");
    }
}
