//! Starting from weights in a file: the backbone is frozen, thawed and slowed, and a killed run ends at the same bits. Alone
//! in its process, as `resume.rs`.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.
#![cfg(feature = "weights")]

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use burn::tensor::Device;
use common::{DieAfter, faces};
use keypoints_models::efficientnet::EfficientNetConfig;
use keypoints_models::weights::{Head, load, save};
use keypoints_models::{NetworkConfig, simple_cnn::SimpleCnnConfig};
use keypoints_train::strategy::StrategyConfig;
use keypoints_train::{
    InitialWeights, NoObserver, RunFolder, Schedule, TrainConfig, TrainError, TrainObserver,
    TrainSession, Training,
};

fn network() -> EfficientNetConfig {
    let narrow =
        EfficientNetConfig { width: 0.25, stages: 2, input_side: Some(32), ..Default::default() };
    EfficientNetConfig { outputs: 1000, ..narrow }
}

/// Two frozen epochs and two more, everything on.
fn config(weights: &Path) -> TrainConfig {
    TrainConfig {
        network: NetworkConfig::EfficientNet(network()),
        initial_weights: Some(weights.to_owned()),
        frozen_epochs: 2,
        backbone_rate: 0.2,
        epochs: 4,
        batch_size: 5,
        accumulate: 2,
        clip_norm: Some(1.0),
        learning_rate: 1e-2,
        schedule: Schedule::Cosine { warmup: 0.1 },
        ..Default::default()
    }
}

/// Dies when the second network of a run is about to be trained.
struct DieAtSecond;

impl TrainObserver for DieAtSecond {
    fn on_start(&mut self, session: &TrainSession) {
        assert_ne!(session.model.as_str(), "four_point", "killed");
    }
}

#[test]
fn frozen_then_trained_and_resumed_at_the_same_bits() {
    let device = Device::flex();
    device.seed(3);
    let folder = tempfile::tempdir().unwrap();
    let weights = folder.path().join("imagenet.safetensors");
    save(&network().init(&device).unwrap(), &weights).unwrap();
    let (dataset, split) = faces(90);
    let run = |name: &str| RunFolder::new(folder.path().join(name));
    let train = |config: TrainConfig, name: &str| {
        Training::new(&dataset, split.clone(), config).run(&run(name), &device, &mut NoObserver)
    };

    let whole = train(config(&weights), "whole").unwrap();
    let text = std::fs::read(run("whole").initial_weights_path()).unwrap();
    let noted: InitialWeights = serde_json::from_slice(&text).unwrap();
    assert_eq!(noted.sha256, keypoints_models::weights::sha256(&weights).unwrap());
    assert_eq!(noted.dropped, ["classifier.1.bias", "classifier.1.weight"]);
    let rmse: Vec<f64> = whole.models[0].records.iter().map(|one| one.train_rmse).collect();
    assert!(rmse[3] < rmse[0], "it learns: {rmse:?}");
    // Five faces a batch, two batches a step.
    let rows = whole.models[0].records[0].images;
    assert_eq!(whole.models[0].records[0].steps, rows.div_ceil(10));

    // Killed in a frozen epoch, between the two kinds, and after.
    let killed = run("killed");
    let steps = rows.div_ceil(10);
    let training = Training::new(&dataset, split.clone(), config(&weights));
    for survive in [2, steps + 1, steps + 2, steps + 1] {
        let attempt = AssertUnwindSafe(|| training.run(&killed, &device, &mut DieAfter(survive)));
        assert!(catch_unwind(attempt).is_err(), "killed after {survive} steps");
    }
    assert_eq!(train(config(&weights), "killed").unwrap().weights(), whole.weights());

    // After frozen epochs alone the backbone is still the file's, batch norm statistics included.
    let frozen = TrainConfig { epochs: 2, ..config(&weights) };
    train(frozen, "frozen").unwrap();
    let backbone = |name: &str, epoch: usize| {
        let checkpoint = run(name).checkpoints_path().join(format!("epoch-{epoch:04}/model.bpk"));
        let record = burn::store::ModuleRecord::load(&checkpoint).unwrap();
        let network = NetworkConfig::EfficientNet(network()).with_outputs(30);
        let network = burn::module::Module::try_load_record(network.init(&device).unwrap(), record);
        let path = folder.path().join("trained.safetensors");
        save(&network.unwrap(), &path).unwrap();
        let (network, _) =
            load(self::network().init(&device).unwrap(), &path, Head::Replace).unwrap();
        let pictures = burn::tensor::Tensor::<4>::ones([1, 3, 32, 32], &device);
        network.features(pictures).into_data()
    };
    let (given, _) = load(network().init(&device).unwrap(), &weights, Head::Keep).unwrap();
    let pictures = burn::tensor::Tensor::<4>::ones([1, 3, 32, 32], &device);
    let given = given.features(pictures).into_data();
    assert_eq!(backbone("frozen", 2), given);
    assert_ne!(backbone("whole", 4), given);

    // A network that was killed before it had a checkpoint reads the file again: it must be the one that the others of its run
    // have read. A run without any checkpoint starts anew with whatever it is now.
    let two = TrainConfig {
        strategy: StrategyConfig::by_name("two_models").unwrap(),
        epochs: 3,
        ..config(&weights)
    };
    let killed = |config: &TrainConfig, name: &str, observer: &mut dyn TrainObserver| {
        let training = Training::new(&dataset, split.clone(), config.clone());
        let attempt = AssertUnwindSafe(|| training.run(&run(name), &device, observer));
        assert!(catch_unwind(attempt).is_err());
    };
    killed(&config(&weights), "early", &mut DieAfter(1));
    killed(&two, "second", &mut DieAtSecond);
    save(&network().init(&device).unwrap(), &weights).unwrap();
    train(config(&weights), "early").unwrap();
    let text = std::fs::read(run("early").initial_weights_path()).unwrap();
    let noted: InitialWeights = serde_json::from_slice(&text).unwrap();
    assert_eq!(noted.sha256, keypoints_models::weights::sha256(&weights).unwrap());
    let error = train(two, "second").unwrap_err();
    assert!(matches!(error, TrainError::RunMismatch { what: "file of weights", .. }), "{error}");
    // A file for another network.
    let other = NetworkConfig::SimpleCnn(SimpleCnnConfig {
        channels: [2, 2, 2],
        hidden: 4,
        ..Default::default()
    });
    let error = train(TrainConfig { network: other, ..config(&weights) }, "other").unwrap_err();
    let error = error.to_string();
    assert!(error.contains("those of an EfficientNet with stages of 1, 2 blocks"), "{error}");
    // Settings that make no sense.
    for (config, field) in [
        (TrainConfig { initial_weights: None, ..config(&weights) }, "frozen_epochs"),
        (TrainConfig { backbone_rate: 0.0, ..config(&weights) }, "backbone_rate"),
        (TrainConfig { accumulate: 0, ..config(&weights) }, "accumulate"),
        (TrainConfig { clip_norm: Some(f64::NAN), ..config(&weights) }, "clip_norm"),
    ] {
        let error = train(config, "none").unwrap_err().to_string();
        assert!(error.contains(&format!("`{field}` must be")), "{error}");
    }
}
