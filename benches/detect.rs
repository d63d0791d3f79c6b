//! How long does the network in the box take for one face crop, and for one face on a photo, on one core and on all?
//!
//! `RAYON_NUM_THREADS` does not matter: each case makes its own pool of threads.

mod common;

use burn::tensor::Device;
use criterion::{Criterion, criterion_group, criterion_main};
use image::DynamicImage;
use keypoints_core::PictureShape;
use keypoints_data::synth::{GroupPhoto, SynthConfig, generate, group_photo};
use keypoints_detect::{Crop, Detector, Picture};

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
    // A photo with a face that is half as wide.
    let mut photo = image::GrayImage::from_pixel(480, 480, image::Luma([120])).into();
    let half = large.as_image().resize_exact(240, 240, image::imageops::FilterType::Triangle);
    image::imageops::overlay(&mut photo, &half, 120, 120);
    let Ok(photo) = Picture::from_image(photo) else { panic!("a photo has pixels") };
    // A photo of 640×480 pixels with one face to find.
    let GroupPhoto { width, pixels, .. } = group_photo(1, 640, 480, 1);
    let drawn = image::GrayImage::from_raw(width as u32, 480, pixels).map(DynamicImage::from);
    let Some(Ok(whole)) = drawn.map(|one| Picture::from_image(one.into_rgb8().into())) else {
        panic!("a photo has pixels")
    };
    let face = Crop { centre: [239.5; 2], side: 240.0, roll: 0.05 };
    let rough = Crop { centre: [251.0, 230.0], side: 280.0, roll: 0.0 }.region();
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
        if let Some(finder) = detector.finder() {
            group.bench_function(format!("finder alone, 640x480, {cores}"), |bencher| {
                pool.install(|| bencher.iter(|| finder.find(&whole)));
            });
        }
        group.bench_function(format!("find, 640x480, {cores}"), |bencher| {
            pool.install(|| bencher.iter(|| detector.find(&whole)));
        });
        group.bench_function(format!("find_in, {cores}"), |bencher| {
            pool.install(|| bencher.iter(|| detector.find_in(&photo, &[rough])));
        });
        group.bench_function(format!("follow, {cores}"), |bencher| {
            pool.install(|| bencher.iter(|| detector.follow(&photo, &[face])));
        });
        group.bench_function(format!("cut, {cores}"), |bencher| {
            pool.install(|| bencher.iter(|| photo.cut(&face, PictureShape::grey(96))));
        });
    }
    group.finish();
}

criterion_group! { name = benches; config = common::criterion(); targets = detect }
criterion_main!(benches);
