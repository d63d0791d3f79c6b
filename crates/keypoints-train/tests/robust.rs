//! Rows that count less, and heat maps that are taught their shape.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::path::Path;

use burn::tensor::Device;
use common::{Count, alone, config, faces};
use keypoints_core::{Source, kaggle15};
use keypoints_models::{NetworkConfig, compact::CompactConfig};
use keypoints_predict::{KeypointPredictor, Predictor, Uncertainty};
use keypoints_train::strategy::StrategyConfig;
use keypoints_train::{
    Checkpoint, DownWeight, HeldOutPredictions, LossConfig, NoObserver, RunFolder, RunRecord,
    TrainConfig, Training, save_model,
};

fn listing(file: &Path, weight: f32, epochs: usize) -> TrainConfig {
    let strategy = StrategyConfig::by_name("masked").unwrap();
    let down_weight = Some(DownWeight { file: file.to_owned(), weight });
    TrainConfig { strategy, down_weight, ..config(epochs) }
}

#[test]
fn a_run_goes_on_with_the_same_rows_wherever_their_list_lies() {
    let _alone = alone();
    let (dataset, split) = faces(40);
    let place = tempfile::tempdir().unwrap();
    let (list, moved) = (place.path().join("a.csv"), place.path().join("b.csv"));
    std::fs::write(&list, "row\n3\n5\n").unwrap();
    let run = RunFolder::new(place.path().join("run"));
    let device = Device::flex();
    let go = |file: &Path, observer: &mut Count| {
        let training = Training::new(&dataset, split.clone(), listing(file, 0.0, 1));
        training.run(&run, &device, observer).map_err(|error| error.to_string())
    };
    let mut first = Count::default();
    let weights = go(&list, &mut first).unwrap().weights();
    assert!(RunRecord::read(&run).unwrap().down_weighted.is_some());
    std::fs::rename(&list, &moved).unwrap();
    assert!(go(&list, &mut Count::default()).unwrap_err().contains("a.csv"));
    let mut second = Count::default();
    assert_eq!(go(&moved, &mut second).unwrap().weights(), weights);
    assert_eq!((second.steps, second.epochs.len()), (0, 0));
    std::fs::write(&moved, "row\n3\n6\n").unwrap();
    let error = go(&moved, &mut Count::default()).unwrap_err();
    assert!(error.contains("another list of down-weighted rows"), "{error}");
    std::fs::write(&moved, "row\n41\n").unwrap();
    let error = go(&moved, &mut Count::default()).unwrap_err();
    assert!(error.contains("expected the number of a row"), "{error}");
}

#[test]
fn heat_maps_are_taught_their_shape() {
    let _alone = alone();
    let (dataset, split) = faces(80);
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path());
    let device = Device::flex();
    let compact = CompactConfig { width: 4, blocks: 1, image_side: Some(48), ..Default::default() };
    let config = TrainConfig {
        network: NetworkConfig::CompactNet(compact),
        strategy: StrategyConfig::by_name("masked_two_head").unwrap(),
        loss: LossConfig::HeatMapKl { spread: 5.0 },
        learning_rate: 2e-2,
        ..config(25)
    };
    let training = Training::new(&dataset, split.clone(), config.clone());
    let outcome = training.run(&run, &device, &mut NoObserver).unwrap();
    let records = &outcome.models[0].records;
    let [first, .., last] = records.as_slice() else { panic!("{records:?}") };
    assert!(last.train_rmse < 0.6 * first.train_rmse, "{first:?}, {last:?}");

    let calibrated = run.predictor(Checkpoint::Best, &device).unwrap();
    let predictor = calibrated.clone().with_calibration(None);
    let images = dataset.pictures().select(&split.validation);
    let sources: Vec<Source> = split.validation.iter().map(|&row| dataset.sources()[row]).collect();
    let spreads = predictor.uncertainty(&images, &sources, &mut |_| ()).unwrap().unwrap();
    assert!(spreads.iter().all(|face| face.len() == 15));
    let all: Vec<f32> = spreads.iter().flat_map(|face| face.values().copied()).collect();
    let mean = all.iter().sum::<f32>() / all.len() as f32;
    // A flat map spreads over √(2 · 143 / 12) · 8 = 39 pixels; a target of the width asked for, over 7.
    assert!((5.0..25.0).contains(&mean), "{mean}");
    let full = predictor
        .uncertainty(&images, &vec![kaggle15::FULL; images.len()], &mut |_| ())
        .unwrap()
        .unwrap();
    let four = sources.iter().position(|one| *one == kaggle15::FOUR_POINT).unwrap();
    assert_ne!(full[four], spreads[four], "each head has maps of its own");
    assert!(predictor.uncertainty(&images, &[], &mut |_| ()).is_err());

    // How far the held-out points lie from their labels was measured at the end, and goes into the model file.
    let held_out = HeldOutPredictions::of_run(dataset.schema(), &run).unwrap();
    let written: Vec<&Uncertainty> =
        held_out.rows.iter().map(|row| row.spread.as_ref().unwrap()).collect();
    assert_eq!(written, spreads.iter().collect::<Vec<_>>());
    let said = calibrated.uncertainty(&images, &sources, &mut |_| ()).unwrap().unwrap();
    let (mut within, mut points) = (0, 0);
    for (row, said) in held_out.rows.iter().zip(&said) {
        for (&keypoint, &far) in said {
            let label = dataset.labels()[row.row].point(keypoint);
            let Some((label, found)) = label.zip(row.prediction.point(keypoint)) else { continue };
            points += 1;
            within += usize::from((found.x - label.x).hypot(found.y - label.y) <= far);
        }
    }
    let share = within as f32 / points as f32;
    assert!(points >= 100 && (0.6..0.76).contains(&share), "{share} of {points}");
    let file = folder.path().join("calibrated.safetensors");
    save_model(&calibrated, &file).unwrap();
    let again = Predictor::open_model(&file, &device).unwrap();
    let calibration = run.calibration().unwrap();
    assert!(calibration.is_some() && again.record().calibration == calibration);

    // A run that ends a second time measures the same: nothing is calibrated twice.
    let files = [run.predictions_path(), run.calibration_path()];
    let read = || files.clone().map(|file| std::fs::read(file).unwrap());
    let before = read();
    std::fs::remove_file(run.predictions_path()).unwrap();
    training.run(&run, &device, &mut NoObserver).unwrap();
    assert!(read() == before);

    let plain = TrainConfig { network: common::config(1).network, ..config };
    let none = RunFolder::new(folder.path().join("none"));
    let error = Training::new(&dataset, split, plain).run(&none, &device, &mut NoObserver);
    let error = error.unwrap_err().to_string();
    assert!(error.contains("`loss` must be one on coordinates"), "{error}");
    assert!(!none.exists());
}
