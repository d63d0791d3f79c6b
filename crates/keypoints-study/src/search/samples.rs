//! Drawn values.

use keypoints_train::settings::Parameters;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::parzen;
use super::proposer::{MAX_TRIALS, Probe, Proposer, Tried, numbered};
use super::spaces::{self, Spaces};
use crate::error::{StudyError, require};

/// How often TPE is asked again when it proposes what has been tried already.
const ASK_AGAIN: usize = 32;

/// How values are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Independent draws.
    Random,
    /// Tree-structured Parzen estimator: values that lie where good trials lie and others do not. Each parameter is looked at by
    /// itself. Failed trials count as the worst ones.
    ///
    /// Source: Bergstra et al., "Algorithms for Hyper-Parameter Optimization" (2011).
    Tpe,
}

/// Trials with drawn values.
///
/// ```
/// use keypoints_study::StudyConfig;
///
/// let study = StudyConfig::from_json(r#"{
///     "samples": {
///         "method": "tpe",
///         "trials": 20,
///         "parameters": {
///             "learning_rate": { "log_uniform": [1e-4, 1e-2] },
///             "batch_size": { "integer": [8, 64] }
///         }
///     },
///     "validation": 0.2
/// }"#)?;
/// assert_eq!(study.cells()?.len(), 20);
/// # Ok::<(), keypoints_study::StudyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Samples {
    /// How they are drawn.
    pub method: Method,
    /// How many, 1 to 9999.
    pub trials: usize,
    /// Random draws before TPE estimates, at least 1.
    #[serde(default = "startup")]
    pub startup: usize,
    /// Seed of the draws.
    #[serde(default = "seed")]
    pub seed: u64,
    /// What is varied.
    pub parameters: Spaces,
}

fn startup() -> usize {
    8
}

fn seed() -> u64 {
    1
}

impl Samples {
    /// Refuses what cannot be drawn.
    pub(crate) fn check(&self) -> Result<(), StudyError> {
        let (field, expected) = ("samples.parameters", "at least one path with its values");
        require(!self.parameters.is_empty(), field, expected, "empty")?;
        spaces::check(&self.parameters, field)?;
        let fits = (1..=MAX_TRIALS).contains(&self.trials);
        require(fits, "samples.trials", "1 to 9999", self.trials)?;
        require(self.startup > 0, "samples.startup", "at least 1", self.startup)
    }

    fn draw(&self, rng: &mut ChaCha8Rng) -> Parameters {
        self.parameters.iter().map(|(name, space)| (name.clone(), space.draw(rng))).collect()
    }
}

impl Proposer for Samples {
    fn names(&self) -> Vec<String> {
        numbered(self.trials)
    }

    fn propose(&self, trial: usize, tried: &[Tried]) -> Parameters {
        // A stream of its own per trial, so that no trial needs another one's random numbers.
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(trial as u64 + 1);
        let mut told: Vec<&Tried> = tried.iter().filter(|one| one.ended).collect();
        told.sort_by_key(|one| one.trial);
        if self.method == Method::Random || trial < self.startup || told.len() < self.startup {
            return self.draw(&mut rng);
        }
        let known = |set: &Parameters| tried.iter().any(|one| one.set == *set);
        let mut proposal = parzen::propose(&self.parameters, &told, &mut rng);
        for _ in 0..ASK_AGAIN {
            if !known(&proposal) {
                break;
            }
            proposal = parzen::propose(&self.parameters, &told, &mut rng);
        }
        proposal
    }

    fn learns(&self) -> bool {
        self.method == Method::Tpe
    }

    fn probes(&self) -> Vec<Probe> {
        spaces::probes(&self.parameters, "samples")
    }
}
