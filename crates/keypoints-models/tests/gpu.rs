//! A GPU computes what the CPU computes. Skips, and says why, where there is none.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.
#![cfg(any(feature = "cuda", feature = "wgpu", feature = "vulkan"))]
#![recursion_limit = "256"] // The GPU backends nest their types deeply.

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::store::ModuleRecord;
use burn::tensor::{Device, DeviceKind, Tensor, TensorData};
use keypoints_models::{KeypointNetwork, Network, NetworkConfig, simple_cnn::SimpleCnnConfig};

/// Sums are taken in another order: relative to the loss, f32 leaves about 1e-6 per reduction, and Adam's
/// first step divides by the root of tiny squared gradients.
const TOLERANCE: f32 = 2e-3;

/// Four pictures of slanted stripes, and a place to find on each.
fn batch(device: &Device) -> (Tensor<4>, Tensor<2>) {
    let pixel = |i: usize| ((i % 32 * 3 + i / 32 * (1 + i / 1024)) % 17) as f32 / 17.0;
    let pixels: Vec<f32> = (0..4 * 1024).map(pixel).collect();
    let places: Vec<f32> = (0..8).map(|i| (i as f32 - 3.5) / 4.0).collect();
    (
        Tensor::from_data(TensorData::new(pixels, [4, 1, 32, 32]), device),
        Tensor::from_data(TensorData::new(places, [4, 2]), device),
    )
}

/// The loss before and after one Adam step from the given weights.
fn losses(record: ModuleRecord, config: &NetworkConfig, device: &Device) -> [f32; 2] {
    let device = device.clone().autodiff();
    let (images, places) = batch(&device);
    let network = config.init(&device).unwrap().try_load_record(record).unwrap();
    let loss = |network: &Network| {
        (network.forward(images.clone()) - places.clone()).powi_scalar(2).mean()
    };
    let before = loss(&network);
    let gradients = GradientsParams::from_grads(before.backward(), &network);
    let network = AdamConfig::new().init().step(1e-2, network, gradients);
    [before, loss(&network)].map(|loss| loss.into_scalar::<f32>())
}

/// The GPU devices of this build that can compute here.
fn devices() -> Vec<(&'static str, Device)> {
    let open: &[(&str, fn() -> Device)] = &[
        #[cfg(feature = "cuda")]
        ("cuda", || Device::cuda(0)),
        #[cfg(feature = "wgpu")]
        ("wgpu", || Device::wgpu(DeviceKind::DefaultDevice)),
        #[cfg(feature = "vulkan")]
        ("vulkan", || Device::vulkan(DeviceKind::DefaultDevice)),
    ];
    open.iter()
        .filter_map(|&(name, open)| {
            // A missing driver shows as a panic inside the GPU runtime.
            let device = std::panic::catch_unwind(|| {
                let device = open();
                let known = device.identity().map(|identity| identity.name.to_string());
                if cfg!(feature = "vulkan") && known.is_some_and(|name| name.contains("llvmpipe")) {
                    // cubecl-spirv 0.11.3 declares shared memory as a pointer to a pointer where the driver
                    // lacks VK_KHR_workgroup_memory_explicit_layout. llvmpipe dies of it; its WGSL way works.
                    println!("{name}: llvmpipe cannot run Burn's SPIR-V; build with `wgpu` alone");
                    return None;
                }
                let two = Tensor::<1>::ones([2], &device).sum().into_scalar::<f32>();
                (two == 2.0).then_some(device)
            });
            if !matches!(device, Ok(Some(_))) {
                println!("skipped {name}: no such device here, or no driver for it");
            }
            Some((name, device.ok()??))
        })
        .collect()
}

#[test]
fn one_training_step_has_the_loss_of_the_cpu() {
    let config = NetworkConfig::SimpleCnn(SimpleCnnConfig {
        outputs: 2,
        image_side: Some(32),
        input_channels: 1,
        channels: [2, 3, 4],
        hidden: 8,
        dropout: 0.0, // Every backend draws its own random numbers.
    });
    Device::flex().seed(11);
    let record = config.init(&Device::flex()).unwrap().into_record();
    let expected = losses(record.clone(), &config, &Device::flex());
    assert!(expected[1] < expected[0], "the step helps: {expected:?}");

    for (name, device) in devices() {
        let found = losses(record.clone(), &config, &device);
        println!("{name}: loss {found:?}, flex {expected:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() <= TOLERANCE * expected, "{name}: {found} {expected}");
        }
    }
}
