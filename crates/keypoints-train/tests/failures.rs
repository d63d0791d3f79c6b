//! What can go wrong is said, and nothing is lost.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Tensor};
use common::{DieAfter, config, faces};
use keypoints_core::{Dataset, Split, kaggle15};
use keypoints_models::{NetworkConfig, simple_cnn::SimpleCnnConfig};
use keypoints_train::augment::AugmentConfig;
use keypoints_train::strategy::{Answers, Strategy, StrategyConfig, Trainer, TrainingPlan};
use keypoints_train::{
    Checkpoint, NoObserver, RunFolder, Schedule, TrainConfig, TrainError, Training,
};

fn attempt(dataset: &Dataset, split: &Split, config: TrainConfig) -> TrainError {
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path().join("run"));
    let training = Training::new(dataset, split.clone(), config);
    let error = training.run(&run, &Device::flex(), &mut NoObserver).unwrap_err();
    // What is found out before the first epoch leaves no folder behind.
    let before = matches!(error, TrainError::InvalidConfig { .. } | TrainError::Model(_));
    assert!(!before || !run.path().exists(), "{error}");
    error
}

#[test]
fn settings_that_make_no_sense_are_named() {
    let (dataset, split) = faces(40);
    let base = || config(1);
    let cases = [
        (TrainConfig { epochs: 0, ..base() }, "`epochs` must be at least 1, but is 0"),
        (TrainConfig { batch_size: 0, ..base() }, "`batch_size` must be at least 1"),
        (
            TrainConfig { batch_size: usize::MAX, accumulate: 2, ..base() },
            "`accumulate` must be few enough batches",
        ),
        (TrainConfig { validate_every: 0, ..base() }, "`validate_every` must be at least 1"),
        (
            TrainConfig { learning_rate: -1.0, ..base() },
            "`learning_rate` must be a positive number",
        ),
        (TrainConfig { learning_rate: f64::NAN, ..base() }, "but is NaN"),
        (TrainConfig { early_stopping: Some(0), ..base() }, "`early_stopping` must be at least 1"),
        (
            TrainConfig { schedule: Schedule::OneCycle { rise: 1.5 }, ..base() },
            "`schedule` must be climbing for a share in 0..1, but is 1.5",
        ),
        (
            TrainConfig {
                augment: AugmentConfig { scale: 0.9, ..AugmentConfig::none() },
                ..base()
            },
            "`augment.scale` must be in 1..=2, but is 0.9",
        ),
        (TrainConfig { image_budget: Some(0), ..base() }, "`image_budget` must be at least 1"),
    ];
    for (config, message) in cases {
        let error = attempt(&dataset, &split, config).to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn a_flip_needs_both_sides_of_the_face() {
    struct OneEye;
    impl Strategy for OneEye {
        fn train(
            &self,
            faces: &Dataset,
            rows: &[usize],
            trainer: &mut dyn Trainer,
        ) -> Result<Answers, TrainError> {
            let eye = vec![kaggle15::LEFT_EYE_CENTER.x(), kaggle15::LEFT_EYE_CENTER.y()];
            trainer.train_only(TrainingPlan::of_rows(faces, rows.to_vec()).for_coordinates(eye))
        }
    }
    let (dataset, split) = faces(40);
    let folder = tempfile::tempdir().unwrap();
    let attempt = |name: &str, augment| {
        let run = RunFolder::new(folder.path().join(name));
        Training::new(&dataset, split.clone(), TrainConfig { augment, ..config(1) })
            .with_strategy("one_eye", &OneEye)
            .run(&run, &Device::flex(), &mut NoObserver)
    };
    let standard = AugmentConfig::standard();
    let error = attempt("flip", standard).unwrap_err().to_string();
    assert!(error.contains("`augment.flip` must be 0"), "{error}");
    assert!(error.contains("left_eye_center_x but without right_eye_center_x"), "{error}");
    assert!(attempt("no_flip", AugmentConfig { flip: 0.0, ..standard }).is_ok());
}

#[test]
fn a_split_of_other_data_is_refused() {
    let (dataset, split) = faces(40);
    let beyond = Split { train: vec![0, 40], validation: vec![1] };
    let error = attempt(&dataset, &beyond, config(1));
    assert!(matches!(error, TrainError::RowOutOfRange { row: 40, rows: 40 }), "{error}");
    let gaps: Vec<usize> =
        split.train.into_iter().filter(|&row| !dataset.is_complete(row)).collect();
    let given = gaps.len();
    let error = attempt(&dataset, &Split { train: gaps, validation: vec![] }, config(1));
    assert!(
        matches!(error, TrainError::NoTrainingRows { given: found, .. } if found == given),
        "{error}"
    );
}

#[test]
fn an_exploding_loss_stops_the_run() {
    let (dataset, split) = faces(40);
    let wild = TrainConfig { learning_rate: 1e30, schedule: Schedule::Constant, ..config(3) };
    let error = attempt(&dataset, &split, wild);
    assert!(matches!(error, TrainError::Diverged { epoch: 1, last_good: None, .. }), "{error}");
    assert!(error.to_string().contains("a smaller learning rate may help"), "{error}");
}

#[test]
fn the_last_good_checkpoint_survives_a_diverged_epoch() {
    struct Poison;
    impl ModuleMapper for Poison {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            param.map(|tensor| tensor * f32::NAN)
        }
    }
    let (dataset, split) = faces(60);
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path());
    let complete = split.train.iter().filter(|&&row| dataset.is_complete(row)).count();
    let steps = complete.div_ceil(config(3).batch_size);
    let training = Training::new(&dataset, split, config(3));
    let device = Device::flex();
    let first = AssertUnwindSafe(|| training.run(&run, &device, &mut DieAfter(steps + 1)));
    assert!(catch_unwind(first).is_err());

    let checkpoint = run.checkpoints_path().join("epoch-0001");
    let network = config(3).network.with_outputs(30).init(&device).unwrap().map(&mut Poison);
    network.into_record().save(checkpoint.join("model.bpk")).unwrap();
    let error = training.run(&run, &device, &mut NoObserver).unwrap_err();
    let TrainError::Diverged { epoch: 2, loss, last_good: Some(path), .. } = &error else {
        panic!("{error}");
    };
    assert!(loss.is_nan());
    assert_eq!(path, &checkpoint);
    assert!(checkpoint.join("optimizer.bpk").exists());
}

#[test]
fn another_run_in_the_folder_is_not_overwritten() {
    let (dataset, split) = faces(40);
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path());
    let device = Device::flex();
    Training::new(&dataset, split.clone(), config(1)).run(&run, &device, &mut NoObserver).unwrap();

    let longer = Training::new(&dataset, split.clone(), config(2));
    let error = longer.run(&run, &device, &mut NoObserver).unwrap_err().to_string();
    assert!(error.contains("another config (epochs 1, now epochs 2)"), "{error}");
    assert!(error.contains("run.json"), "{error}");

    let (other, split) = faces(45);
    let error = Training::new(&other, split, config(1)).run(&run, &device, &mut NoObserver);
    let error = error.unwrap_err().to_string();
    assert!(error.contains("another dataset") && error.contains("of 40 rows"), "{error}");
}

#[test]
fn who_mends_the_settings_of_a_run_without_an_epoch_need_not_delete_it() {
    let (dataset, split) = faces(40);
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path().join("run"));
    let device = Device::flex();
    let start = |config: TrainConfig| Training::new(&dataset, split.clone(), config);

    // A network that there cannot be, and a file that there is not: no folder.
    let empty = SimpleCnnConfig { channels: [0, 2, 2], ..Default::default() };
    let network = NetworkConfig::SimpleCnn(empty);
    let bad = start(TrainConfig { network, ..config(1) });
    let error = bad.run(&run, &device, &mut NoObserver).unwrap_err().to_string();
    assert!(error.contains("`channels`") && !run.path().exists(), "{error}");
    if cfg!(feature = "weights") {
        let initial_weights = Some(folder.path().join("none.safetensors"));
        let bad = start(TrainConfig { initial_weights, ..config(1) });
        let error = bad.run(&run, &device, &mut NoObserver).unwrap_err().to_string();
        assert!(error.contains("none.safetensors") && !run.path().exists(), "{error}");
    }

    // Killed in the first epoch, by a strategy with networks in folders of their own.
    let two = StrategyConfig::by_name("two_models").unwrap();
    let killed = start(TrainConfig { strategy: two, ..config(3) });
    let attempt = || killed.run(&run, &device, &mut DieAfter(1));
    assert!(catch_unwind(AssertUnwindSafe(attempt)).is_err());
    assert!(run.exists() && run.path().join("models/full/model.json").exists());
    let outcome = start(config(1)).run(&run, &device, &mut NoObserver).unwrap();
    assert_eq!(outcome.models.len(), 1);
    assert!(!run.path().join("models").exists());
    let error = start(config(2)).run(&run, &device, &mut NoObserver).unwrap_err().to_string();
    assert!(error.contains("another config"), "now there is something to lose: {error}");

    // The same settings on other rows.
    let other = Split { train: split.train.clone(), validation: split.validation[1..].to_vec() };
    let training = Training::new(&dataset, other, config(1));
    let error = training.run(&run, &device, &mut NoObserver).unwrap_err().to_string();
    assert!(error.contains("split.json") && error.contains("another split of the rows"), "{error}");
}

#[test]
fn a_folder_of_another_program_is_refused() {
    let (dataset, split) = faces(40);
    let place = tempfile::tempdir().unwrap();
    let training = Training::new(&dataset, split, config(1));
    let run = RunFolder::new(place.path());
    let path = place.path().join("study.json");
    std::fs::write(&path, "{}").unwrap();
    let error = training.run(&run, &Device::flex(), &mut NoObserver).unwrap_err();
    assert!(matches!(error, TrainError::FolderTaken { .. }), "{error}");
    assert!(error.to_string().contains("holds `study.json`, which is not a file of a run"));
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1, "nothing was written");

    // What an earlier start may have left is no one else's.
    std::fs::rename(path, place.path().join("split.json")).unwrap();
    training.run(&run, &Device::flex(), &mut NoObserver).unwrap();
}

#[test]
fn broken_files_of_a_run_are_named() {
    let (dataset, split) = faces(40);
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path().join("run"));
    let device = Device::flex();
    let load = || run.predictor(Checkpoint::Best, &device).unwrap_err().to_string();
    assert!(load().contains("run.json: cannot read"), "{}", load());

    let training = Training::new(&dataset, split, config(1));
    assert!(
        catch_unwind(AssertUnwindSafe(|| training.run(&run, &device, &mut DieAfter(1)))).is_err()
    );
    assert!(load().contains("the run has not finished its first epoch"), "{}", load());

    training.run(&run, &device, &mut NoObserver).unwrap();
    let model = run.checkpoints_path().join("epoch-0001/model.bpk");
    let whole = std::fs::read(&model).unwrap();
    std::fs::write(&model, &whole[..whole.len() / 2]).unwrap();
    assert!(
        load().contains("model.bpk: a checkpoint of this run's network expected"),
        "{}",
        load()
    );

    // Weights of a network of another width.
    let other = config(1).network.with_outputs(8).init(&device).unwrap();
    other.into_record().save(&model).unwrap();
    assert!(load().contains("shape mismatch"), "{}", load());

    std::fs::write(run.record_path(), "{ \"program\": 1").unwrap();
    assert!(load().contains("run.json: the record of a run expected, but"), "{}", load());
}
