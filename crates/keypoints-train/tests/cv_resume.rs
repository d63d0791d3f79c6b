//! A cross-validation that is killed, or trained fold by fold, ends as one that is not. Alone in its file: the CPU backend
//! has one stream of random numbers per process, and tests beside this one would draw from it.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use burn::tensor::Device;
use common::{Count, DieAfter, config, faces};
use keypoints_data::FaceDataset;
use keypoints_models::{NetworkConfig, simple_cnn::SimpleCnnConfig};
use keypoints_train::cv::{CrossValidation, CvConfig, CvReport};
use keypoints_train::strategy::StrategyConfig;
use keypoints_train::study::StudyObserver;
use keypoints_train::{NoObserver, TrainConfig};

impl StudyObserver for DieAfter {}
impl StudyObserver for Count {}

/// With dropout, so that a step's random numbers matter.
fn tiny(epochs: usize) -> TrainConfig {
    let network =
        SimpleCnnConfig { channels: [2, 4, 4], hidden: 8, image_side: 48, ..Default::default() };
    let strategy = StrategyConfig::by_name("masked_two_head").unwrap();
    TrainConfig { network: NetworkConfig::SimpleCnn(network), strategy, ..config(epochs) }
}

fn cv_of(train: TrainConfig, folds: usize) -> CvConfig {
    CvConfig { train, folds, ..Default::default() }
}

fn run(dataset: &FaceDataset, config: CvConfig, folder: &Path) -> CvReport {
    let cv = CrossValidation::new(dataset, config);
    cv.run(folder, &Device::flex(), &mut NoObserver).unwrap()
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn killed_in_a_fold_or_trained_bit_by_bit_it_ends_the_same() {
    let (dataset, _) = faces(90);
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    let whole = run(&dataset, cv_of(tiny(2), 3), &at("whole"));
    let device = Device::flex();

    // 60 rows in batches of 8: the second fold is killed in its second epoch.
    let cv = CrossValidation::new(&dataset, cv_of(tiny(2), 3));
    let mut die = DieAfter(28);
    let killed = AssertUnwindSafe(|| cv.run(&at("killed"), &device, &mut die));
    assert!(catch_unwind(killed).is_err());
    assert!(at("killed/folds/fold_1/result.json").exists());
    assert!(!at("killed/folds/fold_2/result.json").exists());
    let mut count = Count::default();
    let resumed = cv.run(&at("killed"), &device, &mut count).unwrap();
    assert_eq!(count.epochs, [2, 1, 2], "the rest of the second fold, and the third");

    // The third and the first fold by one process, the second by another.
    let some = cv.clone().only(vec![3, 1]).run(&at("parts"), &device, &mut NoObserver).unwrap();
    assert_eq!(some.folds.iter().map(|fold| fold.fold).collect::<Vec<_>>(), [1, 3]);
    assert!(some.rows < 90 && some.to_markdown().contains("2 of 3 folds are finished"));
    let parts = cv.clone().only(vec![2]).run(&at("parts"), &device, &mut NoObserver).unwrap();
    for (name, report) in [("killed", resumed), ("parts", parts)] {
        assert_eq!(report.pooled, whole.pooled, "{name}");
        assert_eq!(text(&at(name).join("predictions.csv")), text(&at("whole/predictions.csv")));
    }
    let error = cv.only(vec![4]).run(&at("parts"), &device, &mut NoObserver).unwrap_err();
    assert!(error.to_string().contains("`only` must be"), "{error}");
    for (other, what) in [(cv_of(tiny(3), 3), "another config"), (cv_of(tiny(2), 4), "another cut")]
    {
        let cv = CrossValidation::new(&dataset, other);
        let error = cv.run(&at("whole"), &device, &mut NoObserver).unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
    }
}
