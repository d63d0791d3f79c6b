//! A training run as programs do it: train, predict the held-out faces, draw, print.

use std::path::PathBuf;

use anyhow::Context;
use burn::tensor::Device;
use keypoints_core::{Dataset, Labels, RelativeErrors, Split};
use keypoints_data::write_atomically;
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
    /// Errors of the held-out rows relative to the schema's unit, if it has one.
    pub relative: Option<RelativeErrors>,
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
    let truth: Vec<Labels> = held_out.iter().map(|&row| dataset.labels()[row].clone()).collect();
    let relative = RelativeErrors::of(dataset.schema(), &truth, &outcome.predictions);
    if let Some(relative) = &relative {
        let path = relative_errors_path(run);
        write_atomically(&path, &serde_json::to_vec_pretty(relative)?)
            .with_context(|| format!("{}: cannot write", path.display()))?;
    }
    let mut pictures = draw_run_pictures(run, &outcome, dataset, &held_out)?;
    pictures.extend(draw_rounds(run, dataset)?);
    Ok(Trained { outcome, predictor, relative, pictures })
}

/// The file of a run with the errors relative to the schema's unit.
pub(crate) fn relative_errors_path(run: &RunFolder) -> PathBuf {
    run.path().join("relative_errors.json")
}
