//! A training run as programs do it: train, predict the held-out faces, draw, print.

use std::path::PathBuf;

use burn::tensor::Device;
use keypoints_data::{FaceDataset, Split};
use keypoints_train::metrics::ErrorReport;
use keypoints_train::{Outcome, Predictor, RunFolder, TrainConfig, Training, Which};

use crate::pictures::draw_run_pictures;
use crate::progress::TrainProgress;

/// What [`train_and_draw`] leaves behind.
#[derive(Debug)]
pub struct Trained {
    /// How the run went.
    pub outcome: Outcome,
    /// The best checkpoint.
    pub predictor: Predictor,
    /// Its scores on the held-out rows; empty where none were held out.
    pub scores: ErrorReport,
    /// The pictures in the run folder.
    pub pictures: Vec<PathBuf>,
}

/// Trains (or goes on training) with a progress display, scores the best checkpoint on the held-out rows
/// and draws the run's pictures.
///
/// # Errors
/// Whatever training, predicting or drawing reports.
pub fn train_and_draw(
    dataset: &FaceDataset,
    split: Split,
    config: TrainConfig,
    run: &RunFolder,
    device: &Device,
) -> anyhow::Result<Trained> {
    let held_out = split.validation.clone();
    let training = Training::new(dataset, split, config);
    let outcome = training.run(run, device, &mut TrainProgress::new())?;
    let predictor = Predictor::load(run, Which::Best, device)?;
    let predictions = predictor.predict(&dataset.images().select(&held_out))?;
    let truth: Vec<_> = held_out.iter().map(|&row| dataset.labels()[row]).collect();
    let scores = ErrorReport::compare(&truth, &predictions);
    let pictures = draw_run_pictures(run, &outcome.records, dataset, &held_out, &predictions)?;
    Ok(Trained { outcome, predictor, scores, pictures })
}
