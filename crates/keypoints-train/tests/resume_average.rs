//! Averaged weights answer, and a killed run averages on. Alone in its file: the CPU backend has one stream of random
//! numbers per process, and tests beside this one would draw from it.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};

use burn::tensor::Device;
use common::{DieAfter, config, faces};
use keypoints_models::{NetworkConfig, compact::CompactConfig};
use keypoints_train::strategy::StrategyConfig;
use keypoints_train::{
    LossConfig, NoObserver, Outcome, RunFolder, Schedule, TrainConfig, Training,
};

/// All of an outcome that does not depend on the clock.
fn timeless(outcome: &Outcome) -> String {
    let mut outcome = outcome.clone();
    for record in outcome.models.iter_mut().flat_map(|model| &mut model.records) {
        (record.seconds, record.images_per_second) = (0.0, 0.0);
    }
    format!("{outcome:?}")
}

fn compact(epochs: usize) -> TrainConfig {
    let network = CompactConfig { width: 2, blocks: 1, ..Default::default() };
    TrainConfig {
        network: NetworkConfig::CompactNet(network),
        strategy: StrategyConfig::by_name("masked_two_head").unwrap(),
        ..config(epochs)
    }
}

#[test]
fn averages_survive_a_kill_and_losses_report_pixels() {
    let device = Device::flex();
    let (dataset, split) = faces(60);
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str| RunFolder::new(folder.path().join(name));
    let train = |name: &str, config: TrainConfig| {
        let training = Training::new(&dataset, split.clone(), config);
        training.run(&run(name), &device, &mut NoObserver).unwrap()
    };

    // Sparse validation: nothing but the saving itself may bring the norms' statistics up to date.
    let averaged = TrainConfig {
        weight_average: Some(0.9),
        loss: LossConfig::SmoothL1 { beta: 2.0 },
        validate_every: 2,
        ..compact(4)
    };
    for (name, config) in [
        ("averaged", averaged.clone()),
        ("plain", TrainConfig { weight_average: None, ..averaged.clone() }),
    ] {
        let whole = train(name, config.clone());
        let killed = format!("{name}-killed");
        let training = Training::new(&dataset, split.clone(), config);
        let steps = whole.models[0].records[0].steps;
        // In the first epoch, in the second, and in the third.
        for survive in [2, steps + 2, steps + 3] {
            let attempt = || training.run(&run(&killed), &device, &mut DieAfter(survive));
            assert!(catch_unwind(AssertUnwindSafe(attempt)).is_err());
        }
        let resumed = training.run(&run(&killed), &device, &mut NoObserver).unwrap();
        assert_eq!(timeless(&whole), timeless(&resumed), "{name}");
        let again = training.run(&run(&killed), &device, &mut NoObserver).unwrap();
        assert_eq!(timeless(&whole), timeless(&again), "{name}");

        for epoch in [whole.models[0].selected_epoch.unwrap(), 4] {
            let part = |file: &str| {
                let folder = run(name).checkpoints_path().join(format!("epoch-{epoch:04}"));
                folder.join(file).exists()
            };
            let last = epoch == 4;
            assert_eq!(part("trained.bpk"), last && name == "averaged");
            assert_eq!((part("model.bpk"), part("optimizer.bpk")), (true, last));
        }
    }
    // The same training, another answer.
    let epochs = |name: &str| {
        let text = std::fs::read_to_string(run(name).metrics_path()).unwrap();
        let epochs = text.lines().map(|line| {
            let epoch: keypoints_train::EpochRecord = serde_json::from_str(line).unwrap();
            (epoch.train_rmse, epoch.validation.map(|scores| scores.rmse))
        });
        epochs.unzip::<f64, Option<Option<f64>>, Vec<_>, Vec<_>>()
    };
    let ((trained, scores), (plain_trained, plain_scores)) = (epochs("averaged"), epochs("plain"));
    assert_eq!(trained, plain_trained);
    assert_ne!(scores[3], plain_scores[3]);

    // A network that stands still is off by as many pixels under every loss.
    let still = TrainConfig { learning_rate: 1e-12, schedule: Schedule::Constant, ..compact(1) };
    let rmse = |name: &str, loss: LossConfig| {
        train(name, TrainConfig { loss, ..still.clone() }).models[0].records[0].train_rmse
    };
    let mse = rmse("mse", LossConfig::Mse);
    for (name, loss) in [
        ("smooth", LossConfig::SmoothL1 { beta: 1.0 }),
        ("wing", LossConfig::Wing { width: 10.0, epsilon: 2.0 }),
    ] {
        let found = rmse(name, loss);
        assert!((found / mse - 1.0).abs() < 1e-4, "{name}: {found} px, {mse} px by MSE");
    }
}
