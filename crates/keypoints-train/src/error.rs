//! What can go wrong between a dataset and a trained network.

use std::path::{Path, PathBuf};

use keypoints_augment::AugmentError;
use keypoints_data::DataError;
use keypoints_finder::{FinderError, FinderFileError};
use keypoints_models::ModelError;
use keypoints_predict::PredictError;

/// A run that could not start, go on or be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// A setting has a value that makes no sense.
    #[error("`{field}` must be {expected}, but is {found}")]
    InvalidConfig {
        /// The field of [`TrainConfig`](crate::TrainConfig).
        field: &'static str,
        /// What would be accepted.
        expected: &'static str,
        /// The value as it was given.
        found: String,
    },
    /// A list of rows cannot be read.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The faces cannot be augmented as configured.
    #[error(transparent)]
    Augment(#[from] AugmentError),
    /// A network cannot predict.
    #[error(transparent)]
    Predict(#[from] PredictError),
    /// A face finder could not look for faces.
    #[error(transparent)]
    Finder(#[from] FinderError),
    /// The networks of a face finder could not be read or written.
    #[error(transparent)]
    FinderFile(#[from] FinderFileError),
    /// The network cannot be built as configured.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The weights to start from cannot be used.
    #[cfg(feature = "weights")]
    #[error(transparent)]
    Weights(#[from] keypoints_models::weights::WeightsError),
    /// A strategy asks for something that cannot be trained.
    #[error("strategy `{strategy}`, network `{model}`: {expected} expected, but found {found}")]
    BadPlan {
        /// The strategy's name.
        strategy: String,
        /// The network's name in the run.
        model: String,
        /// What a plan must have.
        expected: &'static str,
        /// What it has.
        found: String,
    },
    /// A strategy of a program's own could not go on.
    #[error("the strategy failed: {0}")]
    Strategy(String),
    /// Nothing is left to train on.
    #[error(
        "strategy `{strategy}` leaves no row to train its network `{model}` on: {given} rows were given"
    )]
    NoTrainingRows {
        /// The strategy's name.
        strategy: String,
        /// The network's name in the run.
        model: String,
        /// Rows in the training part of the split.
        given: usize,
    },
    /// A split or a strategy names a row that the dataset does not have.
    #[error("row {row} (counted from 0) does not exist, the data has {rows} rows")]
    RowOutOfRange {
        /// The row, counted from 0.
        row: usize,
        /// Rows in the dataset.
        rows: usize,
    },
    /// The loss is no longer a number.
    #[error(
        "the loss became {loss} in epoch {epoch}, step {step}; {}; a smaller learning rate may help",
        match last_good {
            Some(path) => format!("the last good checkpoint is {}", path.display()),
            None => "no epoch had been completed".to_owned(),
        }
    )]
    Diverged {
        /// Epoch, counted from 1.
        epoch: usize,
        /// Optimizer step, counted from 1 over the whole run.
        step: usize,
        /// The loss as it was.
        loss: f32,
        /// Where the state of the last finished epoch lies.
        last_good: Option<PathBuf>,
    },
    /// The folder holds a run of other settings or data.
    #[error(
        "{}: this folder holds a run with another {what} ({found}, now {expected}); \
         give a new --out or delete the folder",
        path.display()
    )]
    RunMismatch {
        /// The run's `run.json`.
        path: PathBuf,
        /// What differs.
        what: &'static str,
        /// The value asked for now.
        expected: String,
        /// The value that the folder was made with.
        found: String,
    },
    /// The folder is not a run's.
    #[error(
        "{}: this folder holds `{file}`, which is not a file of a run; give the run another folder",
        path.display()
    )]
    FolderTaken {
        /// The folder.
        path: PathBuf,
        /// A file in it.
        file: String,
    },
    /// Another process writes into the folder.
    #[error(
        "{}: another process is at work in this folder; wait until it ends or give a new --out",
        path.display()
    )]
    FolderInUse {
        /// The folder.
        path: PathBuf,
    },
    /// A file of the run folder is not what it should be.
    #[error("{}: {expected} expected, but {found}", path.display())]
    BadRunFile {
        /// The file.
        path: PathBuf,
        /// What should be there.
        expected: &'static str,
        /// What was found instead.
        found: String,
    },
    /// A file could not be read or written.
    #[error("{}: cannot {action}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried: "read", "write", …
        action: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The device could not compute or be read.
    #[error("the device failed: {0}")]
    Device(String),
    /// No device of that name, or not in this build.
    #[error("unknown device `{name}` or not compiled in; this build has: {}", known.join(", "))]
    UnknownDevice {
        /// The name as it was given.
        name: String,
        /// The names this build understands.
        known: Vec<&'static str>,
    },
    /// The device is compiled in but cannot be used on this machine.
    #[error("device `{name}` cannot be used here: {reason}")]
    DeviceUnavailable {
        /// The name as it was given.
        name: String,
        /// What the driver said.
        reason: String,
    },
}

impl TrainError {
    /// Wraps an I/O error with its file, for `map_err`.
    pub fn io(path: &Path, action: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, action, source }
    }

    /// Wraps whatever the tensor library reports about the device.
    pub(crate) fn device(error: impl std::fmt::Display) -> Self {
        Self::Device(error.to_string())
    }
}
