//! Running the cells of a study.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use keypoints_data::{FaceDataset, Labels, Split, SplitError, k_fold};
use serde::{Deserialize, Serialize};

use super::cell::{Cell, CellResult};
use super::config::StudyConfig;
use super::summary::Summary;
use crate::error::TrainError;
use crate::run::{
    DataRecord, FolderKind, RunFolder, RunRecord, first_difference, has_results, read_json,
    write_file, write_json,
};
use crate::suspicious::check_row_numbers;
use crate::training::{TrainObserver, Training};

/// Is told how a study goes on, and watches each cell's training.
pub trait StudyObserver: TrainObserver {
    /// A cell begins, the `number`-th (from 1) of `total`.
    fn on_cell(&mut self, _number: usize, _total: usize, _cell: &Cell) {}
    /// A cell has its result, from this process or from an earlier one.
    fn on_result(&mut self, _result: &CellResult) {}
}

impl StudyObserver for crate::training::NoObserver {}

/// The contents of `study.json`.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct StudyRecord {
    program: String,
    data: DataRecord,
    config: StudyConfig,
}

/// A dataset and what to compare on it.
///
/// ```
/// use burn::tensor::Device;
/// use keypoints_data::synth::{SynthConfig, generate};
/// use keypoints_models::{NetworkConfig, simple_cnn::SimpleCnnConfig};
/// use keypoints_train::strategy::StrategyConfig;
/// use keypoints_train::study::{Study, StudyConfig};
/// use keypoints_train::{NoObserver, TrainConfig};
///
/// let faces = generate(&SynthConfig { training: 40, test: 1, ..Default::default() }).training;
/// let tiny = SimpleCnnConfig { channels: [2, 2, 2], hidden: 4, ..Default::default() };
/// let config = StudyConfig {
///     base: TrainConfig { epochs: 1, ..Default::default() },
///     networks: vec![NetworkConfig::SimpleCnn(tiny)],
///     strategies: ["masked", "two_models"].iter().filter_map(|name| StrategyConfig::by_name(name)).collect(),
///     seeds: vec![1],
///     ..Default::default()
/// };
/// let folder = tempfile::tempdir()?;
/// let summary = Study::new(&faces, config).run(folder.path(), &Device::flex(), &mut NoObserver)?;
/// println!("{}", summary.to_markdown());
/// assert_eq!(summary.rows.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Study<'a> {
    dataset: &'a FaceDataset,
    config: StudyConfig,
}

impl<'a> Study<'a> {
    /// Compares on this dataset.
    pub fn new(dataset: &'a FaceDataset, config: StudyConfig) -> Self {
        Self { dataset, config }
    }

    /// Trains the cells that have no result yet and writes `comparison.md`, `.csv` and `.json` into the folder
    /// after each. A diverged cell is noted and the study goes on.
    ///
    /// # Errors
    /// Nothing to compare, settings that a cell could not be trained with, a folder with another study, or whatever else
    /// than divergence ends a run.
    pub fn run(
        &self,
        folder: &Path,
        device: &Device,
        observer: &mut dyn StudyObserver,
    ) -> Result<Summary, TrainError> {
        let cells = self.config.cells()?;
        // Now, and not when their turn comes, hours later.
        for cell in &cells {
            // A network draws its weights when they are first looked at: this costs nothing.
            let checked = cell
                .config
                .check()
                .and_then(|()| Ok(cell.config.network.init(device).map(|_| ())?));
            checked.map_err(|error| TrainError::Cell {
                cell: format!("{} with {}", cell.strategy, cell.network),
                source: Box::new(error),
            })?;
        }
        check_row_numbers(&self.config.suspicious_rows, self.dataset)?;
        let splits = cut(self.dataset, self.config.folds, self.config.split_seed)?;
        self.open(folder)?;
        let total = cells.len();
        let mut results = Vec::new();
        for (index, cell) in cells.iter().enumerate() {
            observer.on_cell(index + 1, total, cell);
            let (split, run) = (&splits[cell.fold - 1], RunFolder::new(folder.join(cell.path())));
            let suspicious = &self.config.suspicious_rows;
            let result = run_cell(self.dataset, cell, split, suspicious, &run, device, observer)?;
            observer.on_result(&result);
            results.push(result);
            Summary::of(&results).write(folder)?;
        }
        Ok(Summary::of(&results))
    }

    /// The table of the cells that have been finished in a folder, without training anything.
    ///
    /// # Errors
    /// [`TrainError::Io`] or [`TrainError::BadRunFile`] with the file.
    pub fn summarise(folder: &Path) -> Result<Summary, TrainError> {
        let record: StudyRecord = read_json(&study_path(folder), "the record of a study")?;
        let mut results = Vec::new();
        for cell in record.config.cells()? {
            results.extend(read_result(&RunFolder::new(folder.join(cell.path())))?);
        }
        Ok(Summary::of(&results))
    }

    fn open(&self, folder: &Path) -> Result<(), TrainError> {
        let record = StudyRecord {
            program: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
            data: DataRecord::of(self.dataset),
            config: self.config.clone(),
        };
        FolderKind::Study.claim(folder)?;
        let path = study_path(folder);
        if !path.exists() || !has_results(folder) {
            RunFolder::new(folder).create()?;
            return write_json(&path, &record);
        }
        let then: StudyRecord = read_json(&path, "the record of a study")?;
        then.data.check_same(&record.data, path.clone())?;
        // More seeds, folds or strategies may join a study; what its cells have in common may not change.
        let shared = |config: &StudyConfig| {
            let (strategies, networks, ideas, seeds) = Default::default();
            let folds_run = None;
            StudyConfig { strategies, networks, ideas, seeds, folds_run, ..config.clone() }
        };
        let (now, then) = (shared(&record.config), shared(&then.config));
        if now != then {
            let (expected, found) = match now.base == then.base {
                true => first_difference(&now, &then),
                false => first_difference(&now.base, &then.base),
            };
            return Err(TrainError::RunMismatch { path, what: "study", expected, found });
        }
        write_json(&path, &record)
    }
}

/// Cuts a dataset into folds.
pub(crate) fn cut(
    dataset: &FaceDataset,
    folds: usize,
    seed: u64,
) -> Result<Vec<Split>, TrainError> {
    k_fold(dataset, folds, seed).map_err(|error: SplitError| TrainError::InvalidConfig {
        field: "folds",
        expected: "a number that the data can be cut into",
        found: format!("{folds}: {error}"),
    })
}

/// Trains a cell, or goes on training it, or finds it finished. A diverged one is a result too.
pub(crate) fn run_cell(
    dataset: &FaceDataset,
    cell: &Cell,
    split: &Split,
    suspicious_rows: &[usize],
    run: &RunFolder,
    device: &Device,
    observer: &mut dyn StudyObserver,
) -> Result<CellResult, TrainError> {
    if let Some(result) = read_result(run)? {
        // The folder's name tells strategy and network, but not their settings.
        let list = cell.config.down_weight.as_ref().map(|list| list.load(dataset.len()));
        let now = RunRecord {
            down_weighted: list.transpose()?.map(|list| list.hash),
            ..RunRecord::starting(dataset, &cell.config, None, device)
        };
        RunRecord::read(run)?.check_same(&now, run)?;
        return Ok(result);
    }
    let training = Training::new(dataset, split.clone(), cell.config.clone());
    let labels = dataset.labels();
    let truth: Vec<Labels> = split.validation.iter().map(|&row| labels[row]).collect();
    let suspicious: Vec<bool> =
        split.validation.iter().map(|&row| suspicious_rows.contains(&(row + 1))).collect();
    let result =
        match training.run(run, device, observer) {
            Ok(outcome) => CellResult::of(cell)
                .score(&outcome, &truth, &suspicious)
                .with_influences(&split.validation, &truth, &outcome.predictions, &suspicious),
            Err(error @ TrainError::Diverged { .. }) => {
                CellResult { failure: Some(error.to_string()), ..CellResult::of(cell) }
            }
            Err(error) => return Err(error),
        };
    write_json(&result_path(run), &result)?;
    Ok(result)
}

/// What a cell brought, if it is finished.
pub(crate) fn read_result(run: &RunFolder) -> Result<Option<CellResult>, TrainError> {
    let path = result_path(run);
    path.exists().then(|| read_json(&path, "the result of a cell")).transpose()
}

fn study_path(folder: &Path) -> PathBuf {
    folder.join(FolderKind::Study.record())
}

fn result_path(cell: &RunFolder) -> PathBuf {
    cell.path().join("result.json")
}

impl Summary {
    /// Writes the three tables into a study's folder.
    pub(super) fn write(&self, folder: &Path) -> Result<(), TrainError> {
        write_file(&folder.join("comparison.md"), self.to_markdown().as_bytes())?;
        write_file(&folder.join("comparison.csv"), self.to_csv().as_bytes())?;
        write_json(&folder.join("comparison.json"), self)
    }
}
