//! How many synthetic faces can be drawn per second?

mod common;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use keypoints_data::synth::{SynthConfig, generate};

fn faces(criterion: &mut Criterion) {
    const FACES: usize = 256;
    let config = SynthConfig { training: FACES, test: 0, ..SynthConfig::default() };
    let mut group = criterion.benchmark_group("synth");
    group.throughput(Throughput::Elements(FACES as u64));
    group.bench_function("faces", |bencher| bencher.iter(|| generate(&config)));
    group.finish();
}

criterion_group! {
    name = benches;
    config = common::criterion();
    targets = faces
}
criterion_main!(benches);
