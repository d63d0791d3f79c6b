//! How long does augmentation take? A batch of 64, the standard steps together and each step alone.
//!
//! `BENCH_DEVICE=vulkan cargo bench --features vulkan --bench augment` measures another device.

mod common;
#[allow(dead_code)] // No network here.
#[path = "common/network.rs"]
mod network;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use keypoints_cli::augmentation_steps;
use keypoints_core::{Coordinate, CoordinateScale};
use keypoints_data::synth::{SynthConfig, generate};
use keypoints_predict::DevicePictures;
use keypoints_train::augment::Augmenter;

const BATCH: usize = 64;

fn augment(criterion: &mut Criterion) {
    let device = network::device();
    let set = generate(&SynthConfig { training: BATCH, test: 1, ..Default::default() }).training;
    let rows: Vec<usize> = (0..BATCH).collect();
    let images = DevicePictures::upload(set.pictures(), &device).gather(&rows);
    let coordinates: Vec<Coordinate> = set.schema().coordinates().collect();
    let scale = CoordinateScale::centred(set.pictures().shape().side);
    let mut group = criterion.benchmark_group("augment");
    group.throughput(Throughput::Elements(BATCH as u64));
    for (name, config) in augmentation_steps() {
        let augmenter = Augmenter::new(
            &config,
            set.schema(),
            set.pictures().shape(),
            &coordinates,
            scale,
            &device,
        );
        let augmenter = augmenter.unwrap_or_else(|error| panic!("{error}"));
        let mut seed = 0;
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                seed += 1;
                let batch = augmenter.apply(images.clone(), set.labels(), seed);
                network::sync(&device);
                batch
            });
        });
    }
    group.finish();
}

criterion_group! { name = benches; config = common::criterion(); targets = augment }
criterion_main!(benches);
