//! In which order the values are tried.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::error::SweepError;
use super::file::SweepFile;
use super::parzen;
use super::trial::{Parameters, TrialRecord, TrialState};

/// Trials of a sweep, at most: their folders are numbered with four digits.
pub(super) const MAX_TRIALS: usize = 9999;

/// How often TPE is asked again when it proposes what has been tried already.
const ASK_AGAIN: usize = 32;

/// How the values of the trials are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
pub enum Search {
    /// Every combination once, like an odometer: the parameters stand in the order of their names, and the
    /// last one changes fastest. Continuous ranges have no combinations and are refused.
    Grid {},
    /// Independent draws.
    Random {
        /// How many, 1 to 9999.
        trials: usize,
    },
    /// Tree-structured Parzen estimator: values that lie where the good trials lie and the others do not.
    ///
    /// Each parameter is looked at by itself. Failed trials count as the worst ones.
    ///
    /// Source: Bergstra et al., "Algorithms for Hyper-Parameter Optimization" (2011).
    Tpe {
        /// How many, 1 to 9999.
        trials: usize,
        /// Random draws before the estimator has a say, at least 1.
        #[serde(default = "startup")]
        startup: usize,
    },
}

fn startup() -> usize {
    8
}

impl SweepFile {
    /// Number of trials.
    pub fn trials(&self) -> usize {
        match self.search {
            Search::Grid {} => self
                .parameters
                .values()
                .map(|space| space.count().unwrap_or(0))
                .fold(1, usize::saturating_mul),
            Search::Random { trials } | Search::Tpe { trials, .. } => trials,
        }
    }

    /// The parameters of a trial, counted from 1 to [`SweepFile::trials`].
    ///
    /// A grid's and a random search's depend on the file and the number alone. TPE's depend on `earlier` too, the
    /// trials that are known; in what order these stand plays no part.
    ///
    /// ```
    /// use keypoints_train::sweep::SweepFile;
    ///
    /// let file = SweepFile::parse(r#"{
    ///     "parameters": {
    ///         "learning_rate": { "values": [1e-4, 3e-4] },
    ///         "optimizer.beta_1": { "values": [0.8, 0.9] }
    ///     },
    ///     "search": { "method": "grid" }
    /// }"#)?;
    /// let second = file.propose(2, &[]);
    /// assert_eq!(second["learning_rate"], 1e-4);
    /// assert_eq!(second["optimizer.beta_1"], 0.9);
    /// # Ok::<(), keypoints_train::sweep::SweepError>(())
    /// ```
    pub fn propose(&self, number: usize, earlier: &[TrialRecord]) -> Parameters {
        // A stream of its own per trial, so that no trial needs another one's random numbers.
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(number as u64);
        match self.search {
            Search::Grid {} => self.combination(number.saturating_sub(1)),
            Search::Random { .. } => self.draw(&mut rng),
            Search::Tpe { startup, .. } => {
                let mut told: Vec<&TrialRecord> =
                    earlier.iter().filter(|trial| trial.state != TrialState::Running).collect();
                told.sort_by_key(|trial| trial.number);
                if number <= startup || told.len() < startup {
                    return self.draw(&mut rng);
                }
                let tried = |one: &Parameters| earlier.iter().any(|trial| trial.parameters == *one);
                let mut proposal = parzen::propose(&self.parameters, &told, &mut rng);
                for _ in 0..ASK_AGAIN {
                    if !tried(&proposal) {
                        break;
                    }
                    proposal = parzen::propose(&self.parameters, &told, &mut rng);
                }
                proposal
            }
        }
    }

    fn draw(&self, rng: &mut ChaCha8Rng) -> Parameters {
        self.parameters.iter().map(|(name, space)| (name.clone(), space.draw(rng))).collect()
    }

    /// The combination at a position of the grid, counted from 0.
    fn combination(&self, mut position: usize) -> Parameters {
        let mut parameters = Parameters::new();
        for (name, space) in self.parameters.iter().rev() {
            let count = space.count().unwrap_or(1).max(1);
            parameters.insert(name.clone(), space.nth(position % count).unwrap_or_default());
            position /= count;
        }
        parameters
    }
}

impl Search {
    /// Refuses numbers of trials that make no sense, and grids over what cannot be enumerated.
    pub(super) fn check(&self, file: &SweepFile) -> Result<(), SweepError> {
        if let Self::Grid {} = self {
            let endless = file.parameters.iter().find(|(_, space)| space.count().is_none());
            if let Some((name, space)) = endless {
                return Err(SweepError::Invalid {
                    field: format!("parameters.{name}"),
                    expected: "`values` or `integer` in a grid (or search with `random` or `tpe`)",
                    found: serde_json::to_string(space).unwrap_or_default(),
                });
            }
        }
        let trials = file.trials();
        if !(1..=MAX_TRIALS).contains(&trials) {
            let grid = matches!(self, Self::Grid {});
            return Err(SweepError::Invalid {
                field: if grid { "parameters" } else { "search.trials" }.to_owned(),
                expected: if grid { "at most 9999 combinations" } else { "1 to 9999" },
                found: trials.to_string(),
            });
        }
        if let Self::Tpe { startup: 0, .. } = self {
            return Err(SweepError::Invalid {
                field: "search.startup".to_owned(),
                expected: "at least 1",
                found: "0".to_owned(),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn file(parameters: Value, search: Value) -> SweepFile {
        let text = json!({ "parameters": parameters, "search": search, "seed": 3 }).to_string();
        SweepFile::parse(&text).unwrap()
    }

    #[test]
    fn a_grid_has_every_combination_once_in_order() {
        let file = file(
            json!({
                "learning_rate": { "values": [1e-4, 3e-4] },
                "batch_size": { "integer": [4, 6] },
                "network.dropout": { "values": [0.0, 0.5] },
            }),
            json!({ "method": "grid" }),
        );
        assert_eq!(file.trials(), 12);
        let all: Vec<[Value; 3]> = (1..=12)
            .map(|number| file.propose(number, &[]))
            .map(|p| ["batch_size", "learning_rate", "network.dropout"].map(|name| p[name].clone()))
            .collect();
        let mut expected = Vec::new();
        for batch in 4..=6 {
            for rate in [1e-4, 3e-4] {
                for dropout in [0.0, 0.5] {
                    expected.push([json!(batch), json!(rate), json!(dropout)]);
                }
            }
        }
        assert_eq!(all, expected);
    }

    #[test]
    fn random_draws_depend_on_seed_and_number_alone() {
        let parameters = json!({
            "learning_rate": { "log_uniform": [1e-4, 1e-2] },
            "optimizer.beta_1": { "uniform": [0.5, 0.95] },
        });
        let search = json!({ "method": "random", "trials": 20 });
        let one = file(parameters.clone(), search.clone());
        let draws: Vec<Parameters> = (1..=20).map(|number| one.propose(number, &[])).collect();
        let back: Vec<Parameters> = (1..=20).rev().map(|number| one.propose(number, &[])).collect();
        assert!(draws.iter().eq(back.iter().rev()));
        for (index, draw) in draws.iter().enumerate() {
            assert!(!draws[..index].contains(draw));
        }
        let mut other = file(parameters, search);
        other.seed = 4;
        assert_ne!(other.propose(1, &[]), draws[0]);
    }

    #[test]
    fn refuses_searches_that_make_no_sense() {
        let parse = |parameters: Value, search: Value| {
            let text = json!({ "parameters": parameters, "search": search }).to_string();
            SweepFile::parse(&text).unwrap_err().to_string()
        };
        let rate = json!({ "learning_rate": { "uniform": [1e-4, 1e-2] } });
        assert_eq!(
            parse(rate.clone(), json!({ "method": "grid" })),
            "`parameters.learning_rate` must be `values` or `integer` in a grid (or search with \
             `random` or `tpe`), but is {\"uniform\":[0.0001,0.01]}"
        );
        let none = parse(rate.clone(), json!({ "method": "random", "trials": 0 }));
        assert_eq!(none, "`search.trials` must be 1 to 9999, but is 0");
        let startup = json!({ "method": "tpe", "trials": 5, "startup": 0 });
        assert_eq!(parse(rate.clone(), startup), "`search.startup` must be at least 1, but is 0");
        let many = json!({ "batch_size": { "integer": [1, 100_000] } });
        assert!(parse(many, json!({ "method": "grid" })).contains("at most 9999 combinations"));
        for search in [json!({ "method": "grids" }), json!({ "method": "grid", "trials": 3 })] {
            assert!(parse(rate.clone(), search).starts_with("`search`: unknown"));
        }
    }
}
