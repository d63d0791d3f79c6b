//! How fast is each pass of a convolution: forward, gradient of the input, gradient of the weight? On slices, without
//! Burn, in `f32` and bf16, medians.
//!
//! `cargo run --release -p keypoints-kernels --example conv_passes -- 64 9` takes batches of 64 and 9 turns (default: 64, 7);
//! a third number picks one layer, for a profiler to watch.

use std::hint::black_box;
use std::time::Instant;

use keypoints_kernels::{Convolution, KernelError, Precision};

/// Channels in and out, side of the picture, kernel, stride: the layers of the compact network, then wider ones.
const LAYERS: [[usize; 5]; 13] = [
    [1, 16, 96, 3, 2],
    [16, 16, 48, 3, 1],
    [16, 32, 48, 3, 2],
    [32, 32, 24, 3, 1],
    [32, 64, 24, 3, 2],
    [64, 64, 12, 3, 1],
    [64, 128, 12, 3, 2],
    [128, 128, 6, 3, 1],
    [16, 32, 24, 1, 1],
    [64, 128, 6, 1, 1],
    [32, 30, 24, 1, 1],
    [64, 64, 96, 3, 1],
    [256, 256, 24, 3, 1],
];

fn main() -> Result<(), KernelError> {
    let number = |at| std::env::args().nth(at).and_then(|number| number.parse::<usize>().ok());
    let (batch, turns) = (number(1).unwrap_or(64), number(2).unwrap_or(7));
    println!(
        "batch {batch}; GFLOP/s (ms) of forward, input gradient, weight gradient: f32, then bf16"
    );
    let layers = number(3).and_then(|at| LAYERS.get(at..at + 1)).unwrap_or(&LAYERS);
    for &[channels_in, channels_out, side, kernel, stride] in layers {
        let shape = Convolution::new([batch, channels_in, side, side], channels_out, [kernel; 2])?
            .with_padding([kernel / 2; 2], [kernel / 2; 2])
            .with_stride([stride; 2]);
        let [height, width] = shape.output_size()?;
        let numbers = |len: usize| -> Vec<f32> {
            (0..len).map(|at| ((at * 2_654_435_761) % 1000) as f32 / 500.0 - 1.0).collect()
        };
        let input = numbers(batch * channels_in * side * side);
        let weight = numbers(channels_out * channels_in * kernel * kernel);
        let gradient = numbers(batch * channels_out * height * width);
        let operations = 2e-9 * shape.multiply_adds()? as f64;
        let mut cells = String::new();
        for precision in [Precision::F32, Precision::Bf16] {
            let shape = shape.clone().with_precision(precision);
            let mut seconds = [const { Vec::new() }; 3];
            for _ in 0..=turns {
                let mut clock = Instant::now();
                let mut lap = |pass: usize, values: Vec<f32>| {
                    seconds[pass].push(clock.elapsed().as_secs_f64());
                    drop(black_box(values));
                    clock = Instant::now();
                };
                lap(0, shape.forward(&input, &weight, None)?);
                lap(1, shape.input_gradient(&weight, &gradient)?);
                lap(2, shape.weight_gradient(&input, &gradient)?);
            }
            for mut seconds in seconds {
                seconds.remove(0);
                seconds.sort_by(f64::total_cmp);
                let median = seconds[seconds.len() / 2];
                cells += &format!("{:7.0} ({:5.2})", operations / median, 1e3 * median);
            }
            cells += "  ";
        }
        println!(
            "{:22}{cells}",
            format!("{channels_in}->{channels_out} {side}² {kernel}×{kernel}/{stride}")
        );
    }
    Ok(())
}
