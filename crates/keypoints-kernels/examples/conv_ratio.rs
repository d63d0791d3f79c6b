//! How much faster than Burn's convolution are ours? The two take turns, so that whatever else the machine
//! does slows both; the ratio is that of the medians.
//!
//! `cargo run --release -p keypoints-kernels --example conv_ratio -- 7 1` takes 7 turns with single pictures
//! (default: 5 turns, batch 32).

use std::time::Instant;

use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Distribution, Tensor, module};
use keypoints_kernels::{Convolution, KernelError, SimdLevel, conv2d};

/// Channels in and out, side of the picture, kernel, stride.
const LAYERS: [[usize; 5]; 15] = [
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
    [32, 64, 48, 3, 2],
    [96, 24, 56, 1, 1],
    [16, 96, 56, 1, 1],
];

fn main() -> Result<(), KernelError> {
    let number = |at| std::env::args().nth(at).and_then(|number| number.parse::<usize>().ok());
    let (turns, batch) = (number(1).unwrap_or(5), number(2).unwrap_or(32));
    println!("{:?}, {} threads, batch {batch}", SimdLevel::best(), rayon::current_num_threads());
    println!("{:24}{:>30}{:>34}", "", "forward: ours, Burn (GFLOP/s)", "and backward: ours, Burn");
    for [channels_in, channels_out, side, kernel, stride] in LAYERS {
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

        let mut seconds = [const { Vec::new() }; 4];
        for _ in 0..turns {
            for (ours, seconds) in [true, false].into_iter().zip(seconds.chunks_exact_mut(2)) {
                let apply = |x, weight, bias| match ours {
                    true => conv2d(x, weight, Some(bias), options.clone()),
                    false => module::conv2d(x, weight, Some(bias), options.clone()),
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
        let [forward, both, burn_forward, burn_both] = seconds.map(median);
        let all = if learns_input { 3.0 } else { 2.0 } * operations;
        let name = format!("{channels_in}->{channels_out} {side}² {kernel}×{kernel}/{stride}");
        println!(
            "{name:24}{:9.1}{:9.1}  ×{:5.2}    {:9.1}{:9.1}  ×{:5.2}    {:8.1} ms",
            operations / forward,
            operations / burn_forward,
            burn_forward / forward,
            all / both,
            all / burn_both,
            burn_both / both,
            1e3 * both,
        );
    }
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
