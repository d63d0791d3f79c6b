//! What a cell brought.

use keypoints_train::TrainConfig;
use keypoints_train::settings::Parameters;
use serde::{Deserialize, Serialize};

use super::cell::Cell;
use crate::scores::Scores;

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

    /// Returns the score that ranks, in pixels; `None` unless the cell is finished.
    pub fn score(&self) -> Option<f64> {
        (self.state == State::Finished).then(|| self.scores.raw.score()).flatten()
    }

    /// Whether it is finished or failed.
    pub fn ended(&self) -> bool {
        self.state != State::Running
    }
}
