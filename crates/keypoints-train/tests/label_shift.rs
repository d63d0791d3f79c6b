//! Labels that lie beside what they mark, from the file to the answer.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use burn::tensor::Device;
use common::{alone, config, faces};
use keypoints_data::{FaceDataset, LabelRegime, LabelShifts, Labels};
use keypoints_train::augment::AugmentConfig;
use keypoints_train::strategy::{Masked, StrategyConfig};
use keypoints_train::{
    Checkpoint, KeypointPredictor, LabelShift, ModelRecord, NoObserver, Outcome, Predictor,
    RunFolder, TrainConfig, TrainError, Training,
};

const SHIFTS: LabelShifts = LabelShifts { full: 2.0, four_point: -1.5 };

/// Labels on quarters of a pixel, which can be moved by quarters and back without rounding.
fn on_quarters(dataset: &FaceDataset, shifts: LabelShifts) -> FaceDataset {
    let labels = (0..dataset.len()).map(|row| {
        let quarter = |(one, value): (_, f32)| (one, (value * 4.0).round() / 4.0);
        let labels: Labels = dataset.labels()[row].present().map(quarter).collect();
        shifts.as_marked(dataset.regime(row), &labels)
    });
    FaceDataset::new(dataset.images().clone(), labels.collect()).unwrap()
}

fn run(dataset: &FaceDataset, folder: &RunFolder, label_shift: LabelShift) -> Outcome {
    let _alone = alone();
    let (_, split) = faces(dataset.len());
    let config = TrainConfig {
        strategy: StrategyConfig::Masked(Masked::TWO_HEAD),
        augment: AugmentConfig::standard(),
        flip_average: true,
        label_shift,
        ..config(1)
    };
    Training::new(dataset, split, config).run(folder, &Device::flex(), &mut NoObserver).unwrap()
}

#[test]
fn moved_labels_teach_the_same_network_and_are_answered_where_they_lie() {
    let (dataset, _) = faces(90);
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [plain, moved] = folders.each_ref().map(|folder| RunFolder::new(folder.path()));
    let base = on_quarters(&dataset, LabelShifts::default());
    let expected = run(&base, &plain, LabelShift::None);
    let found = run(&on_quarters(&dataset, SHIFTS), &moved, LabelShift::Given(SHIFTS));
    assert_eq!(found.models[0].weights, expected.models[0].weights, "the same network, bit by bit");
    assert_eq!(ModelRecord::read(&moved).unwrap().label_shifts, SHIFTS);

    let device = Device::flex();
    let on_picture = |run: &RunFolder| {
        let predictor = Predictor::load(run, Checkpoint::Best, &device).unwrap();
        predictor.predict_on_picture(dataset.images(), &mut |_| ()).unwrap()
    };
    for (plain, moved) in on_picture(&plain).into_iter().zip(on_picture(&moved)) {
        for (coordinate, value) in plain.present() {
            assert!((value - moved.get(coordinate).unwrap()).abs() < 1e-4, "{coordinate}");
        }
    }
    for regime in LabelRegime::ALL {
        let regimes = vec![regime; dataset.len()];
        let ask = |run: &RunFolder| {
            let predictor = Predictor::load(run, Checkpoint::Best, &device).unwrap();
            predictor.predict_as(dataset.images(), &regimes, &mut |_| ()).unwrap()
        };
        for (plain, moved) in ask(&plain).iter().zip(ask(&moved)) {
            assert_eq!(SHIFTS.as_marked(regime, plain), moved);
        }
    }
}

#[test]
fn the_shift_is_measured_on_the_rows_that_are_trained_on() {
    let (dataset, split) = faces(300);
    // Held-out labels lie where they would spoil any measurement.
    let away = LabelShifts { full: 12.0, four_point: 12.0 };
    let labels = dataset.labels().iter().enumerate().map(|(row, labels)| {
        let shifts = if split.validation.contains(&row) { away } else { SHIFTS };
        shifts.as_marked(dataset.regime(row), labels)
    });
    let moved = FaceDataset::new(dataset.images().clone(), labels.collect()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let folder = RunFolder::new(folder.path());
    run(&moved, &folder, LabelShift::Measured);
    let found = ModelRecord::read(&folder).unwrap().label_shifts;
    assert_eq!(found, LabelShifts::measure(&moved, split.train.iter().copied()));
    assert!((found.full - SHIFTS.full).abs() < 0.6, "{found:?}");
    assert!((found.four_point - SHIFTS.four_point).abs() < 0.6, "{found:?}");
}

#[test]
fn a_shift_beyond_the_picture_is_refused() {
    for four_point in [60.0, f32::NAN] {
        let shifts = LabelShifts { full: 0.0, four_point };
        let config = TrainConfig { label_shift: LabelShift::Given(shifts), ..config(1) };
        let (dataset, split) = faces(60);
        let folder = tempfile::tempdir().unwrap();
        let folder = RunFolder::new(folder.path().join("run"));
        let error = Training::new(&dataset, split, config)
            .run(&folder, &Device::flex(), &mut NoObserver)
            .unwrap_err();
        assert!(matches!(error, TrainError::InvalidConfig { field: "label_shift", .. }), "{error}");
        assert!(!folder.exists(), "nothing was begun");
    }
}
