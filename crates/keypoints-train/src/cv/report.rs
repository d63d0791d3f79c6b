//! What a cross-validation brought.

use std::path::Path;

use keypoints_data::{FaceDataset, Labels};
use serde::{Deserialize, Serialize};

use super::folder::CvFolder;
use crate::error::TrainError;
use crate::metrics::{ErrorReport, influences, standard_error};
use crate::predict::Which;
use crate::run::{HeldOutPredictions, write_file, write_json};
use crate::study::{CellResult, Summary, SummaryRow, read_result};

/// The scores of a cross-validation: the contents of its `scores.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CvReport {
    /// Which epoch of a fold answers: the one with the lowest error on the fold itself, or the last.
    #[serde(default)]
    pub answering_epoch: Which,
    /// The finished folds, ascending, those that diverged among them.
    pub folds: Vec<CellResult>,
    /// How many folds there are to be.
    pub planned: usize,
    /// Rows that a finished fold has held out.
    pub rows: usize,
    /// How many of these are called suspicious.
    pub suspicious: usize,
    /// The scores over all of these rows together.
    pub pooled: ErrorReport,
    /// The same without the suspicious ones.
    pub pooled_clean: ErrorReport,
    /// [Standard error](standard_error) of the pooled weighted RMSE over the faces, in pixels.
    #[serde(default)]
    pub pooled_error: Option<f64>,
    /// The same without the suspicious ones.
    #[serde(default)]
    pub pooled_clean_error: Option<f64>,
    /// Mean and standard deviation over the folds.
    pub spread: SummaryRow,
}

impl CvReport {
    /// Scores the finished folds of a folder. `suspicious` are row numbers counted from 1.
    ///
    /// # Errors
    /// [`TrainError::Io`] or [`TrainError::BadRunFile`] with the file.
    pub fn of(
        folder: &CvFolder,
        dataset: &FaceDataset,
        suspicious: &[usize],
    ) -> Result<Self, TrainError> {
        let planned = folder.record().config.folds;
        let mut pool = Pool::default();
        let mut folds = Vec::new();
        for number in 1..=planned {
            let run = folder.fold(number);
            let Some(result) = read_result(&run)? else { continue };
            if result.failure.is_some() {
                folds.push(result);
                continue;
            }
            let held_out = HeldOutPredictions::of_run(&run)?;
            let fold = Pool::of(&held_out, dataset, suspicious);
            folds.push(result.rescore(&fold.truth, &fold.predictions, &fold.suspicious));
            pool.extend(fold);
        }
        let spread = Summary::of(&folds).rows.into_iter().next().unwrap_or_default();
        // The spread has them all, face by face; nobody needs them twice.
        for fold in &mut folds {
            fold.face_errors.clear();
            fold.influences.clear();
        }
        let (pooled, pooled_clean) = pool.scores();
        let (pooled_error, pooled_clean_error) = pool.errors();
        Ok(Self {
            answering_epoch: folder.record().config.train.answering_epoch,
            planned,
            rows: pool.truth.len(),
            suspicious: pool.suspicious.iter().filter(|&&one| one).count(),
            folds,
            pooled,
            pooled_clean,
            pooled_error,
            pooled_clean_error,
            spread,
        })
    }

    /// Writes the table and the numbers.
    pub(super) fn write(&self, folder: &Path) -> Result<(), TrainError> {
        write_file(&folder.join("scores.md"), self.to_markdown().as_bytes())?;
        write_json(&folder.join("scores.json"), self)
    }
}

/// Labels beside predictions, row by row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool {
    pub(crate) truth: Vec<Labels>,
    pub(crate) predictions: Vec<Labels>,
    pub(crate) suspicious: Vec<bool>,
}

impl Pool {
    /// What is known of these rows. Rows that the dataset does not have are left out.
    pub(crate) fn of(
        held_out: &HeldOutPredictions,
        dataset: &FaceDataset,
        suspicious: &[usize],
    ) -> Self {
        let mut pool = Self::default();
        for one in held_out.rows.iter().filter(|one| one.row < dataset.len()) {
            pool.truth.push(dataset.labels()[one.row]);
            pool.predictions.push(one.prediction);
            pool.suspicious.push(suspicious.contains(&(one.row + 1)));
        }
        pool
    }

    fn extend(&mut self, other: Self) {
        self.truth.extend(other.truth);
        self.predictions.extend(other.predictions);
        self.suspicious.extend(other.suspicious);
    }

    /// The scores of all rows, and of those that are not suspicious.
    pub(crate) fn scores(&self) -> (ErrorReport, ErrorReport) {
        let (truth, predictions) = self.clean();
        let all = ErrorReport::compare(&self.truth, &self.predictions);
        (all, ErrorReport::compare(&truth, &predictions))
    }

    /// The standard errors of both weighted scores over the faces.
    fn errors(&self) -> (Option<f64>, Option<f64>) {
        let error = |truth: &[Labels], predictions: &[Labels]| {
            influences(truth, predictions).map(|all| standard_error(&all))
        };
        let (truth, predictions) = self.clean();
        (error(&self.truth, &self.predictions), error(&truth, &predictions))
    }

    /// Labels and predictions of the rows that are not suspicious.
    fn clean(&self) -> (Vec<Labels>, Vec<Labels>) {
        let rows = self.truth.iter().zip(&self.predictions).zip(&self.suspicious);
        rows.filter(|&(_, &suspicious)| !suspicious)
            .map(|((&truth, &prediction), _)| (truth, prediction))
            .unzip()
    }
}
