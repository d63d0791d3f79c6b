//! What is uploaded to a GPU comes back as it was, and faces are augmented there as on the CPU. Skips, and says why,
//! where there is none. (That a GPU trains as the CPU does is tested in keypoints-models.)

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.
#![cfg(any(feature = "cuda", feature = "wgpu", feature = "vulkan"))]

use burn::tensor::{Device, Tensor, TensorData, Tolerance};
use keypoints_core::{Coordinate, CoordinateScale};
use keypoints_data::synth::{SynthConfig, generate};
use keypoints_predict::DevicePictures;
use keypoints_train::augment::{AugmentConfig, Augmenter, CutoutConfig, ElasticConfig};
use keypoints_train::{DEVICE_NAMES, parse_device};

/// The GPU devices of this build that can compute here.
fn devices() -> impl Iterator<Item = (&'static str, Device)> {
    let names = DEVICE_NAMES.iter().filter(|name| !["auto", "flex"].contains(name));
    names.filter_map(|name| match parse_device(name) {
        Ok(device) => Some((*name, device)),
        Err(error) => {
            println!("skipped: {error}");
            None
        }
    })
}

#[test]
fn bytes_survive_the_device() {
    for (_, device) in devices() {
        let set = generate(&SynthConfig { training: 3, test: 1, ..Default::default() }).training;
        let found = DevicePictures::upload(set.pictures(), &device).gather(&[2]);
        let expected: Vec<f32> =
            set.pictures().get(2).iter().map(|&v| f32::from(v) / 255.0).collect();
        let expected =
            Tensor::<4>::from_data(TensorData::new(expected, [1, 1, 96, 96]), &Device::flex());
        found.into_data().assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(1e-6));
    }
}

#[test]
fn faces_are_augmented_as_on_the_cpu() {
    let set = generate(&SynthConfig { training: 6, test: 1, ..Default::default() }).training;
    let coordinates: Vec<Coordinate> = Coordinate::all(15).collect();
    let none = AugmentConfig::none();
    let all = AugmentConfig {
        shear: 10.0,
        perspective: 0.1,
        elastic: ElasticConfig { amplitude: 3.0, grid: 4 },
        blur: 1.5,
        gamma: 1.5,
        noise: 0.1,
        cutout: CutoutConfig { probability: 0.5, size: 20.0 },
        ..AugmentConfig::standard()
    };
    for (name, device) in devices() {
        for config in [AugmentConfig { flip: 0.5, ..none }, AugmentConfig::standard(), all] {
            let [expected, found] = [&Device::flex(), &device].map(|device| {
                let rows: Vec<usize> = (0..6).collect();
                let images = DevicePictures::upload(set.pictures(), device).gather(&rows);
                let scale = CoordinateScale::centred(96);
                let (schema, shape) = (set.schema(), set.pictures().shape());
                let augmenter =
                    Augmenter::new(&config, schema, shape, &coordinates, scale, device).unwrap();
                let batch = augmenter.apply(images, set.labels(), 4).unwrap();
                (batch.images.into_data(), batch.values.into_data(), batch.mask.into_data())
            });
            // Some GPUs round the factors of matrix products to ten bits: blur and field have some.
            found.0.assert_approx_eq::<f32>(&expected.0, Tolerance::absolute(1e-2));
            found.1.assert_approx_eq::<f32>(&expected.1, Tolerance::absolute(1e-6));
            found.2.assert_approx_eq::<f32>(&expected.2, Tolerance::absolute(1e-6));
        }
        println!("{name}: augments as the CPU does");
    }
}
