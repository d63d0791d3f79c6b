//! The training loop from data to predictions.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use burn::tensor::Device;
use common::{Count, alone, config, faces};
use keypoints_core::{ErrorReport, Split, kaggle15};
use keypoints_predict::KeypointPredictor;
use keypoints_train::{
    Checkpoint, CoordinateUnits, NoObserver, OptimizerConfig, RunFolder, RunRecord, Schedule,
    StopReason, TrainConfig, Training,
};

fn learn(config: TrainConfig, epochs_seen: &mut Count) -> keypoints_train::ModelOutcome {
    let (dataset, split) = faces(150);
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path());
    let training = Training::new(&dataset, split, config);
    let mut outcome = training.run(&run, &Device::flex(), epochs_seen).unwrap();
    assert_eq!(outcome.models.len(), 1);
    outcome.models.remove(0)
}

#[test]
fn learns_with_every_optimizer_and_schedule() {
    let _alone = alone();
    let adam = OptimizerConfig::adam();
    let cases = [
        (adam, Schedule::Constant),
        (adam, Schedule::OneCycle { rise: 0.3 }),
        (OptimizerConfig::adam_w(), Schedule::Cosine { warmup: 0.1 }),
    ];
    for (optimizer, schedule) in cases {
        let mut seen = Count::default();
        let outcome = learn(TrainConfig { optimizer, schedule, ..config(6) }, &mut seen);
        let first = outcome.records[0].train_rmse;
        let last = outcome.records[5].train_rmse;
        assert!(last < 0.7 * first, "{optimizer:?} {schedule:?}: {first} px, then {last} px");
        assert_eq!(outcome.reason, StopReason::Finished);
        assert_eq!(seen.epochs, [1, 2, 3, 4, 5, 6]);
        assert_eq!(seen.steps, outcome.records[5].steps);
        assert_eq!(seen.validated, 30, "a fifth of 150 faces is held out");
        let best = outcome.selected.unwrap();
        let lowest = outcome.records.iter().filter_map(|r| r.validation.as_ref()?.weighted_rmse);
        assert_eq!(best.weighted_rmse, lowest.reduce(f64::min));
    }
}

#[test]
fn trains_in_raw_pixels_too() {
    let _alone = alone();
    let network = TrainConfig { coordinates: CoordinateUnits::Pixels, ..config(8) };
    let outcome = learn(TrainConfig { learning_rate: 0.02, ..network }, &mut Count::default());
    let errors: Vec<f64> = outcome.records.iter().map(|record| record.train_rmse).collect();
    assert!(errors[0] > 20.0, "the network starts at 0, far from the faces: {errors:?}");
    assert!(errors[7] < 0.6 * errors[0], "{errors:?}");
}

#[test]
fn predicts_what_it_was_validated_with() {
    let _alone = alone();
    let (dataset, split) = faces(120);
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path());
    let training = Training::new(&dataset, split.clone(), config(3));
    let outcome = training.run(&run, &Device::flex(), &mut NoObserver).unwrap();

    let predictor = run.predictor(Checkpoint::Best, &Device::flex()).unwrap();
    assert_eq!(Some(predictor.model(kaggle15::FULL).epoch), outcome.models[0].selected_epoch);
    assert_eq!(predictor.coordinates().len(), 30);
    let predictions = predictor.predict(&dataset.pictures().select(&split.validation)).unwrap();
    let truth = dataset.select(&split.validation);
    let (schema, sources) = (truth.schema(), truth.sources());
    let scores = ErrorReport::compare(schema, sources, truth.labels(), &predictions);
    assert_eq!(Some(&scores), outcome.models[0].selected.as_ref());
    assert_eq!(Some(&scores), outcome.report.as_ref());
    assert_eq!(predictions, outcome.predictions);
    let last = run.predictor(Checkpoint::Last, &Device::flex()).unwrap();
    assert_eq!(last.model(kaggle15::FOUR_POINT).epoch, 3);

    let record = RunRecord::read(&run).unwrap();
    assert_eq!(record.config, config(3));
    assert_eq!(record.data.rows, 120);
    let saved: Split = serde_json::from_slice(&std::fs::read(run.split_path()).unwrap()).unwrap();
    assert_eq!(saved, split);
}

#[test]
fn stops_early_when_nothing_improves() {
    let _alone = alone();
    // So small a rate changes nothing that a score could see improve for long.
    let still = TrainConfig {
        learning_rate: 1e-12,
        schedule: Schedule::Constant,
        early_stopping: Some(2),
        ..config(50)
    };
    let outcome = learn(still.clone(), &mut Count::default());
    assert_eq!(outcome.reason, StopReason::EarlyStopped);
    let (best, last) = (outcome.selected_epoch.unwrap(), outcome.records.len());
    assert_eq!(last, best + 2, "two validations after the best");
    assert!(last < 50);

    // It stops then as well where the last epoch answers in any case.
    let by_last = TrainConfig { checkpoint: Checkpoint::Last, ..still };
    let outcome = learn(by_last, &mut Count::default());
    assert_eq!((outcome.records.len(), outcome.selected_epoch), (last, Some(last)));
}

#[test]
fn validates_every_few_epochs_and_at_the_end() {
    let _alone = alone();
    let sparse = TrainConfig { validate_every: 2, ..config(5) };
    let outcome = learn(sparse, &mut Count::default());
    let validated: Vec<bool> = outcome.records.iter().map(|r| r.validation.is_some()).collect();
    assert_eq!(validated, [false, true, false, true, true]);
}

#[test]
fn trains_on_all_rows_without_validation() {
    let _alone = alone();
    let (dataset, _) = faces(40);
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path());
    let all = Split { train: (0..40).collect(), validation: Vec::new() };
    let training = Training::new(&dataset, all, config(2));
    let outcome = training.run(&run, &Device::flex(), &mut NoObserver).unwrap();
    assert_eq!((outcome.models[0].selected_epoch, outcome.report), (None, None));
    // Without a score the last epoch answers.
    let predictor = run.predictor(Checkpoint::Best, &Device::flex()).unwrap();
    assert_eq!(predictor.model(kaggle15::FULL).epoch, 2);
}
