//! A killed run goes on to the same result. Alone in its file: the CPU backend has one stream of random
//! numbers per process, and tests beside this one would draw from it.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};

use burn::tensor::Device;
use common::{Count, DieAfter, config, faces};
use keypoints_train::augment::{AugmentConfig, CutoutConfig, ElasticConfig};
use keypoints_train::{NoObserver, Outcome, RunFolder, TrainConfig, Training};

/// All of an outcome that does not depend on the clock.
fn timeless(outcome: &Outcome) -> String {
    let mut outcome = outcome.clone();
    for record in outcome.models.iter_mut().flat_map(|model| &mut model.records) {
        (record.seconds, record.images_per_second) = (0.0, 0.0);
    }
    format!("{outcome:?}")
}

/// Every step there is.
fn all_steps() -> AugmentConfig {
    AugmentConfig {
        shear: 5.0,
        perspective: 0.05,
        elastic: ElasticConfig { amplitude: 1.0, grid: 4 },
        blur: 1.0,
        gamma: 1.2,
        noise: 0.05,
        cutout: CutoutConfig { probability: 0.5, size: 16.0 },
        ..AugmentConfig::standard()
    }
}

// One test, so that the two runs do not draw from one stream of random numbers.
#[test]
fn ends_at_the_same_bits() {
    let plain = killed_and_resumed(config(4));
    let augmented = killed_and_resumed(TrainConfig { augment: all_steps(), ..config(4) });
    assert_ne!(plain, augmented, "augmented faces train another network");
}

/// Trains whole and with interruptions. Returns the fingerprint of the weights.
fn killed_and_resumed(config: TrainConfig) -> String {
    let device = Device::flex();
    let (dataset, split) = faces(120);
    let training = Training::new(&dataset, split, config);
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str| RunFolder::new(folder.path().join(name));

    let whole = training.run(&run("whole"), &device, &mut NoObserver).unwrap();
    let again = training.run(&run("again"), &device, &mut NoObserver).unwrap();
    assert_eq!(timeless(&whole), timeless(&again), "the same seed gives the same run");

    // Killed in the first epoch, in the middle of the third, and at the first step of the fourth.
    let killed = run("killed");
    let steps = whole.models[0].records[0].steps;
    for survive in [2, 2 * steps + steps / 2, steps + 1] {
        let attempt = AssertUnwindSafe(|| training.run(&killed, &device, &mut DieAfter(survive)));
        assert!(catch_unwind(attempt).is_err(), "killed after {survive} steps");
    }
    let mut rest = Count::default();
    let resumed = training.run(&killed, &device, &mut rest).unwrap();
    assert_eq!(rest.epochs, [4], "three epochs had been saved");
    assert_eq!(whole.weights(), resumed.weights());
    assert_eq!(timeless(&whole), timeless(&resumed));

    // A finished run has nothing left to do and still knows its result.
    let mut nothing = Count::default();
    let finished = training.run(&killed, &device, &mut nothing).unwrap();
    assert_eq!(nothing.steps, 0);
    assert_eq!(timeless(&whole), timeless(&finished));

    let lines = std::fs::read_to_string(killed.metrics_path()).unwrap();
    assert_eq!(lines.lines().count(), 4, "one line per epoch, none twice:\n{lines}");
    let table = std::fs::read_to_string(killed.metrics_csv_path()).unwrap();
    assert_eq!(table.lines().count(), 5, "{table}");
    let mut left: Vec<_> = std::fs::read_dir(killed.checkpoints_path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    let best = format!("epoch-{:04}", whole.models[0].selected_epoch.unwrap());
    let mut expected = vec!["epoch-0004".to_owned(), "index.json".to_owned(), best];
    expected.sort();
    expected.dedup();
    assert_eq!(left, expected, "only the last and the best checkpoint are kept");
    format!("{:?}", whole.weights())
}
