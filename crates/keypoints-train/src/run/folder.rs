//! Where the files of a run lie, and how they are written.

use std::path::{Path, PathBuf};

use crate::error::TrainError;
pub(crate) use crate::files::{delete, read_json, write_file, write_json};
use crate::strategy::ModelId;

/// The record of a run.
const RECORD: &str = "run.json";

/// What a run may leave in a folder before it has a record, or its strategy does.
const OWN: [&str; 8] = [
    "split.json",
    "answers.json",
    "scores.json",
    "model.json",
    "calibration.json",
    "initial_weights.json",
    "pseudo_labels.json",
    "result.json",
];

/// The folder of a run.
///
/// ```text
/// run.json                 config, seed, program version, device, data: all that decides the result
/// split.json               rows trained on and rows held out, counted from 0
/// answers.json             which network answers for which label source; there when the run has ended
/// scores.json              its scores on the held-out rows; there when the run has ended
/// predictions.csv          what it says of the held-out rows; there when the run has ended
/// calibration.json         how far these lie from labels by the spread of their heat maps; only of networks that have some
/// model.json               what the network is and was trained on
/// initial_weights.json     the file it started from, with its SHA-256, where it did
/// metrics.jsonl            one JSON object per epoch
/// metrics.csv              the same as a table
/// checkpoints/index.json   which epochs are the last and the selected one
/// checkpoints/epoch-0007/  model.bpk, and for the last epoch optimizer.bpk (with averaged weights, trained.bpk too)
/// pictures/                what the examples draw
/// .lock                    empty; locked by the process that trains here, see [`RunLock`](crate::RunLock)
/// ```
///
/// Where a strategy trains several networks, `model.json` and all below it stand in a folder per network,
/// `models/full/` for example; that folder is a `RunFolder` too.
///
/// Files are written beside their place and renamed into it, so a killed process leaves old or new, never half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// Names a folder; nothing is created yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// `run.json`: what decides the result.
    pub fn record_path(&self) -> PathBuf {
        self.path.join(RECORD)
    }

    /// `split.json`: which rows train and which are held out.
    pub fn split_path(&self) -> PathBuf {
        self.path.join("split.json")
    }

    /// `answers.json`: which network answers for which label source.
    pub fn answers_path(&self) -> PathBuf {
        self.path.join("answers.json")
    }

    /// `scores.json`: what the run scores on the held-out rows.
    pub fn scores_path(&self) -> PathBuf {
        self.path.join("scores.json")
    }

    /// `predictions.csv`: what the run says of the held-out rows. See
    /// [`HeldOutPredictions`](crate::HeldOutPredictions).
    pub fn predictions_path(&self) -> PathBuf {
        self.path.join("predictions.csv")
    }

    /// `calibration.json`: how far its predictions lie from labels by the spread of their heat maps. See
    /// [`Calibration`](keypoints_predict::Calibration).
    pub fn calibration_path(&self) -> PathBuf {
        self.path.join("calibration.json")
    }

    /// `model.json`: what the network in this folder is and was trained on.
    pub fn model_path(&self) -> PathBuf {
        self.path.join("model.json")
    }

    /// `initial_weights.json`: the file that the network in this folder started from.
    pub fn initial_weights_path(&self) -> PathBuf {
        self.path.join("initial_weights.json")
    }

    /// The folder of one network of the run; of the only one, the run folder itself.
    #[must_use]
    pub fn model(&self, model: &ModelId) -> Self {
        if model.is_only() {
            return self.clone();
        }
        Self::new(self.path.join("models").join(model.as_str()))
    }

    /// `metrics.jsonl`: one JSON object per epoch.
    pub fn metrics_path(&self) -> PathBuf {
        self.path.join("metrics.jsonl")
    }

    /// `metrics.csv`: the same as a table.
    pub fn metrics_csv_path(&self) -> PathBuf {
        self.path.join("metrics.csv")
    }

    /// `checkpoints/`.
    pub fn checkpoints_path(&self) -> PathBuf {
        self.path.join("checkpoints")
    }

    /// `pictures/`.
    pub fn pictures_path(&self) -> PathBuf {
        self.path.join("pictures")
    }

    /// Whether a run was started here.
    pub fn exists(&self) -> bool {
        self.record_path().exists()
    }

    /// Refuses a folder that is not a run's: without `run.json`, but with a JSON file of another program. The two would write over
    /// each other's files.
    pub(crate) fn claim(&self) -> Result<(), TrainError> {
        if self.exists() {
            return Ok(());
        }
        let files = std::fs::read_dir(&self.path).into_iter().flatten().flatten();
        let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
        match names.filter(|name| name.ends_with(".json") && !OWN.contains(&name.as_str())).min() {
            None => Ok(()),
            Some(file) => Err(TrainError::FolderTaken { path: self.path.clone(), file }),
        }
    }

    /// Deletes what a start that came to nothing has left of its networks.
    pub(crate) fn forget_models(&self) -> Result<(), TrainError> {
        let left = [self.model_path(), self.initial_weights_path(), self.path.join("models")];
        left.iter().try_for_each(|path| delete(path))
    }

    /// Creates the folder and the ones above it.
    ///
    /// # Errors
    /// [`TrainError::Io`] with the folder.
    pub fn create(&self) -> Result<(), TrainError> {
        std::fs::create_dir_all(&self.path).map_err(TrainError::io(&self.path, "create"))
    }
}

/// Whether a network below a folder has finished an epoch, which would be lost with the folder.
pub fn has_results(folder: &Path) -> bool {
    let index = RunFolder::new(folder).checkpoints_path().join("index.json");
    let below = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders = below.map(|entry| entry.path()).filter(|path| path.is_dir());
    index.exists() || folders.any(|path| has_results(&path))
}
