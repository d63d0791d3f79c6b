//! Runs in several threads of a process end as each would alone. In its file nobody draws random numbers but to begin with.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use burn::tensor::Device;
use common::{config, faces};
use keypoints_models::{NetworkConfig, compact::CompactConfig};
use keypoints_train::augment::AugmentConfig;
use keypoints_train::{NoObserver, RunFolder, TrainConfig, Training};

#[test]
fn runs_beside_each_other_end_as_each_would_alone() {
    let (dataset, split) = faces(60);
    let weights = |seed: u64| {
        let network =
            CompactConfig { width: 2, blocks: 1, image_side: Some(48), ..Default::default() };
        let augment = AugmentConfig::standard();
        let network = NetworkConfig::CompactNet(network);
        let config = TrainConfig { network, augment, seed, ..config(2) };
        let folder = tempfile::tempdir().unwrap();
        let run = RunFolder::new(folder.path());
        let training = Training::new(&dataset, split.clone(), config);
        let outcome = training.run(&run, &Device::flex(), &mut NoObserver).unwrap();
        outcome.models[0].weights.clone()
    };
    let alone: Vec<String> = (1..=6).map(weights).collect();
    let together: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..=6).map(|seed| scope.spawn(move || weights(seed))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(together, alone);
    assert_ne!(alone[0], alone[1]);
}
