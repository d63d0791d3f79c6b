//! A member while an ensemble is put together: its runs, and what they say out of fold.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use burn::tensor::Device;
use keypoints_data::{FaceDataset, LabelRegime, Labels, Split};

use crate::cv::CvFolder;
use crate::error::TrainError;
use crate::looks::Looks;
use crate::predict::{Predictor, Which};
use crate::run::{DataRecord, HeldOutPredictions, RunFolder, RunRecord, read_json};

/// One run, or the finished folds of a cross-validation.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) runs: Vec<RunFolder>,
    /// Per row, what the run says that has held it out.
    pub(super) held_out: BTreeMap<usize, Labels>,
    /// The rows that each run has held out.
    pub(super) folds: BTreeSet<BTreeSet<usize>>,
}

/// How a run is asked about the rows that it has held out.
pub(super) struct Ask<'a> {
    pub(super) dataset: &'a FaceDataset,
    pub(super) device: &'a Device,
    /// `None` as the run's own settings say.
    pub(super) looks: Option<Looks>,
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
    ) -> Result<Self, TrainError> {
        let runs = match CvFolder::exists(path) {
            true => CvFolder::open(path)?.finished()?,
            false => vec![RunFolder::new(path)],
        };
        let mut member =
            Self { name, runs: Vec::new(), held_out: BTreeMap::new(), folds: BTreeSet::new() };
        for run in runs {
            let found = RunRecord::read(&run)?.data;
            if found != *data {
                let text = |one: &DataRecord| format!("{} of {} rows", one.fingerprint, one.rows);
                return Err(TrainError::BadRunFile {
                    path: run.record_path(),
                    expected: "a run on the dataset that is given now",
                    found: format!("{}, now {}", text(&found), text(data)),
                });
            }
            let predictions = held_out(&run, ask)?;
            member.folds.insert(predictions.rows.iter().map(|one| one.row).collect());
            for one in predictions.rows {
                member.held_out.insert(one.row, one.prediction);
            }
            member.runs.push(run);
        }
        Ok(member)
    }
}

/// What a run says of the rows that it has held out; asked now, where it has not written that down, or has looked otherwise.
fn held_out(run: &RunFolder, ask: &mut Ask<'_>) -> Result<HeldOutPredictions, TrainError> {
    let dataset = ask.dataset;
    if ask.looks.is_none() && run.predictions_path().exists() {
        return HeldOutPredictions::of_run(run);
    }
    let rows = read_json::<Split>(&run.split_path(), "the rows of a run")?.validation;
    if let Some(&row) = rows.iter().find(|&&row| row >= dataset.len()) {
        return Err(TrainError::RowOutOfRange { row, rows: dataset.len() });
    }
    if rows.is_empty() {
        return Ok(HeldOutPredictions::default());
    }
    let regimes: Vec<LabelRegime> = rows.iter().map(|&row| dataset.regime(row)).collect();
    let mut predictor = Predictor::load(run, Which::Best, ask.device)?;
    if let Some(looks) = ask.looks {
        predictor = predictor.with_looks(looks);
    }
    let images = dataset.images().select(&rows);
    let predictions =
        predictor.predict_as(&images, &regimes, &mut |done| (ask.progress)(done, rows.len()))?;
    Ok(HeldOutPredictions::of(&rows, &regimes, &predictions))
}
