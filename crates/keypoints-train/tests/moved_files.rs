//! A run goes on after the file that it started from was moved: what is in it counts.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.
#![cfg(feature = "weights")]

mod common;

use std::path::Path;

use burn::tensor::Device;
use common::{Count, config, faces};
use keypoints_models::weights::save;
use keypoints_train::{RunFolder, RunRecord, TrainConfig, Training};

#[test]
fn weights_are_known_by_what_is_in_them() {
    let device = Device::flex();
    let (dataset, split) = faces(40);
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    let (first, moved, other) = (at("a.safetensors"), at("b.safetensors"), at("other.safetensors"));
    let network = || config(1).network.with_outputs(30).init(&device).unwrap();
    save(&network(), &first).unwrap();
    save(&network(), &other).unwrap();
    let run = RunFolder::new(at("run"));
    let go = |file: &Path, epochs: usize| {
        let config = TrainConfig { initial_weights: Some(file.to_owned()), ..config(epochs) };
        let mut count = Count::default();
        let done = Training::new(&dataset, split.clone(), config).run(&run, &device, &mut count);
        done.map(|outcome| (outcome.weights(), count.steps)).map_err(|error| error.to_string())
    };
    let (weights, steps) = go(&first, 1).unwrap();
    assert!(steps > 0);
    let hash = keypoints_models::weights::sha256(&first).unwrap();
    assert_eq!(RunRecord::read(&run).unwrap().initial_weights_sha256, Some(hash));

    std::fs::rename(&first, &moved).unwrap();
    assert_eq!(go(&moved, 1).unwrap(), (weights.clone(), 0));
    // The place that the run knows, where nothing lies any more: the run has what it needs.
    assert_eq!(go(&first, 1).unwrap(), (weights.clone(), 0));
    let error = go(&other, 1).unwrap_err();
    assert!(error.contains("another file of weights"), "{error}");
    let error = go(&at("none.safetensors"), 1).unwrap_err();
    assert!(error.contains("none.safetensors: cannot read"), "{error}");
    // Other settings are still others.
    let error = go(&moved, 2).unwrap_err();
    assert!(error.contains("another config (epochs 1, now epochs 2)"), "{error}");
    // Another file in the place of the first one.
    std::fs::copy(&other, &first).unwrap();
    assert!(go(&first, 1).unwrap_err().contains("another file of weights"));

    // A run of an older version noted the hash beside the network only.
    let record = std::fs::read_to_string(run.record_path()).unwrap();
    let mut record: serde_json::Value = serde_json::from_str(&record).unwrap();
    assert!(record.as_object_mut().unwrap().remove("initial_weights_sha256").is_some());
    // And outputs that training never heeded.
    assert_eq!(record["config"]["network"]["outputs"], 0);
    record["config"]["network"]["outputs"] = 30.into();
    std::fs::write(run.record_path(), record.to_string()).unwrap();
    assert_eq!(go(&moved, 1).unwrap(), (weights, 0));
    assert!(go(&other, 1).unwrap_err().contains("another file of weights"));
}
