//! What can go wrong with an experiment.

use std::fmt;
use std::path::PathBuf;

use keypoints_predict::PredictError;
use keypoints_train::TrainError;
use keypoints_train::settings::SettingsError;

/// An experiment that could not start, go on or be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// A file has a mistake.
    #[error("{}: {problem}", path.display())]
    InFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: Box<StudyError>,
    },
    /// Settings cannot be understood.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A part of a study has settings that the base does not take.
    #[error("{part}: {problem}")]
    Part {
        /// The part: a change by its name, the grid or the samples.
        part: String,
        /// What is wrong with it.
        problem: Box<SettingsError>,
    },
    /// A field has a value that makes no sense.
    #[error("`{field}` must be {expected}, but is {found}")]
    Invalid {
        /// The field, as a dotted path.
        field: String,
        /// What would be accepted.
        expected: &'static str,
        /// The value as it was given.
        found: String,
    },
    /// A cell cannot be trained.
    #[error("{cell} cannot be trained")]
    Cell {
        /// Its name.
        cell: String,
        /// Why.
        source: Box<TrainError>,
    },
    /// An older version wrote the folder.
    #[error(
        "{}: an older version wrote this file, and this version cannot read it; \
         make the folder anew, or use its runs one by one",
        path.display()
    )]
    Older {
        /// The record in the folder.
        path: PathBuf,
    },
    /// The folder holds another study.
    #[error(
        "{}: this folder holds a study with another `{field}` ({found}, now {expected}); \
         give a new --out or delete the folder",
        path.display()
    )]
    Mismatch {
        /// The study's `study.json`.
        path: PathBuf,
        /// The first field that differs, as a dotted path.
        field: String,
        /// The value asked for now.
        expected: String,
        /// The value that the folder was made with.
        found: String,
    },
    /// A folder does not hold what is asked for, or holds something else than what shall be written there.
    #[error("{}: {problem}", path.display())]
    WrongFolder {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        problem: String,
    },
    /// A run could not start, go on or be read.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// A network cannot predict.
    #[error(transparent)]
    Predict(#[from] PredictError),
}

/// Refuses a value that does not fit.
pub(crate) fn require(
    fits: bool,
    field: impl Into<String>,
    expected: &'static str,
    found: impl fmt::Display,
) -> Result<(), StudyError> {
    if fits {
        return Ok(());
    }
    Err(StudyError::Invalid { field: field.into(), expected, found: found.to_string() })
}
