//! Where does the time of a training step go? Whole steps and forward passes with our kernels and with Burn's own
//! operations, in turns, beside what the processor can do at best.
//!
//! `cargo run --release --example profile_step -- compact 64 5` takes the compact network, batch 64, 5 turns; with `ours` as
//! a fourth argument only our kernels run, for a profiler to watch.

use std::time::Instant;

use anyhow::Context;
use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Distribution, Tensor};
use keypoints_models::{KeypointNetwork, NetworkConfig};
use keypoints_train::{OptimizerConfig, masked_mse};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "compact".to_owned());
    let number = |text: Option<String>, default: usize| -> anyhow::Result<usize> {
        text.map_or(Ok(default), |text| text.parse().context("expected a number"))
    };
    let (batch, turns) = (number(arguments.next(), 64)?, number(arguments.next(), 5)?);
    let kinds = if arguments.next().as_deref() == Some("ours") { 1 } else { 2 };
    // As the other programs do.
    keypoints_cli::keep_freed_memory();
    let device = Device::flex();
    device.seed(1);
    let side = 2048;
    let a = Tensor::<2>::random([side, side], Distribution::Default, &device);
    let ceiling = seconds(|| drop(a.clone().matmul(a.clone())), 5);
    println!("{side}³ product: {:.0} GFLOP/s", 2e-9 * (side as f64).powi(3) / ceiling);

    let images = Tensor::<4>::random([batch, 1, 96, 96], Distribution::Default, &device);
    let targets = Tensor::<2>::random([batch, 30], Distribution::Default, &device);
    let mask = Tensor::<2>::ones([batch, 30], &device);
    let mut network = Some(NetworkConfig::by_name(&name)?.init(&device.clone().autodiff())?);
    let mut optimizers = [true, false].map(|_| OptimizerConfig::adam_w().init());
    // Forward, backward, optimizer; of our kernels, then of Burn's operations.
    let mut seconds = [const { [const { Vec::new() }; 4] }; 2];
    for turn in 0..=turns {
        for (ours, (seconds, optimizer)) in
            [true, false].into_iter().zip(seconds.iter_mut().zip(&mut optimizers)).take(kinds)
        {
            let mut step = || {
                let Some(current) = network.take() else { return };
                let mut clock = Instant::now();
                let mut lap = |part: usize| {
                    if turn > 0 {
                        seconds[part].push(clock.elapsed().as_secs_f64());
                    }
                    clock = Instant::now();
                };
                drop(current.valid().forward(images.clone()));
                lap(0);
                let output = current.forward(images.clone().autodiff());
                let loss = masked_mse(output, targets.clone().autodiff(), mask.clone().autodiff());
                lap(1);
                let gradients = GradientsParams::from_grads(loss.backward(), &current);
                lap(2);
                network = Some(optimizer.step(1e-4, current, gradients));
                lap(3);
            };
            if ours { step() } else { keypoints_kernels::without_kernels(step) }
        }
    }
    println!("{name}, batch {batch}, medians of {turns} turns, milliseconds");
    println!("{:28}{:>10}{:>10}{:>8}", "", "ours", "Burn's", "ratio");
    let [ours, theirs] = seconds.map(|parts| parts.map(median));
    let mut total = [0.0; 2];
    for (part, label) in
        ["forward, not learning", "forward", "backward", "AdamW"].into_iter().enumerate()
    {
        if part > 0 {
            total = [total[0] + ours[part], total[1] + theirs[part]];
        }
        row(label, ours[part], theirs[part]);
    }
    row("step", total[0], total[1]);
    Ok(())
}

fn row(label: &str, ours: f64, theirs: f64) {
    println!("{label:28}{:10.1}{:10.1}{:8.2}", 1e3 * ours, 1e3 * theirs, theirs / ours);
}

fn seconds(mut body: impl FnMut(), turns: usize) -> f64 {
    let each = (0..turns).map(|_| {
        let clock = Instant::now();
        body();
        clock.elapsed().as_secs_f64()
    });
    median(each.collect())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
