//! Where the files of a study lie.

use std::path::{Path, PathBuf};

use keypoints_core::Dataset;
use keypoints_train::files::{delete, read_json, write_file, write_json};
use keypoints_train::settings::{first_difference, to_json};
use keypoints_train::{DataRecord, RunFolder, RunLock, TrainError, has_results};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::cell::Cell;
use super::config::StudyConfig;
use super::result::{CellResult, State};
use crate::error::StudyError;
use crate::kind::FolderKind;
use crate::summary::Summary;
use crate::text::PROGRAM;

/// The contents of `study.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StudyRecord {
    /// Name and version of the program.
    pub program: String,
    /// The data.
    pub data: DataRecord,
    /// What is trained, with the defaults filled in.
    pub study: StudyConfig,
}

impl StudyRecord {
    pub(super) fn starting(dataset: &Dataset, study: &StudyConfig) -> Self {
        let data = DataRecord::of(dataset);
        Self { program: PROGRAM.to_owned(), data, study: study.clone() }
    }

    /// What its cells have in common, which may not change. Changes, seeds and folds may join a study, a newer program may go on with
    /// it, and files may lie elsewhere: the runs know the hashes of the weights to start from and of the down-weighted rows.
    fn shared(&self, now: &StudyConfig) -> Value {
        let base = self.study.base.with_paths_of(&now.base);
        let (changes, seeds, suspicious_rows) = Default::default();
        let folds_run = None;
        let study =
            StudyConfig { base, changes, seeds, suspicious_rows, folds_run, ..self.study.clone() };
        to_json(&Self { program: String::new(), data: self.data.clone(), study })
    }
}

/// The folder of a study.
///
/// ```text
/// study.json                        what is trained, and on which data
/// cells/masked.fold-1.seed-42/      an ordinary run folder per cell, and its result.json
/// summary.md, .csv, .json           one row per trial, over folds and seeds
/// ```
///
/// Files are written beside their place and renamed into it: a killed process leaves old or new, never half.
#[derive(Clone, Debug, PartialEq)]
pub struct StudyFolder {
    path: PathBuf,
    record: StudyRecord,
}

impl StudyFolder {
    /// Opens the folder of a study.
    ///
    /// # Errors
    /// [`StudyError::Older`] for a folder of an older version, [`TrainError::Io`] or [`TrainError::BadRunFile`] with the file.
    pub fn open(path: &Path) -> Result<Self, StudyError> {
        FolderKind::of(path)?;
        let file = record_path(path);
        let record: Value = read_json(&file, "the record of a study")?;
        if record.get("study").is_none() && record.get("config").is_some() {
            return Err(StudyError::Older { path: file });
        }
        let record = read_json(&file, "the record of a study")?;
        Ok(Self { path: path.to_owned(), record })
    }

    /// Starts a study, or makes sure that the folder holds the same one.
    pub(super) fn start(path: &Path, record: StudyRecord) -> Result<Self, StudyError> {
        FolderKind::Study.claim(path)?;
        let file = record_path(path);
        let folder = Self { path: path.to_owned(), record };
        if file.exists() {
            let then = Self::open(path)?.record;
            let parts = |record: &StudyRecord| record.shared(&folder.record.study);
            if let Some((field, now, then)) =
                first_difference(&parts(&folder.record), &parts(&then), "")
            {
                // Before its first epoch a study has nothing to lose: whoever mends it need not delete it.
                if folder.has_results() {
                    let (expected, found) = (now.to_string(), then.to_string());
                    return Err(StudyError::Mismatch { path: file, field, expected, found });
                }
                folder.delete_cells()?;
            }
        }
        RunFolder::new(path).create()?;
        write_json(&file, &folder.record)?;
        Ok(folder)
    }

    /// Deletes the cells, unless a process is at work in one of them.
    fn delete_cells(&self) -> Result<(), StudyError> {
        let cells = self.path.join("cells");
        let entries = std::fs::read_dir(&cells).into_iter().flatten().flatten();
        let folders = entries.map(|entry| entry.path()).filter(|path| path.is_dir());
        let locks: Result<Vec<RunLock>, _> =
            folders.map(|path| RunFolder::new(path).lock()).collect();
        let locks = locks?;
        // Windows deletes no open file. Who begins in between finds its folder gone and says so.
        drop(locks);
        Ok(delete(&cells)?)
    }

    fn has_results(&self) -> bool {
        let cells = self.path.join("cells");
        let entries = std::fs::read_dir(&cells).into_iter().flatten().flatten();
        let ended = |cell: PathBuf| {
            let result: Result<CellResult, _> = read_json(&cell.join(RESULT), "a result");
            result.is_ok_and(|result| result.ended())
        };
        has_results(&cells) || entries.into_iter().any(|entry| ended(entry.path()))
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is trained, and on which data.
    pub fn record(&self) -> &StudyRecord {
        &self.record
    }

    /// Returns the run folder of a cell.
    pub fn run(&self, cell: &Cell) -> RunFolder {
        RunFolder::new(self.path.join("cells").join(cell.folder_name()))
    }

    /// Returns what is known of a cell; `None` if it was never started.
    ///
    /// # Errors
    /// [`TrainError::Io`] or [`TrainError::BadRunFile`] with the file.
    pub fn result(&self, cell: &Cell) -> Result<Option<CellResult>, StudyError> {
        let path = self.run(cell).path().join(RESULT);
        if !path.exists() {
            return Ok(None);
        }
        let result: CellResult = read_json(&path, "the result of a cell")?;
        let bad = |expected, found| Err(TrainError::BadRunFile { path, expected, found }.into());
        let CellResult { name, fold, seed, .. } = &result;
        if (name, *fold, *seed) != (&cell.name, cell.fold, cell.seed) {
            let found = format!("it is the one of {name}, fold {fold}, seed {seed}");
            return bad("the result of the cell that the folder is named after", found);
        }
        if result.state == State::Finished && !result.score().is_some_and(f64::is_finite) {
            return bad("a score in the result of a finished cell", "there is none".to_owned());
        }
        Ok(Some(result))
    }

    pub(super) fn write(&self, cell: &Cell, result: &CellResult) -> Result<(), StudyError> {
        let run = self.run(cell);
        run.create()?;
        Ok(write_json(&run.path().join(RESULT), result)?)
    }

    /// Sums up the cells that have been finished and writes `summary.md`, `.csv` and `.json`.
    ///
    /// # Errors
    /// As [`StudyFolder::result`], or [`TrainError::Io`] with the file that cannot be written.
    pub fn summarise(&self) -> Result<Summary, StudyError> {
        let cells = self.record.study.cells()?;
        let results = cells.iter().filter_map(|cell| self.result(cell).transpose());
        let results = results.collect::<Result<Vec<_>, _>>()?;
        let summary = Summary::of(&self.record.study, cells.len(), &results)?;
        write_file(&self.path.join("summary.md"), summary.to_markdown().as_bytes())?;
        write_file(&self.path.join("summary.csv"), summary.to_csv().as_bytes())?;
        write_json(&self.path.join("summary.json"), &summary)?;
        Ok(summary)
    }

    /// Returns the run folders of the finished cells, in the order of the study.
    ///
    /// # Errors
    /// As [`StudyFolder::result`].
    pub fn finished(&self) -> Result<Vec<RunFolder>, StudyError> {
        let mut runs = Vec::new();
        for cell in self.record.study.cells()? {
            if self.result(&cell)?.is_some_and(|result| result.state == State::Finished) {
                runs.push(self.run(&cell));
            }
        }
        Ok(runs)
    }
}

/// What a cell brought, in its run folder.
const RESULT: &str = "result.json";

fn record_path(path: &Path) -> PathBuf {
    path.join(FolderKind::Study.record())
}
