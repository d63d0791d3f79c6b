//! What a study compares.

use keypoints_models::NetworkConfig;
use serde::{Deserialize, Serialize};

use super::cell::Cell;
use crate::config::TrainConfig;
use crate::error::TrainError;
use crate::strategy::StrategyConfig;

/// What a study compares. A JSON file may leave out any field.
///
/// ```
/// use keypoints_train::study::StudyConfig;
///
/// let config: StudyConfig = serde_json::from_str(
///     r#"{ "strategies": [{ "strategy": "masked" }, { "strategy": "two_models" }], "seeds": [1, 2] }"#,
/// )?;
/// assert_eq!(config.cells()?.len(), 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StudyConfig {
    /// What all cells have in common; its strategy, network and seed are replaced.
    pub base: TrainConfig,
    /// The strategies.
    pub strategies: Vec<StrategyConfig>,
    /// The networks.
    pub networks: Vec<NetworkConfig>,
    /// Seeds of weights, row order and dropout.
    pub seeds: Vec<u64>,
    /// Parts that the pictures are cut into; a cell is validated on one of them.
    pub folds: usize,
    /// How many of the parts are validated on, from the first; `null` for all.
    pub folds_run: Option<usize>,
    /// Seed of the cut: all cells share it.
    pub split_seed: u64,
    /// Rows, counted from 1, that a second score leaves out: known mislabelled ones. They are trained on like any other.
    pub suspicious_rows: Vec<usize>,
}

impl Default for StudyConfig {
    fn default() -> Self {
        let by_name = |name: &&str| StrategyConfig::by_name(name);
        Self {
            base: TrainConfig::default(),
            strategies: StrategyConfig::names().iter().filter_map(by_name).collect(),
            networks: vec![TrainConfig::default().network],
            seeds: vec![1, 2],
            folds: 5,
            folds_run: Some(1),
            split_seed: 1,
            suspicious_rows: Vec::new(),
        }
    }
}

impl StudyConfig {
    /// All cells: one after the other through the strategies, so that an unfinished study has something to say of each.
    ///
    /// # Errors
    /// [`TrainError::InvalidConfig`] where there is nothing to compare.
    pub fn cells(&self) -> Result<Vec<Cell>, TrainError> {
        self.check()?;
        let strategies = labels(self.strategies.iter().map(StrategyConfig::name));
        let networks = labels(self.networks.iter().map(NetworkConfig::name));
        let mut cells = Vec::new();
        for fold in 1..=self.folds_run.unwrap_or(self.folds) {
            for &seed in &self.seeds {
                for (network, network_label) in self.networks.iter().zip(&networks) {
                    for (strategy, strategy_label) in self.strategies.iter().zip(&strategies) {
                        let config = TrainConfig {
                            network: network.clone(),
                            strategy: strategy.clone(),
                            seed,
                            ..self.base.clone()
                        };
                        cells.push(Cell {
                            strategy: strategy_label.clone(),
                            network: network_label.clone(),
                            fold,
                            seed,
                            config,
                        });
                    }
                }
            }
        }
        Ok(cells)
    }

    fn check(&self) -> Result<(), TrainError> {
        let invalid = |field, expected, found: String| {
            Err(TrainError::InvalidConfig { field, expected, found })
        };
        for (field, count) in [
            ("strategies", self.strategies.len()),
            ("networks", self.networks.len()),
            ("seeds", self.seeds.len()),
        ] {
            if count == 0 {
                return invalid(field, "at least one", "empty".to_owned());
            }
        }
        if self.folds < 2 {
            return invalid("folds", "at least 2", self.folds.to_string());
        }
        match self.folds_run {
            Some(run) if run == 0 || run > self.folds => {
                invalid("folds_run", "from 1 to the number of folds", run.to_string())
            }
            _ => Ok(()),
        }
    }
}

/// Names, numbered where one occurs again.
fn labels<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen: Vec<&str> = Vec::new();
    names
        .map(|name| {
            seen.push(name);
            match seen.iter().filter(|&&one| one == name).count() {
                1 => name.to_owned(),
                again => format!("{name}-{again}"),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_the_product_and_have_names_of_their_own() {
        let masked = StrategyConfig::by_name("masked").unwrap();
        let config = StudyConfig {
            strategies: vec![masked.clone(), masked],
            seeds: vec![3, 4, 5],
            folds_run: Some(2),
            ..Default::default()
        };
        let cells = config.cells().unwrap();
        assert_eq!(cells.len(), 2 * 3 * 2);
        assert_eq!(
            (cells[0].strategy.as_str(), cells[1].strategy.as_str()),
            ("masked", "masked-2")
        );
        let mut paths: Vec<String> = cells.iter().map(Cell::path).collect();
        paths.sort();
        paths.dedup();
        assert_eq!(paths.len(), cells.len());
        assert_eq!(cells[11].config.seed, 5);
    }

    #[test]
    fn nothing_to_compare_is_an_error() {
        for (config, field) in [
            (StudyConfig { strategies: vec![], ..Default::default() }, "strategies"),
            (StudyConfig { networks: vec![], ..Default::default() }, "networks"),
            (StudyConfig { seeds: vec![], ..Default::default() }, "seeds"),
            (StudyConfig { folds: 1, ..Default::default() }, "folds"),
            (StudyConfig { folds_run: Some(6), ..Default::default() }, "folds_run"),
        ] {
            let error = config.cells().unwrap_err().to_string();
            assert!(error.contains(&format!("`{field}` must be")), "{error}");
        }
    }
}
