//! Training the folds.

use std::path::Path;

use burn::tensor::Device;
use keypoints_data::FaceDataset;

use super::config::CvConfig;
use super::folder::{CvFolder, CvRecord};
use super::report::CvReport;
use crate::error::TrainError;
use crate::run::DataRecord;
use crate::study::{Cell, StudyObserver, cut, run_cell};
use crate::suspicious::check_row_numbers;

/// A dataset, and the settings to try on every fold of it.
///
/// The [module](super) has an example.
#[derive(Clone, Debug)]
pub struct CrossValidation<'a> {
    dataset: &'a FaceDataset,
    config: CvConfig,
    suspicious: Vec<usize>,
    only: Vec<usize>,
}

impl<'a> CrossValidation<'a> {
    /// All folds of this dataset.
    pub fn new(dataset: &'a FaceDataset, config: CvConfig) -> Self {
        Self { dataset, config, suspicious: Vec::new(), only: Vec::new() }
    }

    /// Leaves rows, counted from 1, out of a second score. They are trained on like any other, and the list may
    /// change from one call to the next. A list that was made from this cross-validation's own errors flatters it.
    #[must_use]
    pub fn with_suspicious(self, rows: Vec<usize>) -> Self {
        Self { suspicious: rows, ..self }
    }

    /// Trains these folds alone, counted from 1; all if none is named. The report is about whatever is finished.
    #[must_use]
    pub fn only(self, folds: Vec<usize>) -> Self {
        Self { only: folds, ..self }
    }

    /// Trains the folds that have no result yet, and writes predictions and scores after each. A diverged fold is
    /// noted, and the others go on.
    ///
    /// # Errors
    /// Settings that make no sense, a folder with another cross-validation, or whatever else than divergence ends a
    /// run.
    pub fn run(
        &self,
        folder: &Path,
        device: &Device,
        observer: &mut dyn StudyObserver,
    ) -> Result<CvReport, TrainError> {
        let CvConfig { train, folds, split_seed } = &self.config;
        self.config.check()?;
        check_row_numbers(&self.suspicious, self.dataset)?;
        // First: it knows how many folds there can be, and the next line counts them.
        let splits = cut(self.dataset, *folds, *split_seed)?;
        let chosen = self.config.chosen(&self.only)?;
        let record = CvRecord::starting(self.dataset, &self.config)?;
        let folder = CvFolder::start(folder, record, device)?;
        for (index, &fold) in chosen.iter().enumerate() {
            let cell = Cell {
                strategy: train.strategy.name().to_owned(),
                network: train.network.name().to_owned(),
                fold,
                seed: train.seed,
                config: train.clone(),
            };
            observer.on_cell(index + 1, chosen.len(), &cell);
            let (split, run) = (&splits[fold - 1], folder.fold(fold));
            let suspicious = &self.suspicious;
            let result = run_cell(self.dataset, &cell, split, suspicious, &run, device, observer)?;
            observer.on_result(&result);
            self.summarise(&folder)?;
        }
        self.summarise(&folder)
    }

    /// Scores the folds that are finished and writes predictions and scores, without training anything.
    ///
    /// # Errors
    /// [`TrainError::RunMismatch`] for other data than the folds were trained on; [`TrainError::Io`] or
    /// [`TrainError::BadRunFile`] with the file, also where a fold's predictions are about rows that it was trained on.
    pub fn summarise(&self, folder: &CvFolder) -> Result<CvReport, TrainError> {
        folder.check_data(&DataRecord::of(self.dataset))?;
        check_row_numbers(&self.suspicious, self.dataset)?;
        let report = CvReport::of(folder, self.dataset, &self.suspicious)?;
        if report.rows > 0 {
            folder.predictions()?.write(&folder.predictions_path())?;
        }
        report.write(folder.path())?;
        Ok(report)
    }
}
