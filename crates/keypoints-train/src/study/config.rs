//! What a study compares.

use keypoints_models::NetworkConfig;
use serde::{Deserialize, Serialize};

use super::cell::Cell;
use super::idea::{BASE, Idea};
use crate::config::TrainConfig;
use crate::error::TrainError;
use crate::preset::read_settings;
use crate::strategy::StrategyConfig;
use crate::sweep::SweepError;

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
    /// Changes to `base` that are compared with it, in place of strategies and networks: where there are any, those two
    /// are left aside.
    pub ideas: Vec<Idea>,
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

/// More cells than anybody could wait for: a slip of the keyboard, not a study.
const MOST_CELLS: usize = 100_000;

impl Default for StudyConfig {
    fn default() -> Self {
        let by_name = |name: &&str| StrategyConfig::by_name(name);
        Self {
            base: TrainConfig::default(),
            strategies: StrategyConfig::names().iter().filter_map(by_name).collect(),
            networks: vec![TrainConfig::default().network],
            ideas: Vec::new(),
            seeds: vec![1, 2],
            folds: 5,
            folds_run: Some(1),
            split_seed: 1,
            suspicious_rows: Vec::new(),
        }
    }
}

impl StudyConfig {
    /// Reads settings from JSON, and refuses fields that there are not, those of `base` and what is nested in it too. `base` may
    /// be changes to a recipe: `{ "preset": "fast", "epochs": 8 }`, see [`TrainConfig::from_json`]. Without `networks`, its
    /// network is the only one.
    ///
    /// # Errors
    /// What is wrong, with the field.
    ///
    /// ```
    /// use keypoints_train::study::StudyConfig;
    ///
    /// let text = r#"{ "base": { "optimizer": { "kind": "adam", "beta1": 0.5 } } }"#;
    /// let error = StudyConfig::from_json(text).unwrap_err();
    /// assert!(error.to_string().contains("`base.optimizer` has no `beta1`"));
    /// ```
    pub fn from_json(text: &str) -> Result<Self, SweepError> {
        let (config, given): (Self, _) = read_settings(text, "study", "base")?;
        Ok(match given.get("networks") {
            Some(_) => config,
            None => Self { networks: vec![config.base.network.clone()], ..config },
        })
    }

    /// All cells: one after the other through the strategies, so that an unfinished study has something to say of each.
    ///
    /// # Errors
    /// [`TrainError::InvalidConfig`] where there is nothing to compare.
    pub fn cells(&self) -> Result<Vec<Cell>, TrainError> {
        self.check()?;
        let rows = self.rows()?;
        let folds = self.folds_run.unwrap_or(self.folds);
        let count = rows.len().saturating_mul(self.seeds.len()).saturating_mul(folds);
        if count > MOST_CELLS {
            let (field, expected) = ("folds_run", "few enough for 100000 trainings in all");
            let found = format!("{folds}, with {} seeds of {} rows", self.seeds.len(), rows.len());
            return Err(TrainError::InvalidConfig { field, expected, found });
        }
        let mut cells = Vec::new();
        for fold in 1..=folds {
            for &seed in &self.seeds {
                for (strategy, network, config) in &rows {
                    cells.push(Cell {
                        strategy: strategy.clone(),
                        network: network.clone(),
                        fold,
                        seed,
                        config: match self.ideas.iter().find(|idea| idea.name == *strategy) {
                            // The idea is another seed.
                            Some(idea) if idea.set.contains_key("seed") => config.clone(),
                            _ => TrainConfig { seed, ..config.clone() },
                        },
                    });
                }
            }
        }
        Ok(cells)
    }

    /// The rows of the table: two labels and the settings.
    fn rows(&self) -> Result<Vec<(String, String, TrainConfig)>, TrainError> {
        let mut rows = Vec::new();
        if self.ideas.is_empty() {
            let strategies = labels(self.strategies.iter().map(StrategyConfig::name));
            let networks = labels(self.networks.iter().map(NetworkConfig::name));
            for (network, network_label) in self.networks.iter().zip(&networks) {
                for (strategy, label) in self.strategies.iter().zip(&strategies) {
                    let (network, strategy) = (network.clone(), strategy.clone());
                    let base = self.base.clone().with_network(network);
                    let config = TrainConfig { strategy, ..base };
                    rows.push((label.clone(), network_label.clone(), config));
                }
            }
            return Ok(rows);
        }
        rows.push((BASE.to_owned(), self.base.network.name().to_owned(), self.base.clone()));
        for idea in &self.ideas {
            let config = idea.config(&self.base)?;
            if rows.iter().any(|(name, ..)| *name == idea.name) {
                let (expected, found) = ("of different names", format!("twice `{}`", idea.name));
                return Err(TrainError::InvalidConfig { field: "ideas", expected, found });
            }
            rows.push((idea.name.clone(), config.network.name().to_owned(), config));
        }
        Ok(rows)
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
        // Trained once, read twice: the same number again would pass for another measurement.
        if let Some(seed) =
            (1..self.seeds.len()).find(|&at| self.seeds[..at].contains(&self.seeds[at]))
        {
            return invalid("seeds", "of different numbers", format!("twice {}", self.seeds[seed]));
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
            (StudyConfig { seeds: vec![1, 2, 1], ..Default::default() }, "seeds"),
            (StudyConfig { folds: 1, ..Default::default() }, "folds"),
            (StudyConfig { folds_run: Some(6), ..Default::default() }, "folds_run"),
            (StudyConfig { folds: usize::MAX, folds_run: None, ..Default::default() }, "folds_run"),
        ] {
            let error = config.cells().unwrap_err().to_string();
            assert!(error.contains(&format!("`{field}` must be")), "{error}");
        }
        let idea = Idea { name: "twice".to_owned(), set: Default::default() };
        let config = StudyConfig { ideas: vec![idea.clone(), idea], ..Default::default() };
        assert!(config.cells().unwrap_err().to_string().contains("twice `twice`"));
    }
}
