//! Where the files of a cross-validation lie.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use keypoints_data::FaceDataset;
use serde::{Deserialize, Serialize};

use super::config::CvConfig;
use crate::error::TrainError;
use crate::run::{
    DataRecord, FolderKind, HeldOutPredictions, RunFolder, first_difference, has_results,
    read_json, write_json,
};
use crate::study::read_result;
use crate::training::check_network;

/// The contents of `cv.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CvRecord {
    /// Name and version of the program.
    pub program: String,
    /// The data.
    pub data: DataRecord,
    /// All settings.
    pub config: CvConfig,
    /// Hash over the rows that count less in the loss; `None` without a list of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down_weighted: Option<String>,
}

impl CvRecord {
    /// The record of a cross-validation that starts now.
    pub(super) fn starting(dataset: &FaceDataset, config: &CvConfig) -> Result<Self, TrainError> {
        let list = config.train.down_weight.as_ref();
        let list = list.map(|list| list.load(dataset.len())).transpose()?;
        Ok(Self {
            program: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
            data: DataRecord::of(dataset),
            config: config.clone(),
            down_weighted: list.map(|list| list.hash),
        })
    }
}

/// The folder of a cross-validation that has been started.
#[derive(Clone, Debug, PartialEq)]
pub struct CvFolder {
    path: PathBuf,
    record: CvRecord,
}

impl CvFolder {
    /// Whether a cross-validation was started here.
    pub fn exists(path: &Path) -> bool {
        FolderKind::CrossValidation.is_in(path)
    }

    /// Reads the record of a cross-validation.
    ///
    /// # Errors
    /// [`TrainError::Io`] or [`TrainError::BadRunFile`] with the file.
    pub fn open(path: &Path) -> Result<Self, TrainError> {
        let record = read_json(&record_path(path), "the record of a cross-validation")?;
        Ok(Self { path: path.to_owned(), record })
    }

    /// Starts one, or makes sure that the folder holds the same one.
    pub(super) fn start(
        path: &Path,
        record: CvRecord,
        device: &Device,
    ) -> Result<Self, TrainError> {
        FolderKind::CrossValidation.claim(path)?;
        // One whose first fold never finished an epoch has nothing to lose.
        if !Self::exists(path) || !has_results(path) {
            check_network(&record.config.train, device)?;
            RunFolder::new(path).create()?;
            write_json(&record_path(path), &record)?;
            return Ok(Self { path: path.to_owned(), record });
        }
        let folder = Self::open(path)?;
        folder.check_data(&record.data)?;
        let then = &folder.record;
        let mismatch = |what, expected: String, found: String| {
            Err(TrainError::RunMismatch { path: record_path(path), what, expected, found })
        };
        let cut = |config: &CvConfig| format!("{} by seed {}", config.folds, config.split_seed);
        if cut(&then.config) != cut(&record.config) {
            return mismatch("cut into folds", cut(&record.config), cut(&then.config));
        }
        if then.down_weighted != record.down_weighted {
            let text = |hash: &Option<String>| hash.clone().unwrap_or("none".to_owned());
            let (expected, found) = (text(&record.down_weighted), text(&then.down_weighted));
            return mismatch("list of down-weighted rows", expected, found);
        }
        let settings = then.config.train.with_list_of(&record.config.train);
        if settings != record.config.train {
            let (expected, found) = first_difference(&record.config.train, &settings);
            return mismatch("config", expected, found);
        }
        Ok(folder)
    }

    /// Refuses other data than the folds were trained on.
    pub(super) fn check_data(&self, data: &DataRecord) -> Result<(), TrainError> {
        self.record.data.check_same(data, record_path(&self.path))
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is trained on which data.
    pub fn record(&self) -> &CvRecord {
        &self.record
    }

    /// The run folder of a fold, counted from 1.
    pub fn fold(&self, number: usize) -> RunFolder {
        RunFolder::new(self.path.join("folds").join(format!("fold_{number}")))
    }

    /// The folds that are finished and have not diverged.
    ///
    /// # Errors
    /// [`TrainError::BadRunFile`] if there is none, or with the file that cannot be read.
    pub fn finished(&self) -> Result<Vec<RunFolder>, TrainError> {
        let mut finished = Vec::new();
        for number in 1..=self.record.config.folds {
            let fold = self.fold(number);
            if read_result(&fold)?.is_some_and(|result| result.failure.is_none()) {
                finished.push(fold);
            }
        }
        if finished.is_empty() {
            return Err(TrainError::BadRunFile {
                path: self.path.join("folds"),
                expected: "a finished fold",
                found: "none is".to_owned(),
            });
        }
        Ok(finished)
    }

    /// `predictions.csv`: what the finished folds say of the rows that they have held out.
    pub fn predictions_path(&self) -> PathBuf {
        self.path.join("predictions.csv")
    }

    /// The out-of-fold predictions of all rows that a finished fold has held out, in the order of the rows, read from
    /// the folds themselves.
    ///
    /// # Errors
    /// As [`CvFolder::finished`] and [`HeldOutPredictions::of_run`].
    pub fn predictions(&self) -> Result<HeldOutPredictions, TrainError> {
        let folds = self.finished()?;
        let parts: Result<Vec<_>, _> = folds.iter().map(HeldOutPredictions::of_run).collect();
        Ok(HeldOutPredictions::join(parts?))
    }
}

fn record_path(path: &Path) -> PathBuf {
    path.join(FolderKind::CrossValidation.record())
}
