//! How long does one optimizer step take? Forward, masked loss, backward and AdamW, in f32: batch 32 of the six convolutions,
//! 64 and 16 of the compact network (and 32 with Muon), 16 of EfficientNet at 96×96 and 224×224; with our kernels and, on the
//! CPU, with Burn's own operations.
//!
//! `BENCH_DEVICE=vulkan cargo bench --features vulkan --bench train_step` measures another device.

mod common;
#[path = "common/network.rs"]
mod network;

use burn::optim::GradientsParams;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use keypoints_models::{KeypointNetwork, NetworkConfig};
use keypoints_train::{OptimizerConfig, masked_mse};

type Named = (&'static str, fn() -> OptimizerConfig);

const ADAM_W: Named = ("", OptimizerConfig::adam_w);
const MUON: Named = ("muon/", OptimizerConfig::muon);

fn train_step(criterion: &mut Criterion) {
    let device = network::device();
    let mut group = criterion.benchmark_group("train_step");
    // A step takes seconds: ten samples of one step each.
    group.sample_size(10).sampling_mode(criterion::SamplingMode::Flat);
    let all = network::Candidate::all();
    let sizes = |candidate: &network::Candidate| match candidate.config {
        NetworkConfig::CompactNet(_) => vec![(64, ADAM_W), (16, ADAM_W), (32, MUON)],
        NetworkConfig::EfficientNet(_) => vec![(16, ADAM_W)],
        _ => vec![(32, ADAM_W)],
    };
    let measured = all.iter().flat_map(|one| sizes(one).into_iter().map(move |size| (one, size)));
    for (candidate, (size, (optimizer_name, config))) in measured {
        group.throughput(Throughput::Elements(size as u64));
        for kernels in network::kernels(&device) {
            let (images, targets, mask) = network::batch(size, &device);
            // The network is rebuilt by every step, as in training: kept in an `Option` to be moved through.
            let mut model = Some(candidate.init(&device.clone().autodiff()));
            let mut optimizer = config().init();
            let mut step = || {
                let Some(current) = model.take() else { return };
                let output = current.forward(images.clone().autodiff());
                let loss = masked_mse(output, targets.clone().autodiff(), mask.clone().autodiff());
                let gradients = GradientsParams::from_grads(loss.backward(), &current);
                model = Some(optimizer.step(1e-4, current, gradients));
                network::sync(&device);
            };
            let label = BenchmarkId::new(
                &candidate.label,
                format!("batch{size}/{optimizer_name}{}", kernels.name()),
            );
            group.bench_function(label, |bencher| bencher.iter(|| kernels.run(&mut step)));
        }
    }
    group.finish();
}

criterion_group! { name = benches; config = common::criterion(); targets = train_step }
criterion_main!(benches);
