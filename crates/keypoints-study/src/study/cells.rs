//! The cells of a study: which settings, on which part of the data, from which seed.

use keypoints_core::{Dataset, Split, SplitError, hold_out, k_fold};
use keypoints_models::NetworkConfig;
use keypoints_train::TrainConfig;
use keypoints_train::settings::{Parameters, to_json};
use keypoints_train::strategy::StrategyConfig;

use super::cell::Cell;
use super::config::StudyConfig;
use crate::error::StudyError;
use crate::search::{Change, Proposer};
use crate::text::free_name;

impl StudyConfig {
    /// Compares strategies and networks: every strategy with every network, the first of each being the reference.
    pub fn of_strategies(
        mut base: TrainConfig,
        strategies: &[StrategyConfig],
        networks: &[NetworkConfig],
    ) -> Self {
        if let (Some(strategy), Some(network)) = (strategies.first(), networks.first()) {
            base = TrainConfig { strategy: strategy.clone(), ..base.with_network(network.clone()) };
        }
        let mut changes: Vec<Change> = Vec::new();
        for network in networks {
            for strategy in strategies {
                let mut set = Parameters::from([("strategy".to_owned(), to_json(strategy))]);
                let mut name = strategy.name().to_owned();
                if networks.len() > 1 {
                    name = format!("{name}, {}", network.name());
                    set.insert("network".to_owned(), to_json(network));
                }
                let name = free_name(&name, |name| changes.iter().any(|one| one.name == name));
                changes.push(Change { name, set });
            }
        }
        Self { base, changes, ..Self::default() }
    }

    /// Whether nothing is varied: the folds then say together how good the base is.
    pub fn is_cross_validation(&self) -> bool {
        !self.is_search() && self.changes.is_empty() && self.seeds().len() == 1
    }

    /// Whether values are searched for, by a grid or by samples.
    pub fn is_search(&self) -> bool {
        !self.grid.is_empty() || self.samples.is_some()
    }

    /// Returns all cells in the order of their training. What samples change is decided when it is their turn.
    ///
    /// # Errors
    /// A study that makes no sense.
    pub fn cells(&self) -> Result<Vec<Cell>, StudyError> {
        Ok(self.cells_of(self.check()?.as_ref()))
    }

    /// Cuts a dataset.
    pub(crate) fn splits(&self, dataset: &Dataset) -> Result<Vec<Split>, StudyError> {
        let (field, splits) = match self.validation {
            Some(share) => {
                ("validation", hold_out(dataset, share, self.split_seed).map(|split| vec![split]))
            }
            None => ("folds", k_fold(dataset, self.folds, self.split_seed)),
        };
        let invalid = |error: SplitError| StudyError::Invalid {
            field: field.to_owned(),
            expected: "what the data can be cut into",
            found: error.to_string(),
        };
        splits.map_err(invalid)
    }

    /// Cells of a trial stay together where proposals depend on results. Otherwise every trial has its turn on a fold before the
    /// next fold, so that an unfinished study says something of each.
    pub(crate) fn cells_of(&self, proposer: &dyn Proposer) -> Vec<Cell> {
        let names = proposer.names();
        let learns = proposer.learns();
        let mut cells = Vec::new();
        for fold in 1..=self.parts() {
            for seed in self.seeds() {
                for (trial, name) in names.iter().enumerate() {
                    let set =
                        if learns { Default::default() } else { proposer.propose(trial, &[]) };
                    cells.push(Cell { trial, name: name.clone(), set, fold, seed });
                }
            }
        }
        if learns {
            cells.sort_by_key(|cell| cell.trial);
        }
        cells
    }

    /// The settings of a cell.
    pub(crate) fn config_of(&self, cell: &Cell) -> Result<TrainConfig, StudyError> {
        let config = match cell.set.is_empty() {
            true => self.base.clone(),
            false => self.changed(&cell.set, format!("trial `{}`", cell.name))?,
        };
        // A change may be another seed.
        Ok(match cell.set.contains_key("seed") {
            true => config,
            false => TrainConfig { seed: cell.seed, ..config },
        })
    }
}
