//! Whether the network in the box is the one that its card describes.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use std::path::PathBuf;

use keypoints_core::{ErrorReport, Labels, Source, kaggle15};
use keypoints_data::kaggle::DataDir;
use keypoints_detect::{Detector, Device};
use keypoints_predict::KeypointPredictor;
use keypoints_train::{RunRecord, TrainConfig};

#[test]
fn is_trained_by_the_recipe_of_today_on_all_faces() {
    let detector = Detector::pretrained(&Device::flex()).unwrap();
    let about = detector.predictor().about().unwrap().clone();
    assert_eq!(about["data"]["rows"], 7049);
    let run: RunRecord = serde_json::from_value(about).unwrap();
    // Which checkpoint is kept is no question where no row was held out.
    let checkpoint = run.config.checkpoint;
    let fast = TrainConfig::preset("fast").unwrap();
    let network = fast.network.clone().with_pictures(kaggle15::SHAPE);
    let today = TrainConfig { checkpoint, network, ..fast };
    assert_eq!(run.config.comparable_with(&today), today);
    // None of them was held out.
    let record = detector.predictor().record();
    assert_eq!(record.training.rows, 7049);
    assert_eq!((record.schema.name(), record.pictures), ("kaggle-15", kaggle15::SHAPE));
    assert_eq!(record.crop, Some(kaggle15::crop_template()));
}

#[test]
fn knows_the_faces_that_it_was_trained_on() {
    let Some(folder) = std::env::var_os("KEYPOINTS_KAGGLE_DIR").map(PathBuf::from) else {
        println!("skipped: KEYPOINTS_KAGGLE_DIR is not set");
        return;
    };
    let faces = DataDir::new(&folder).training().unwrap();
    let rows: Vec<usize> = (0..faces.len()).step_by(10).collect();
    let sources: Vec<Source> = rows.iter().map(|&row| faces.sources()[row]).collect();
    let truth: Vec<Labels> = rows.iter().map(|&row| faces.labels()[row].clone()).collect();
    let detector = Detector::pretrained(&Device::flex()).unwrap();
    let images = faces.pictures().select(&rows);
    let found = detector.predictor().predict_as(&images, &sources, &mut |_| ()).unwrap();
    let error =
        ErrorReport::compare(faces.schema(), &sources, &truth, &found).weighted_rmse.unwrap();
    println!("every tenth face: {error:.2} px");
    // Some of their labels are wrong.
    assert!(error < 1.5, "{error}");
}
