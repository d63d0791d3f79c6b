//! Settings of a face finder's training.

use serde::{Deserialize, Serialize};

use crate::error::TrainError;

/// Settings of a face finder's training. The defaults made the finder that comes with `keypoints-finder`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FinderConfig {
    /// The same seed draws the same windows.
    pub seed: u64,
    /// The network that looks at all places of a picture.
    pub proposer: RoundsConfig,
    /// The network that looks closer at what the first one proposes.
    pub verifier: RoundsConfig,
}

/// How long one of the two networks is trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundsConfig {
    /// Rounds. Windows without a face that score as one after a round (hard negatives) are drawn more often in the next.
    pub rounds: usize,
    /// Steps of a round.
    pub steps: usize,
    /// Windows per step.
    pub batch: usize,
    /// Learning rate of the first round; later ones start at half of it.
    pub rate: f64,
}

impl Default for FinderConfig {
    fn default() -> Self {
        Self {
            seed: 42,
            proposer: RoundsConfig { rounds: 3, steps: 2000, batch: 512, rate: 0.02 },
            verifier: RoundsConfig { rounds: 2, steps: 3000, batch: 256, rate: 0.02 },
        }
    }
}

impl FinderConfig {
    /// Rounds of both networks.
    pub fn rounds(&self) -> usize {
        self.proposer.rounds + self.verifier.rounds
    }

    /// Refuses numbers without a training.
    pub(super) fn check(&self) -> Result<(), TrainError> {
        let invalid = |field, expected, found: String| {
            Err(TrainError::InvalidConfig { field, expected, found })
        };
        for one in [&self.proposer, &self.verifier] {
            if !(1..=100).contains(&one.rounds) {
                return invalid("rounds", "in 1..=100", one.rounds.to_string());
            }
            if !(1..=1_000_000).contains(&one.steps) {
                return invalid("steps", "in 1..=1000000", one.steps.to_string());
            }
            if !(2..=65536).contains(&one.batch) {
                return invalid("batch", "in 2..=65536", one.batch.to_string());
            }
            if !(one.rate.is_finite() && one.rate > 0.0) {
                return invalid("rate", "a positive number", one.rate.to_string());
            }
        }
        Ok(())
    }
}
