//! A member while an ensemble is put together: its runs and their out-of-fold predictions.

use std::collections::BTreeMap;
use std::path::Path;

use burn::tensor::Device;
use keypoints_core::{Dataset, Labels, Split};
use keypoints_predict::{KeypointPredictor, TestTimeAugmentation};
use keypoints_train::files::read_json;
use keypoints_train::{
    Checkpoint, DataRecord, HeldOutPredictions, RunFolder, RunRecord, TrainError,
};

use crate::cv::finished_folds;
use crate::error::StudyError;
use crate::kind::FolderKind;
use crate::study::StudyFolder;

/// One run, or the finished folds of a cross-validation.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) runs: Vec<RunFolder>,
    /// Per row, the prediction of the run that has held it out.
    pub(super) held_out: BTreeMap<usize, Labels>,
}

/// How a run predicts the rows that it has held out.
pub(super) struct Ask<'a> {
    pub(super) dataset: &'a Dataset,
    pub(super) device: &'a Device,
    /// `None` for the run's own settings.
    pub(super) tta: Option<TestTimeAugmentation>,
    /// Is told how many of how many faces are done.
    pub(super) progress: &'a mut dyn FnMut(usize, usize),
}

impl Member {
    /// Opens the folder of a run or of a cross-validation on these faces.
    pub(super) fn open(
        path: &Path,
        name: String,
        data: &DataRecord,
        ask: &mut Ask<'_>,
    ) -> Result<Self, StudyError> {
        let runs = match FolderKind::of(path)? {
            Some(FolderKind::Study) => finished_folds(&StudyFolder::open(path)?)?,
            _ => vec![RunFolder::new(path)],
        };
        let mut all = BTreeMap::new();
        for run in &runs {
            let found = RunRecord::read(run)?.data;
            if found != *data {
                let text = |one: &DataRecord| format!("{} of {} rows", one.fingerprint, one.rows);
                return Err(TrainError::BadRunFile {
                    path: run.record_path(),
                    expected: "a run on the dataset that is given now",
                    found: format!("{}, now {}", text(&found), text(data)),
                }
                .into());
            }
            all.extend(held_out(run, ask)?.rows.into_iter().map(|one| (one.row, one.prediction)));
        }
        Ok(Self { name, runs, held_out: all })
    }
}

/// The predictions of a run for the rows that it has held out; made now, where there are none or with another test-time augmentation.
fn held_out(run: &RunFolder, ask: &mut Ask<'_>) -> Result<HeldOutPredictions, TrainError> {
    let dataset = ask.dataset;
    if ask.tta.is_none() && run.predictions_path().exists() {
        return HeldOutPredictions::of_run(dataset.schema(), run);
    }
    let rows = read_json::<Split>(&run.split_path(), "the rows of a run")?.validation;
    if let Some(&row) = rows.iter().find(|&&row| row >= dataset.len()) {
        return Err(TrainError::RowOutOfRange { row, rows: dataset.len() });
    }
    if rows.is_empty() {
        return Ok(HeldOutPredictions::default());
    }
    let mut predictor = run.predictor(Checkpoint::Best, ask.device)?;
    if let Some(tta) = ask.tta {
        predictor = predictor.with_tta(tta);
    }
    let asked = dataset.select(&rows);
    let mut progress = |done| (ask.progress)(done, rows.len());
    let found = predictor.predict_as(asked.pictures(), asked.sources(), &mut progress)?;
    Ok(HeldOutPredictions::of(&rows, asked.sources(), &found))
}
