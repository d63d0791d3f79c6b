//! Rows that count for less teach less. Alone in its file: the CPU backend has one stream of random numbers per process, and
//! tests beside this one would draw from it.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::path::Path;

use burn::tensor::Device;
use common::{config, faces};
use keypoints_core::{Dataset, Split};
use keypoints_data::kaggle;
use keypoints_models::{NetworkConfig, simple_cnn::SimpleCnnConfig};
use keypoints_train::augment::AugmentConfig;
use keypoints_train::strategy::StrategyConfig;
use keypoints_train::{DownWeight, NoObserver, Outcome, RunFolder, TrainConfig, Training};

fn listing(file: &Path, weight: f32, epochs: usize) -> TrainConfig {
    let strategy = StrategyConfig::by_name("masked").unwrap();
    let down_weight = Some(DownWeight { file: file.to_owned(), weight });
    let network = SimpleCnnConfig {
        channels: [2, 4, 4],
        hidden: 8,
        image_side: Some(48),
        dropout: 0.0,
        ..Default::default()
    };
    let network = NetworkConfig::SimpleCnn(network);
    TrainConfig { network, strategy, down_weight, ..config(epochs) }
}

/// The same faces with the labels of some training rows moved.
fn spoilt(dataset: &Dataset, rows: &[usize], by: f32) -> Dataset {
    let mut labels = dataset.labels().to_vec();
    for &row in rows {
        labels[row] = labels[row].present().map(|(one, at)| (one, at + by)).collect();
    }
    kaggle::dataset(dataset.pictures().clone(), labels).unwrap()
}

fn train(dataset: &Dataset, split: &Split, config: TrainConfig) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    Training::new(dataset, split.clone(), config)
        .run(&RunFolder::new(folder.path()), &Device::flex(), &mut NoObserver)
        .unwrap()
}

#[test]
fn rows_that_count_for_nothing_teach_nothing() {
    let (dataset, split) = faces(60);
    let place = tempfile::tempdir().unwrap();
    let list = place.path().join("suspicious.csv");
    let rows: Vec<usize> = split.train.iter().copied().step_by(2).collect();
    let lines: String = rows.iter().map(|row| format!("{},99,nose_tip\n", row + 1)).collect();
    std::fs::write(&list, format!("row,score,keypoint\n{lines}")).unwrap();
    let other = spoilt(&dataset, &rows, 25.0);
    for (name, augment) in
        [("none", AugmentConfig::none()), ("standard", AugmentConfig::standard())]
    {
        let weights = |dataset, weight| {
            let config = TrainConfig { augment, ..listing(&list, weight, 2) };
            train(dataset, &split, config).models[0].weights.clone()
        };
        let plain = TrainConfig { augment, down_weight: None, ..listing(&list, 0.0, 2) };
        let plain = train(&dataset, &split, plain).models[0].weights.clone();
        if name == "none" {
            // A moved label may leave the image and be masked there, which no weight sees.
            assert_eq!(weights(&dataset, 0.0), weights(&other, 0.0), "{name}");
        }
        assert_eq!(weights(&dataset, 1.0), plain, "{name}: counting fully is no change");
        assert_ne!(weights(&dataset, 0.0), plain, "{name}");
        assert_ne!(weights(&dataset, 0.5), plain, "{name}");
        assert_ne!(weights(&other, 0.5), weights(&dataset, 0.5), "{name}");
    }

    // Wrong labels hurt; held-out rows are scored as ever, listed or not.
    let rmse = |config| train(&other, &split, config).report.unwrap().rmse.unwrap();
    let hurt = rmse(TrainConfig { down_weight: None, ..listing(&list, 0.0, 15) });
    let healed = rmse(listing(&list, 0.0, 15));
    assert!(healed < 0.8 * hurt, "{healed} px, {hurt} px with wrong labels");
    let held_out: String = split.validation.iter().map(|row| format!("{}\n", row + 1)).collect();
    let all = place.path().join("all.csv");
    std::fs::write(&all, format!("row\n{lines}{held_out}")).unwrap();
    assert_eq!(rmse(listing(&all, 0.0, 15)), healed);
}
