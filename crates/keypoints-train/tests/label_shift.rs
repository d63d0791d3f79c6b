//! Labels that lie beside what they mark, from the file to the answer.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use burn::tensor::Device;
use common::{alone, config, faces};
use keypoints_core::{Dataset, LabelShifts, Labels, Named, kaggle15};
use keypoints_data::kaggle;
use keypoints_predict::KeypointPredictor;
use keypoints_train::augment::AugmentConfig;
use keypoints_train::strategy::{Masked, StrategyConfig};
use keypoints_train::{
    Checkpoint, LabelShift, NoObserver, Outcome, RunFolder, TrainConfig, TrainError, Training,
};

/// Of full and of four-point faces.
const SHIFTS: [f32; 2] = [2.0, -1.5];

fn shifts() -> LabelShifts {
    LabelShifts::new(SHIFTS.to_vec())
}

/// As settings have them.
fn given([full, four_point]: [f32; 2]) -> LabelShift {
    let named: Named<f32> = [("full", full), ("four_point", four_point)]
        .map(|(name, one)| (name.to_owned(), one))
        .into_iter()
        .collect();
    LabelShift::Given(named)
}

/// Labels on quarters of a pixel, which can be moved by quarters and back without rounding.
fn on_quarters(dataset: &Dataset, shifts: &LabelShifts) -> Dataset {
    let labels = (0..dataset.len()).map(|row| {
        let quarter = |(one, value): (_, f32)| (one, (value * 4.0).round() / 4.0);
        let labels: Labels = dataset.labels()[row].present().map(quarter).collect();
        shifts.as_marked(dataset.schema(), dataset.sources()[row], &labels)
    });
    kaggle::dataset(dataset.pictures().clone(), labels.collect()).unwrap()
}

fn run(dataset: &Dataset, folder: &RunFolder, label_shift: LabelShift) -> Outcome {
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
    let base = on_quarters(&dataset, &LabelShifts::default());
    let expected = run(&base, &plain, LabelShift::None);
    let found = run(&on_quarters(&dataset, &shifts()), &moved, given(SHIFTS));
    assert_eq!(found.models[0].weights, expected.models[0].weights, "the same network, bit by bit");
    assert_eq!(moved.model_record().unwrap().label_shifts, shifts());

    let device = Device::flex();
    let on_picture = |run: &RunFolder| {
        let predictor = run.predictor(Checkpoint::Best, &device).unwrap();
        predictor.predict_on_picture(dataset.pictures(), &mut |_| ()).unwrap()
    };
    for (plain, moved) in on_picture(&plain).into_iter().zip(on_picture(&moved)) {
        for (coordinate, value) in plain.present() {
            assert!((value - moved.get(coordinate).unwrap()).abs() < 1e-4, "{coordinate:?}");
        }
    }
    for source in [kaggle15::FULL, kaggle15::FOUR_POINT] {
        let sources = vec![source; dataset.len()];
        let ask = |run: &RunFolder| {
            let predictor = run.predictor(Checkpoint::Best, &device).unwrap();
            predictor.predict_as(dataset.pictures(), &sources, &mut |_| ()).unwrap()
        };
        for (plain, moved) in ask(&plain).iter().zip(ask(&moved)) {
            assert_eq!(shifts().as_marked(dataset.schema(), source, plain), moved);
        }
    }
}

#[test]
fn the_shift_is_measured_on_the_rows_that_are_trained_on() {
    let (dataset, split) = faces(300);
    // Held-out labels lie where they would spoil any measurement.
    let away = LabelShifts::new(vec![12.0, 12.0]);
    let on_trained = shifts();
    let labels = dataset.labels().iter().enumerate().map(|(row, labels)| {
        let shifts = if split.validation.contains(&row) { &away } else { &on_trained };
        shifts.as_marked(dataset.schema(), dataset.sources()[row], labels)
    });
    let moved = kaggle::dataset(dataset.pictures().clone(), labels.collect()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let folder = RunFolder::new(folder.path());
    run(&moved, &folder, LabelShift::Measured);
    let found = folder.model_record().unwrap().label_shifts;
    assert_eq!(found, LabelShifts::measure(&moved, split.train.iter().copied()));
    assert_eq!(found.pixels().len(), 2);
    for (found, expected) in found.pixels().iter().zip(SHIFTS) {
        assert!((found - expected).abs() < 0.6, "{found}, not {expected}");
    }
}

#[test]
fn a_shift_beyond_the_picture_is_refused() {
    for four_point in [60.0, f32::NAN] {
        let config = TrainConfig { label_shift: given([0.0, four_point]), ..config(1) };
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
