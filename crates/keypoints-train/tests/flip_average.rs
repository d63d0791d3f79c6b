//! A run that asks its network twice, the second time in a mirror.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use burn::tensor::Device;
use common::{config, faces};
use keypoints_core::{
    Axis, Coordinate, Dataset, ErrorReport, Labels, Pictures, Schema, Source, kaggle15,
};
use keypoints_predict::{KeypointPredictor, Predictor, TestTimeAugmentation};
use keypoints_train::strategy::{Answers, Strategy, StrategyConfig, Trainer, TrainingPlan};
use keypoints_train::{Checkpoint, NoObserver, RunFolder, TrainConfig, TrainError, Training};

fn mirrored_images(images: &Pictures) -> Pictures {
    let row = |row: &[u8]| row.iter().rev().copied().collect::<Vec<u8>>();
    let pixels = images.as_bytes().chunks(kaggle15::SHAPE.side).flat_map(row).collect();
    Pictures::new(kaggle15::SHAPE, pixels).unwrap()
}

fn mirrored_labels(labels: &Labels) -> Labels {
    let schema = Schema::kaggle15();
    let mirror = |(one, value): (Coordinate, f32)| {
        let value = if one.axis == Axis::X { 95.0 - value } else { value };
        (one.of(schema.mirrored(one.keypoint).unwrap()), value)
    };
    labels.present().map(mirror).collect()
}

/// The largest difference between answers for mirror images and mirror images of answers, in pixels.
fn asymmetry(predictor: &Predictor, images: &Pictures, source: Source) -> f32 {
    let ask = |images: &Pictures| {
        predictor.predict_as(images, &vec![source; images.len()], &mut |_| ()).unwrap()
    };
    let (plain, mirrored) = (ask(images), ask(&mirrored_images(images)));
    let mut largest = 0.0_f32;
    for (plain, mirrored) in plain.iter().zip(&mirrored) {
        let expected = mirrored_labels(plain);
        assert_eq!(expected.count(), mirrored.count());
        for (coordinate, value) in mirrored.present() {
            largest = largest.max((value - expected.get(coordinate).unwrap()).abs());
        }
    }
    largest
}

#[test]
fn the_answer_for_a_mirrored_picture_is_the_mirrored_answer() {
    let (dataset, split) = faces(80);
    let device = Device::flex();
    let pictures = dataset.pictures().select(&split.validation);
    for strategy in ["masked", "masked_two_head", "two_models"] {
        let folder = tempfile::tempdir().unwrap();
        let run = RunFolder::new(folder.path());
        let strategy = StrategyConfig::by_name(strategy).unwrap();
        let config = TrainConfig { flip_average: true, strategy, ..config(2) };
        let training = Training::new(&dataset, split.clone(), config);
        let outcome = training.run(&run, &device, &mut NoObserver).unwrap();
        let load = || run.predictor(Checkpoint::Best, &device).unwrap();
        for source in [kaggle15::FULL, kaggle15::FOUR_POINT] {
            let off = asymmetry(&load(), &pictures, source);
            assert!(off < 1e-3, "{source:?}: {off} px");
            let once =
                asymmetry(&load().with_tta(TestTimeAugmentation::default()), &pictures, source);
            assert!(once > 0.1, "{source:?}: asked once, it differs by {once} px only");
        }

        // Validation asks as prediction does.
        let held_out = dataset.select(&split.validation);
        let (truth, sources) = (held_out.labels(), held_out.sources());
        let report = |predictor: Predictor| {
            let found = predictor.predict_as(&pictures, sources, &mut |_| ()).unwrap();
            ErrorReport::compare(dataset.schema(), sources, truth, &found)
        };
        assert_eq!(outcome.report, Some(report(load())));
        assert_ne!(outcome.report, Some(report(load().with_tta(TestTimeAugmentation::default()))));
        if let [only] = outcome.models.as_slice() {
            assert_eq!(only.selected, outcome.report);
            assert!(run.model_record().unwrap().tta.flip_average);
        }
    }
}

#[test]
fn a_network_for_one_eye_has_no_mirror_image() {
    struct OneEye;
    impl Strategy for OneEye {
        fn train(
            &self,
            faces: &Dataset,
            rows: &[usize],
            trainer: &mut dyn Trainer,
        ) -> Result<Answers, TrainError> {
            let eye = kaggle15::LEFT_EYE_CENTER;
            let plan = TrainingPlan::of_rows(faces, rows.to_vec());
            trainer.train_only(plan.for_coordinates(vec![eye.x(), eye.y()]))
        }
    }
    let (dataset, split) = faces(40);
    let folder = tempfile::tempdir().unwrap();
    let config = TrainConfig { flip_average: true, ..config(1) };
    let error = Training::new(&dataset, split, config)
        .with_strategy("one_eye", &OneEye)
        .run(&RunFolder::new(folder.path()), &Device::flex(), &mut NoObserver)
        .unwrap_err()
        .to_string();
    assert!(error.contains("cannot be averaged over mirror images"), "{error}");
    let points = "left_eye_center_x but not its mirror image right_eye_center_x";
    assert!(error.contains(points), "{error}");
}
