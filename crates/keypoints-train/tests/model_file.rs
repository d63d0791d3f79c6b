//! A trained network in one file: written, read back, and everything that such a file can be instead.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::fs;
use std::path::Path;

use burn::tensor::Device;
use common::{config, faces};
use keypoints_core::Source;
use keypoints_models::{NetworkConfig, compact::CompactConfig, trained_parameters};
use keypoints_predict::{KeypointPredictor, PredictError, Predictor};
use keypoints_train::strategy::{Masked, StrategyConfig};
use keypoints_train::{Checkpoint, NoObserver, RunFolder, TrainConfig, Training, save_model};

/// A short run with two heads, and the folder that it lives in.
fn trained(width: usize) -> (tempfile::TempDir, Predictor) {
    let (dataset, split) = faces(80);
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path().join("run"));
    let network = CompactConfig { width, blocks: 1, ..Default::default() };
    let config = TrainConfig {
        network: NetworkConfig::CompactNet(network),
        strategy: StrategyConfig::Masked(Masked::TWO_HEAD),
        ..config(1)
    };
    let device = Device::flex();
    Training::new(&dataset, split, config).run(&run, &device, &mut NoObserver).unwrap();
    (folder, run.predictor(Checkpoint::Best, &device).unwrap())
}

fn refused(bytes: &[u8]) -> String {
    let error =
        Predictor::from_model_bytes(Path::new("a.safetensors"), bytes.to_vec(), &Device::flex());
    match error.unwrap_err() {
        error @ PredictError::BadModelFile { .. } => error.to_string(),
        other => panic!("another error expected than {other}"),
    }
}

#[test]
fn answers_as_the_run_does_in_a_quarter_of_the_room() {
    let (folder, predictor) = trained(4);
    let path = folder.path().join("model.safetensors");
    save_model(&predictor, &path).unwrap();
    let device = Device::flex();
    let again = Predictor::open_model(&path, &device).unwrap();
    assert_eq!(again.coordinates(), predictor.coordinates());
    let about = again.about().unwrap();
    assert_eq!(Some(about), predictor.about());
    assert_eq!(about["data"]["rows"], 80);
    assert_eq!(about["config"]["epochs"], 1);

    let (dataset, _) = faces(40);
    let sources: Vec<Source> = (0..40).map(|row| dataset.sources()[row]).collect();
    let answer =
        |one: &Predictor| one.predict_as(dataset.pictures(), &sources, &mut |_| ()).unwrap();
    let (whole, half) = (answer(&predictor), answer(&again));
    for (whole, half) in whole.iter().zip(&half) {
        for (coordinate, value) in whole.present() {
            let found = half.get(coordinate).unwrap();
            assert!((found - value).abs() < 0.1, "{coordinate:?}: {found} is not {value}");
        }
    }
    assert_ne!(whole, half, "half precision rounds something off");

    let network = CompactConfig { width: 4, blocks: 1, outputs: 60, ..Default::default() };
    let weights = trained_parameters(&network.init(&device.autodiff()).unwrap()) as u64;
    let size = fs::metadata(&path).unwrap().len();
    // The head of the file takes some twenty kilobytes, whatever the network's width.
    assert!(size < 2 * weights + 30_000, "{size} bytes for {weights} weights");
}

#[test]
fn whatever_else_a_file_may_be_is_said() {
    let (folder, predictor) = trained(2);
    let path = folder.path().join("model.safetensors");
    save_model(&predictor, &path).unwrap();
    let whole = fs::read(&path).unwrap();

    for length in [0, 7, 8, 100, whole.len() / 2, whole.len() - 1] {
        let said = refused(&whole[..length]);
        assert!(
            said.starts_with("a.safetensors: this is no usable model file"),
            "{length} bytes: {said}"
        );
    }
    let said = refused(b"ImageId,left_eye_center_x\n1,66.0\n");
    assert!(said.contains("does not begin as safetensors files do"), "{said}");

    // The record of a wider network above these tensors. Both lists of digits have the same length.
    let text = String::from_utf8_lossy(&whole[8..]).into_owned();
    let (then, now) = (r#"\"width\":2"#, r#"\"width\":4"#);
    let mut other = whole.clone();
    // In the record of the run, too.
    for (at, _) in text.match_indices(then) {
        other[8 + at..8 + at + now.len()].copy_from_slice(now.as_bytes());
    }
    let said = refused(&other);
    assert!(said.contains("`down.0.0.first.conv.weight` must have shape"), "{said}");

    let nowhere = folder.path().join("nowhere.safetensors");
    let error = Predictor::open_model(&nowhere, &Device::flex()).unwrap_err();
    assert!(error.to_string().contains("nowhere.safetensors: cannot read"), "{error}");
}

#[test]
fn two_networks_do_not_fit_into_one_file() {
    let (dataset, split) = faces(80);
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path().join("run"));
    let config =
        TrainConfig { strategy: StrategyConfig::TwoModels(Default::default()), ..config(1) };
    let device = Device::flex();
    Training::new(&dataset, split, config).run(&run, &device, &mut NoObserver).unwrap();
    let path = folder.path().join("model.safetensors");
    let predictor = run.predictor(Checkpoint::Best, &device).unwrap();
    let error = save_model(&predictor, &path).unwrap_err();
    assert!(error.to_string().contains("it has 2 networks, and a file holds one"), "{error}");
    assert!(!path.exists());
}
