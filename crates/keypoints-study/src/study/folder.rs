//! Where the files of a study lie.

use std::path::{Path, PathBuf};

use keypoints_core::Dataset;
use keypoints_train::files::{delete, read_json, write_file, write_json};
use keypoints_train::settings::{first_difference, to_json};
use keypoints_train::{DataRecord, RunFolder, RunLock, has_results};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::cell::Cell;
use super::config::StudyConfig;
use super::result::{CellResult, RESULT, State};
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
    /// What its cells have in common, which may not change. Changes, seeds and folds may join a study, a newer program may go on with
    /// it, and files may lie elsewhere: the runs know the hashes of the weights to start from and of the down-weighted rows.
    fn shared(&self, now: &StudyConfig) -> Value {
        let base = self.study.base.comparable_with(&now.base);
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
#[derive(Clone, Debug, PartialEq)]
pub struct StudyFolder {
    path: PathBuf,
    record: StudyRecord,
}

impl StudyFolder {
    /// Opens the folder of a study.
    ///
    /// # Errors
    /// [`StudyError::Older`] for a folder of an older version, [`StudyError::Train`] with a file that is missing or broken.
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
    pub(super) fn start(
        path: &Path,
        dataset: &Dataset,
        study: &StudyConfig,
    ) -> Result<Self, StudyError> {
        FolderKind::Study.claim(path)?;
        let file = record_path(path);
        let (program, data) = (PROGRAM.to_owned(), DataRecord::of(dataset));
        let record = StudyRecord { program, data, study: study.clone() };
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
        let locks: Result<Vec<RunLock>, _> =
            self.cells_there().map(|path| RunFolder::new(path).lock()).collect();
        let locks = locks?;
        // Windows deletes no open file. Who begins in between finds its folder gone and says so.
        drop(locks);
        Ok(delete(&self.path.join(CELLS))?)
    }

    fn has_results(&self) -> bool {
        let ended = |cell: PathBuf| {
            let result: Result<CellResult, _> = read_json(&cell.join(RESULT), "a result");
            result.is_ok_and(|result| result.ended())
        };
        has_results(&self.path.join(CELLS)) || self.cells_there().any(ended)
    }

    /// The cells' folders that are there, those of an older study among them.
    fn cells_there(&self) -> impl Iterator<Item = PathBuf> {
        let entries = std::fs::read_dir(self.path.join(CELLS)).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| path.is_dir())
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is trained, and on which data.
    pub fn record(&self) -> &StudyRecord {
        &self.record
    }

    /// The run folder of a cell.
    pub(super) fn run(&self, cell: &Cell) -> RunFolder {
        RunFolder::new(self.path.join(CELLS).join(cell.folder_name()))
    }

    /// What is known of a cell; `None` if it was never started.
    pub(super) fn result(&self, cell: &Cell) -> Result<Option<CellResult>, StudyError> {
        CellResult::read(cell, &self.run(cell))
    }

    /// The run folder of every cell in the order of the study, and what is known of the cell.
    pub(crate) fn results(&self) -> Result<Vec<(RunFolder, Option<CellResult>)>, StudyError> {
        let cells = self.record.study.cells()?;
        cells.iter().map(|cell| Ok((self.run(cell), self.result(cell)?))).collect()
    }

    /// Sums up the cells that have been finished and writes `summary.md`, `.csv` and `.json`.
    ///
    /// # Errors
    /// [`StudyError::Train`] with a file that is missing or broken, or that cannot be written.
    pub fn summarise(&self) -> Result<Summary, StudyError> {
        let cells = self.results()?;
        let results: Vec<&CellResult> = cells.iter().filter_map(|(_, one)| one.as_ref()).collect();
        let summary = Summary::of(&self.record.study, cells.len(), &results)?;
        write_file(&self.path.join("summary.md"), summary.to_markdown().as_bytes())?;
        write_file(&self.path.join("summary.csv"), summary.to_csv().as_bytes())?;
        write_json(&self.path.join("summary.json"), &summary)?;
        Ok(summary)
    }

    /// Returns the run folders of the finished cells, in the order of the study.
    ///
    /// # Errors
    /// [`StudyError::Train`] with a file that is missing or broken.
    pub fn finished(&self) -> Result<Vec<RunFolder>, StudyError> {
        let run = |(run, result): (RunFolder, Option<CellResult>)| {
            Some(run).filter(|_| result.is_some_and(|one| one.state == State::Finished))
        };
        Ok(self.results()?.into_iter().filter_map(run).collect())
    }
}

/// The folder of the cells.
const CELLS: &str = "cells";

fn record_path(path: &Path) -> PathBuf {
    path.join(FolderKind::Study.record())
}
