//! How long does one optimizer step take? Forward, masked loss, backward and Adam, batch 32, in f32.
//!
//! `BENCH_DEVICE=vulkan cargo bench --features vulkan --bench train_step` measures another device.

mod common;
#[path = "common/network.rs"]
mod network;

use burn::optim::GradientsParams;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use keypoints_models::{KeypointNetwork, NetworkConfig};
use keypoints_train::{OptimizerConfig, masked_mse};

const BATCH: usize = 32;

fn train_step(criterion: &mut Criterion) {
    let device = network::device();
    let mut group = criterion.benchmark_group("train_step");
    // A step takes seconds: ten samples of one step each.
    group.sample_size(10).sampling_mode(criterion::SamplingMode::Flat);
    group.throughput(Throughput::Elements(BATCH as u64));
    for name in NetworkConfig::NAMES {
        let (images, targets, mask) = network::batch(BATCH, &device);
        // The network is rebuilt by every step, as in training: kept in an `Option` to be moved through.
        let mut model = Some(network::network(name, &device.clone().autodiff()));
        let mut optimizer = OptimizerConfig::adam().init();
        group.bench_function(BenchmarkId::new(*name, format!("batch{BATCH}")), |bencher| {
            bencher.iter(|| {
                let Some(current) = model.take() else { return };
                let output = current.forward(images.clone().autodiff());
                let loss = masked_mse(output, targets.clone().autodiff(), mask.clone().autodiff());
                let gradients = GradientsParams::from_grads(loss.backward(), &current);
                model = Some(optimizer.step(1e-4, current, gradients));
                network::sync(&device);
            });
        });
    }
    group.finish();
}

criterion_group! { name = benches; config = common::criterion(); targets = train_step }
criterion_main!(benches);
