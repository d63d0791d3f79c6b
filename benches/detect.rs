//! How long does the network in the box take for one picture, on one core and on all?
//!
//! `RAYON_NUM_THREADS` does not matter: each case makes its own pool of threads.

mod common;

use burn::tensor::Device;
use criterion::{Criterion, criterion_group, criterion_main};
use image::DynamicImage;
use keypoints_data::synth::{SynthConfig, generate};
use keypoints_detect::{Detector, Picture};

fn detect(criterion: &mut Criterion) {
    let detector = match Detector::pretrained(&Device::flex()) {
        Ok(detector) => detector,
        Err(error) => panic!("{error}"),
    };
    let faces = generate(&SynthConfig { training: 1, test: 1, ..Default::default() }).training;
    let pixels = faces.pictures().iter().next().map(<[u8]>::to_vec).unwrap_or_default();
    let small = image::GrayImage::from_raw(96, 96, pixels).map(DynamicImage::from);
    let Some(small) = small else { panic!("a face has 96×96 pixels") };
    let large = small.resize_exact(480, 480, image::imageops::FilterType::Triangle);
    let (Ok(small), Ok(large)) = (Picture::from_image(small), Picture::from_image(large)) else {
        panic!("a face has pixels")
    };
    let mut group = criterion.benchmark_group("detect");
    for (threads, cores) in [(1, "one core"), (0, "all cores")] {
        let pool = match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
            Ok(pool) => pool,
            Err(error) => panic!("{error}"),
        };
        for (name, picture) in [("96x96", &small), ("480x480", &large)] {
            group.bench_function(format!("{name}, {cores}"), |bencher| {
                pool.install(|| bencher.iter(|| detector.detect(picture)));
            });
        }
    }
    group.finish();
}

criterion_group! { name = benches; config = common::criterion(); targets = detect }
criterion_main!(benches);
