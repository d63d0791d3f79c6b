//! Where the files of a sweep lie.

use std::path::{Path, PathBuf};

use keypoints_data::write_atomically;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::SweepError;
use super::file::{SweepFile, to_json};
use super::path::first_difference;
use super::results::SweepResults;
use super::trial::{TrialRecord, TrialState};
use crate::run::{DataRecord, FolderKind, RunFolder};

/// The contents of `sweep.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepRecord {
    /// Name and version of the program that started the sweep.
    pub program: String,
    /// The data.
    pub data: DataRecord,
    /// The sweep, with the defaults filled in.
    pub sweep: SweepFile,
}

/// The folder of a sweep.
///
/// ```text
/// sweep.json               the sweep, and which data it saw
/// trials/0001/             the run folder of the first trial
/// trials/0001/trial.json   its parameters, state, score, seconds
/// results.csv              all trials, the best first
/// results.md               the same to read
/// results.json             the same for programs
/// ```
///
/// Files are written beside their place and renamed into it, so a killed process leaves old or new, never half.
/// A trial whose folder is deleted is run again.
///
/// ```
/// use keypoints_train::sweep::SweepFolder;
///
/// let folder = SweepFolder::new("runs/sweep");
/// assert!(folder.trial(7).path().ends_with("trials/0007"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweepFolder {
    path: PathBuf,
}

impl SweepFolder {
    /// Names a folder; nothing is created yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// `sweep.json`: the sweep, and which data it saw.
    pub fn record_path(&self) -> PathBuf {
        self.path.join(FolderKind::Sweep.record())
    }

    /// The run folder of a trial, counted from 1.
    pub fn trial(&self, number: usize) -> RunFolder {
        RunFolder::new(self.path.join("trials").join(format!("{number:04}")))
    }

    /// `trial.json` in the run folder of a trial.
    pub fn trial_record_path(&self, number: usize) -> PathBuf {
        self.trial(number).path().join("trial.json")
    }

    /// What is known of a trial; `None` if it was never started.
    ///
    /// # Errors
    /// [`SweepError::Io`] or [`SweepError::BadSweepFile`] with the file.
    pub fn trial_record(&self, number: usize) -> Result<Option<TrialRecord>, SweepError> {
        let path = self.trial_record_path(number);
        let record: Option<TrialRecord> = read_json(&path, "the record of a trial")?;
        match record {
            Some(record) if record.number != number => Err(SweepError::BadSweepFile {
                path,
                expected: "the record of the trial that the folder is named after",
                found: format!("it is trial {}'s", record.number),
            }),
            Some(record)
                if record.state == TrialState::Finished
                    && !record.score.is_some_and(f64::is_finite) =>
            {
                Err(SweepError::BadSweepFile {
                    path,
                    expected: "a score in the record of a finished trial",
                    found: "there is none".to_owned(),
                })
            }
            other => Ok(other),
        }
    }

    /// The sweep that the folder holds.
    ///
    /// # Errors
    /// [`SweepError::Io`] or [`SweepError::BadSweepFile`] with the file.
    pub fn record(&self) -> Result<SweepRecord, SweepError> {
        let path = self.record_path();
        match read_json(&path, "the record of a sweep")? {
            Some(record) => Ok(record),
            None => Err(SweepError::io(&path, "read")(std::io::ErrorKind::NotFound.into())),
        }
    }

    /// Gathers all trials that were started and writes `results.csv`, `results.md` and `results.json`.
    ///
    /// # Errors
    /// [`SweepError::Io`] or [`SweepError::BadSweepFile`] with the file.
    pub fn summarise(&self) -> Result<SweepResults, SweepError> {
        let sweep = self.record()?.sweep;
        let results = SweepResults::new(&sweep, self.trials(sweep.trials())?);
        self.write("results.csv", results.to_csv().as_bytes())?;
        self.write("results.md", results.to_markdown().as_bytes())?;
        write_json(&self.path.join("results.json"), &results)?;
        Ok(results)
    }

    /// The records of the trials that were started, in the order of their numbers.
    pub(super) fn trials(&self, count: usize) -> Result<Vec<TrialRecord>, SweepError> {
        (1..=count).filter_map(|number| self.trial_record(number).transpose()).collect()
    }

    /// Writes the sweep's record, or refuses a folder that holds another's.
    pub(super) fn open(&self, record: &SweepRecord) -> Result<(), SweepError> {
        FolderKind::Sweep.claim(&self.path).map_err(SweepError::Folder)?;
        let path = self.record_path();
        let Some(then) = read_json::<SweepRecord>(&path, "the record of a sweep")? else {
            create(&self.path)?;
            return write_json(&path, record);
        };
        let parts = |record: &SweepRecord| {
            // A newer program may go on with an older one's sweep.
            to_json(&SweepRecord { program: String::new(), ..record.clone() })
        };
        match first_difference(&parts(record), &parts(&then), "") {
            None => Ok(()),
            Some((field, now, then)) => Err(SweepError::AnotherSweep {
                path,
                field,
                expected: now.to_string(),
                found: then.to_string(),
            }),
        }
    }

    pub(super) fn write_trial(&self, trial: &TrialRecord) -> Result<(), SweepError> {
        create(self.trial(trial.number).path())?;
        write_json(&self.trial_record_path(trial.number), trial)
    }

    fn write(&self, name: &str, contents: &[u8]) -> Result<(), SweepError> {
        let path = self.path.join(name);
        write_atomically(&path, contents).map_err(SweepError::io(&path, "write"))
    }
}

fn create(path: &Path) -> Result<(), SweepError> {
    std::fs::create_dir_all(path).map_err(SweepError::io(path, "create"))
}

fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), SweepError> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| SweepError::io(path, "write")(error.into()))?;
    let text = text + "\n";
    write_atomically(path, text.as_bytes()).map_err(SweepError::io(path, "write"))
}

/// `None` where there is no such file.
fn read_json<T: DeserializeOwned>(
    path: &Path,
    expected: &'static str,
) -> Result<Option<T>, SweepError> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(SweepError::io(path, "read")(error)),
    };
    let value = serde_json::from_slice(&text).map_err(|error| SweepError::BadSweepFile {
        path: path.to_owned(),
        expected,
        found: error.to_string(),
    })?;
    Ok(Some(value))
}
