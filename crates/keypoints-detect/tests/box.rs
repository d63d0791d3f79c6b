//! Whether the network in the box is the one that its card describes.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use std::path::PathBuf;

use keypoints_data::{DataDir, LabelRegime, Labels};
use keypoints_detect::{Detector, Device};
use keypoints_train::TrainConfig;
use keypoints_train::metrics::ErrorReport;

#[test]
fn is_trained_by_the_recipe_of_today_on_all_faces() {
    let detector = Detector::pretrained(&Device::flex()).unwrap();
    let origin = detector.predictor().origin().unwrap();
    // Which epoch answers is no question where no row was held out.
    let checkpoint = origin.config.checkpoint;
    let fast = TrainConfig::preset("fast").unwrap();
    assert_eq!(origin.config, TrainConfig { checkpoint, ..fast });
    assert_eq!((origin.data.rows, origin.data.full_rows), (7049, 2284));
    // None of them was held out.
    assert_eq!(detector.predictor().record(LabelRegime::Full).rows, 7049);
}

#[test]
fn knows_the_faces_that_it_was_trained_on() {
    let Some(folder) = std::env::var_os("KEYPOINTS_KAGGLE_DIR").map(PathBuf::from) else {
        println!("skipped: KEYPOINTS_KAGGLE_DIR is not set");
        return;
    };
    let faces = DataDir::new(&folder).training().unwrap();
    let rows: Vec<usize> = (0..faces.len()).step_by(10).collect();
    let regimes: Vec<LabelRegime> = rows.iter().map(|&row| faces.regime(row)).collect();
    let truth: Vec<Labels> = rows.iter().map(|&row| faces.labels()[row]).collect();
    let detector = Detector::pretrained(&Device::flex()).unwrap();
    let images = faces.images().select(&rows);
    let found = detector.predictor().predict_as(&images, &regimes, &mut |_| ()).unwrap();
    let error = ErrorReport::compare(&truth, &found).weighted_rmse.unwrap();
    println!("every tenth face: {error:.2} px");
    // Some of their labels are wrong.
    assert!(error < 1.5, "{error}");
}
