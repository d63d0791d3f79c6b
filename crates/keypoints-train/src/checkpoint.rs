//! Which of a run's checkpoints is used.

use serde::{Deserialize, Serialize};

/// A checkpoint of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checkpoint {
    /// The selected one. By default it has the lowest validation score; see [`TrainConfig::checkpoint`](crate::TrainConfig::checkpoint).
    /// The last one where none was validated.
    #[default]
    Best,
    /// The one after the last finished epoch.
    Last,
}
