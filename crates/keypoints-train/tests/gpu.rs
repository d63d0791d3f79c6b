//! What is uploaded to a GPU comes back as it was. Skips, and says why, where there is none. (That a GPU trains as
//! the CPU does is tested in keypoints-models.)

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.
#![cfg(any(feature = "cuda", feature = "wgpu", feature = "vulkan"))]

use burn::tensor::{Device, Tensor, TensorData, Tolerance};
use keypoints_data::synth::{SynthConfig, generate};
use keypoints_train::{DEVICE_NAMES, DeviceImages, parse_device};

#[test]
fn bytes_survive_the_device() {
    for name in DEVICE_NAMES.iter().filter(|name| !["auto", "flex"].contains(name)) {
        let device = match parse_device(name) {
            Ok(device) => device,
            Err(error) => {
                println!("skipped: {error}");
                continue;
            }
        };
        let set = generate(&SynthConfig { training: 3, test: 1, ..Default::default() }).training;
        let found = DeviceImages::upload(set.images(), &device).gather(&[2]);
        let expected: Vec<f32> =
            set.images().get(2).iter().map(|&v| f32::from(v) / 255.0).collect();
        let expected =
            Tensor::<4>::from_data(TensorData::new(expected, [1, 1, 96, 96]), &Device::flex());
        found.into_data().assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(1e-6));
    }
}
