//! A training run as programs do it: train, predict the held-out faces, draw, print.

use std::path::PathBuf;

use burn::tensor::Device;
use keypoints_core::{Dataset, Split};
use keypoints_predict::Predictor;
use keypoints_train::{Checkpoint, Outcome, RunFolder, TrainConfig, Training};

use crate::pictures::draw_run_pictures;
use crate::progress::TrainProgress;
use crate::rounds::draw_rounds;

/// What [`train_and_draw`] leaves behind.
#[derive(Debug)]
pub struct Trained {
    /// How the run went.
    pub outcome: Outcome,
    /// The best checkpoints.
    pub predictor: Predictor,
    /// The pictures in the run folder.
    pub pictures: Vec<PathBuf>,
}

/// Trains (or goes on training) with a progress display, scores the best checkpoint on the held-out rows
/// and draws the run's pictures. [`write_run_report`](crate::write_run_report) makes a report of all that.
///
/// # Errors
/// Whatever training, predicting or drawing reports.
pub fn train_and_draw(
    dataset: &Dataset,
    split: Split,
    config: TrainConfig,
    run: &RunFolder,
    device: &Device,
) -> anyhow::Result<Trained> {
    let held_out = split.validation.clone();
    let training = Training::new(dataset, split, config);
    let outcome = training.run(run, device, &mut TrainProgress::new())?;
    let predictor = run.predictor(Checkpoint::Best, device)?;
    let mut pictures = draw_run_pictures(run, &outcome, dataset, &held_out)?;
    pictures.extend(draw_rounds(run, dataset)?);
    Ok(Trained { outcome, predictor, pictures })
}
