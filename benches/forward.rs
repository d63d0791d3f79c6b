//! How long does a network take to answer? Every registered network, batch 1 and 32, without gradients; with our
//! kernels and, on the CPU, with Burn's own operations. EfficientNet also with its batch norms folded away.
//!
//! `BENCH_DEVICE=vulkan cargo bench --features vulkan --bench forward` measures another device.

mod common;
#[path = "common/network.rs"]
mod network;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use keypoints_models::{KeypointNetwork, NetworkConfig};

fn forward(criterion: &mut Criterion) {
    let device = network::device();
    let mut group = criterion.benchmark_group("forward");
    let all = network::Candidate::all();
    let folds = |one: &network::Candidate| matches!(one.config, NetworkConfig::EfficientNet(_));
    let folded = all.iter().filter(|one| folds(one)).map(|one| (one, true));
    for (candidate, fold) in all.iter().map(|one| (one, false)).chain(folded) {
        let (model, name) = (candidate.init(&device), candidate.label.clone());
        let (model, name) = match fold {
            true => (model.folded(), format!("{name}_folded")),
            false => (model, name),
        };
        for size in [1, 32] {
            let (images, _, _) = network::batch(size, &device);
            group.throughput(Throughput::Elements(size as u64));
            for kernels in network::kernels(&device) {
                let answer = || {
                    let output = model.forward(images.clone());
                    network::sync(&device);
                    output
                };
                let label = BenchmarkId::new(&name, format!("batch{size}/{}", kernels.name()));
                group.bench_function(label, |bencher| bencher.iter(|| kernels.run(answer)));
            }
        }
    }
    group.finish();
}

criterion_group! { name = benches; config = common::criterion(); targets = forward }
criterion_main!(benches);
