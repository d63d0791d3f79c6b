//! What a cell brought.

use keypoints_train::files::{read_json, write_json};
use keypoints_train::settings::Parameters;
use keypoints_train::{RunFolder, TrainConfig, TrainError};
use serde::{Deserialize, Serialize};

use super::cell::Cell;
use crate::error::StudyError;
use crate::scores::Scores;

/// The file in the run folder of a cell.
pub(super) const RESULT: &str = "result.json";

/// How far a cell is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was started; a process works on it, or was killed at it.
    #[default]
    Running,
    /// It has scores.
    Finished,
    /// It has none and will have none: the loss diverged, or no held-out label is there to score on.
    Failed,
}

/// The contents of a cell's `result.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellResult {
    /// The name of its settings.
    pub name: String,
    /// What is changed in the base.
    pub set: Parameters,
    /// The name of its network.
    pub network: String,
    /// The part held out, counted from 1.
    pub fold: usize,
    /// The seed of the training.
    pub seed: u64,
    /// How far it is.
    pub state: State,
    /// Why it failed.
    pub failure: Option<String>,
    /// The scores on the held-out rows.
    pub scores: Scores,
    /// Networks trained.
    pub networks_trained: usize,
    /// Training images seen by all of them together.
    pub images: usize,
    /// Seconds of training and validation, earlier processes' included.
    pub seconds: f64,
}

impl CellResult {
    /// The result of a cell that starts now.
    pub(crate) fn starting(cell: &Cell, config: &TrainConfig) -> Self {
        let Cell { name, set, fold, seed, .. } = cell.clone();
        let network = config.network.name().to_owned();
        Self { name, set, network, fold, seed, ..Self::default() }
    }

    /// Reads what is known of a cell from its run folder; `None` if it was never started.
    pub(super) fn read(cell: &Cell, run: &RunFolder) -> Result<Option<Self>, StudyError> {
        let path = run.path().join(RESULT);
        if !path.exists() {
            return Ok(None);
        }
        let result: Self = read_json(&path, "the result of a cell")?;
        let bad = |expected, found| Err(TrainError::BadRunFile { path, expected, found }.into());
        let Self { name, fold, seed, .. } = &result;
        if (name, *fold, *seed) != (&cell.name, cell.fold, cell.seed) {
            let found = format!("it is the one of {name}, fold {fold}, seed {seed}");
            return bad("the result of the cell that the folder is named after", found);
        }
        if result.state == State::Finished && !result.score().is_some_and(f64::is_finite) {
            return bad("a score in the result of a finished cell", "there is none".to_owned());
        }
        Ok(Some(result))
    }

    /// Writes it into the cell's run folder.
    pub(super) fn write(&self, run: &RunFolder) -> Result<(), StudyError> {
        run.create()?;
        Ok(write_json(&run.path().join(RESULT), self)?)
    }

    /// Returns the score that ranks, in pixels; `None` unless the cell is finished.
    pub fn score(&self) -> Option<f64> {
        (self.state == State::Finished).then(|| self.scores.raw.score()).flatten()
    }

    /// Whether it is finished or failed.
    pub fn ended(&self) -> bool {
        self.state != State::Running
    }
}
