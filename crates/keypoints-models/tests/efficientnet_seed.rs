//! What `EfficientNet` drops in training. Alone in its process: the CPU's random numbers are shared by all threads.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use burn::tensor::{Device, Distribution, Tensor};
use keypoints_models::efficientnet::EfficientNetConfig;

#[test]
fn the_devices_seed_decides_what_is_dropped() {
    let device = Device::flex().autodiff();
    for (stochastic_depth, dropout) in [(0.9, 0.0), (0.0, 0.5)] {
        let config = EfficientNetConfig {
            outputs: 30,
            width: 0.25,
            stages: 3,
            stochastic_depth,
            dropout,
            ..Default::default()
        };
        let network = config.init(&device).unwrap();
        let images = Tensor::<4>::random([4, 3, 32, 32], Distribution::Default, &device);
        let answer = |seed| {
            device.seed(seed);
            network.logits(images.clone()).inner().into_data()
        };
        answer(1); // Burn draws initial weights when they are first looked at.
        let first = answer(5);
        assert_eq!(first, answer(5));
        assert_ne!(first, answer(6));
    }
}
