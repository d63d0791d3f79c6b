//! How much faster than Burn's convolution are ours, in `f32` and with factors rounded to bf16? The three take
//! turns, so that whatever else the machine does slows them all; ratios are those of the medians.
//!
//! `cargo run --release -p keypoints-kernels --example conv_ratio -- 7 1` takes 7 turns with single pictures
//! (default: 5 turns, batch 32); a third number picks one layer.

use std::time::Instant;

use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Distribution, Tensor, module};
use keypoints_kernels::{
    Bf16Level, Convolution, KernelError, Precision, SimdLevel, conv2d, with_precision,
};

/// Channels in and out, side of the picture, kernel, stride: the layers of the notebook's network, of a small one at 48², and a
/// few others.
const LAYERS: [[usize; 5]; 21] = [
    [1, 64, 96, 3, 1],
    [64, 64, 96, 3, 1],
    [64, 128, 48, 3, 1],
    [128, 128, 48, 3, 1],
    [128, 256, 24, 3, 1],
    [256, 256, 24, 3, 1],
    [1, 16, 48, 3, 1],
    [16, 16, 48, 3, 1],
    [16, 32, 24, 3, 1],
    [32, 32, 24, 3, 1],
    [32, 64, 12, 3, 1],
    [64, 64, 12, 3, 1],
    [16, 32, 48, 3, 2],
    [32, 64, 48, 3, 2],
    [64, 128, 12, 3, 2],
    [128, 128, 6, 3, 1],
    [48, 48, 24, 3, 1],
    [16, 32, 24, 1, 1],
    [64, 128, 6, 1, 1],
    [96, 24, 56, 1, 1],
    [16, 96, 56, 1, 1],
];

fn main() -> Result<(), KernelError> {
    let number = |at| std::env::args().nth(at).and_then(|number| number.parse::<usize>().ok());
    let (turns, batch) = (number(1).unwrap_or(5), number(2).unwrap_or(32));
    let threads = rayon::current_num_threads();
    println!("f32: {:?}, {threads} threads, batch {batch}", SimdLevel::best());
    match Bf16Level::best() {
        Some(level) => println!("bf16: {level:?}"),
        None => println!("bf16: not on this processor, so f32 again"),
    }
    let table = "bf16, f32, Burn (GFLOP/s)";
    println!(
        "{:24}{:>35}   {:>41}",
        "",
        format!("forward: {table}"),
        format!("and backward: {table}")
    );
    let layers = number(3).and_then(|at| LAYERS.get(at..at + 1)).unwrap_or(&LAYERS);
    for &[channels_in, channels_out, side, kernel, stride] in layers {
        let padding = kernel / 2;
        let input = [batch, channels_in, side, side];
        let shape = Convolution::new(input, channels_out, [kernel; 2])?
            .with_padding([padding; 2], [padding; 2])
            .with_stride([stride; 2]);
        let operations = 2e-9 * shape.multiply_adds()? as f64;
        let [height, width] = shape.output_size()?;

        let device = Device::flex().autodiff();
        let random = |dims| Tensor::<4>::random(dims, Distribution::Default, &device);
        let x = random(input);
        let weight = random([channels_out, channels_in, kernel, kernel]);
        let bias = Tensor::<1>::random([channels_out], Distribution::Default, &device);
        let upstream = random([batch, channels_out, height, width]);
        let options = ConvOptions::new([stride; 2], [padding; 2], [1, 1], 1);
        // The first layer's input is a picture and needs no gradient.
        let learns_input = channels_in > 1;

        let mut seconds = [const { Vec::new() }; 6];
        for _ in 0..turns {
            let kinds = [Some(Precision::Bf16), Some(Precision::F32), None];
            for (kind, seconds) in kinds.into_iter().zip(seconds.chunks_exact_mut(2)) {
                let apply = |x, weight, bias| match kind {
                    Some(precision) => {
                        with_precision(precision, || conv2d(x, weight, Some(bias), options.clone()))
                    }
                    None => module::conv2d(x, weight, Some(bias), options.clone()),
                };
                let [plain_x, plain_weight] = [&x, &weight].map(|tensor| tensor.clone().inner());
                let plain_bias = bias.clone().inner();
                let start = Instant::now();
                drop(apply(plain_x, plain_weight, plain_bias));
                seconds[0].push(start.elapsed().as_secs_f64());

                let weight = weight.clone().detach().require_grad();
                let bias = bias.clone().detach().require_grad();
                let x = if learns_input { x.clone().detach().require_grad() } else { x.clone() };
                let start = Instant::now();
                let output = apply(x, weight, bias);
                drop((output * upstream.clone()).sum().backward());
                seconds[1].push(start.elapsed().as_secs_f64());
            }
        }
        let [half_forward, half_both, forward, both, burn_forward, burn_both] = seconds.map(median);
        let all = if learns_input { 3.0 } else { 2.0 } * operations;
        let name = format!("{channels_in}->{channels_out} {side}² {kernel}×{kernel}/{stride}");
        let row = |operations: f64, [half, ours, burn]: [f64; 3]| {
            let rates = [half, ours, burn].map(|seconds| format!("{:8.1}", operations / seconds));
            format!("{} ×{:5.2} ×{:5.2}", rates.concat(), ours / half, burn / ours)
        };
        println!(
            "{name:24}{}   {}   {:8.1} ms",
            row(operations, [half_forward, forward, burn_forward]),
            row(all, [half_both, both, burn_both]),
            1e3 * half_both,
        );
    }
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
