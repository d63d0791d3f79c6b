//! A GPU computes what the CPU computes. Skips, and says why, where there is none.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.
#![cfg(any(feature = "cuda", feature = "wgpu", feature = "vulkan"))]

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::store::ModuleRecord;
use burn::tensor::{Device, Tensor, TensorData};
use keypoints_data::synth::{SynthConfig, generate};
use keypoints_data::{Coordinate, CoordinateScale};
use keypoints_models::{KeypointNetwork, NetworkConfig, simple_cnn::SimpleCnnConfig};
use keypoints_train::{
    DEVICE_NAMES, DeviceImages, OptimizerConfig, Targets, masked_mse, parse_device,
};

/// Sums are taken in another order and fused differently: relative to the loss, f32 leaves about 1e-6 per
/// reduction, and Adam's first step divides by the root of tiny squared gradients.
const TOLERANCE: f32 = 2e-3;

/// The loss before and after one Adam step from the given weights.
fn losses(record: ModuleRecord, config: &NetworkConfig, device: &Device) -> [f32; 2] {
    let faces = generate(&SynthConfig { training: 12, test: 1, ..Default::default() }).training;
    let rows: Vec<usize> = (0..12).collect();
    let coordinates: Vec<Coordinate> = Coordinate::all().collect();
    let images = DeviceImages::upload(faces.images(), device).gather(&rows);
    let (values, mask) =
        Targets::upload(faces.labels(), &coordinates, CoordinateScale::CENTERED, device)
            .gather(&rows);

    let network = config.init(&device.clone().autodiff()).unwrap().try_load_record(record).unwrap();
    let loss = |network: &keypoints_models::Network| {
        let output = network.forward(images.clone().autodiff());
        masked_mse(output, values.clone().autodiff(), mask.clone().autodiff())
    };
    let before = loss(&network);
    let gradients = GradientsParams::from_grads(before.backward(), &network);
    let network = OptimizerConfig::adam().init().step(1e-3, network, gradients);
    [before, loss(&network)].map(|loss| loss.into_scalar::<f32>())
}

#[test]
fn one_training_step_has_the_loss_of_the_cpu() {
    let config = NetworkConfig::SimpleCnn(SimpleCnnConfig {
        channels: [2, 3, 4],
        hidden: 8,
        dropout: 0.0, // Every backend draws its own random numbers.
        ..Default::default()
    });
    Device::flex().seed(11);
    let record = config.init(&Device::flex()).unwrap().into_record();
    let expected = losses(record.clone(), &config, &Device::flex());
    assert!(expected[1] < expected[0], "the step helps: {expected:?}");

    for name in DEVICE_NAMES.iter().filter(|name| !["auto", "flex"].contains(name)) {
        let device = match parse_device(name) {
            Ok(device) => device,
            Err(error) => {
                println!("skipped: {error}");
                continue;
            }
        };
        let found = losses(record.clone(), &config, &device);
        println!("{name}: loss {found:?}, flex {expected:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() <= TOLERANCE * expected, "{name}: {found} {expected}");
        }
    }
}

#[test]
fn bytes_survive_the_device() {
    for name in DEVICE_NAMES.iter().filter(|name| !["auto", "flex"].contains(name)) {
        let Ok(device) = parse_device(name) else {
            println!("skipped: no {name}");
            continue;
        };
        let set = generate(&SynthConfig { training: 3, test: 1, ..Default::default() }).training;
        let found = DeviceImages::upload(set.images(), &device).gather(&[2]);
        let expected: Vec<f32> =
            set.images().get(2).iter().map(|&v| f32::from(v) / 255.0).collect();
        let expected =
            Tensor::<4>::from_data(TensorData::new(expected, [1, 1, 96, 96]), &Device::flex());
        found.into_data().assert_approx_eq::<f32>(
            &expected.into_data(),
            burn::tensor::Tolerance::absolute(1e-6),
        );
    }
}
