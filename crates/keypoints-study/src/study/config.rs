//! What a study trains.

use std::path::Path;

use keypoints_train::settings::{Parameters, assign, read_settings};
use keypoints_train::{TrainConfig, TrainError};
use serde::{Deserialize, Serialize};

use crate::error::{StudyError, require};
use crate::search::{Change, Grid, Named, Proposer, Samples, Spaces};

/// More cells than anybody could wait for: a slip of the keyboard, not a study.
const MOST_CELLS: usize = 100_000;

/// A base, what is varied, on which parts of the data and from which seeds: a study file. Any field may be left out.
///
/// At most one of `changes`, `grid` and `samples` is given; without any, the study is a cross-validation of the base.
///
/// ```
/// use keypoints_study::StudyConfig;
///
/// let study = StudyConfig::from_json(r#"{
///     "base": { "preset": "fast", "epochs": 8 },
///     "grid": { "batch_size": { "values": [16, 32] }, "augment.rotation": { "values": [9, 18] } },
///     "folds": 5,
///     "seeds": [1, 2]
/// }"#)?;
/// assert_eq!(study.cells()?.len(), 4 * 5 * 2);
/// # Ok::<(), keypoints_study::StudyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StudyConfig {
    /// The settings that all cells share, except what is varied. May be changes to a recipe: `{ "preset": "fast", "epochs": 8 }`.
    pub base: TrainConfig,
    /// Named changes, each compared with the base on the same folds and seeds. The base is trained as well, unless a change leaves
    /// it as it is; then that one is the reference.
    pub changes: Vec<Change>,
    /// Every combination of these values.
    pub grid: Spaces,
    /// Drawn values.
    pub samples: Option<Samples>,
    /// Parts that the pictures are cut into; a cell holds out one of them. No picture stands in two parts.
    pub folds: usize,
    /// Hold out only so many of the parts, from the first; `null` for all.
    pub folds_run: Option<usize>,
    /// Hold out this share of the faces, above 0 and below 1, in place of folds.
    pub validation: Option<f64>,
    /// Seed of the cut. All cells share it.
    pub split_seed: u64,
    /// Seeds of the training; empty for the one of `base`.
    pub seeds: Vec<u64>,
    /// Rows, counted from 1, that a second score leaves out, such as mislabelled ones. They are trained on like any other. The list
    /// may change from one call to the next; scores are then computed anew.
    pub suspicious_rows: Vec<usize>,
}

impl Default for StudyConfig {
    fn default() -> Self {
        Self {
            base: TrainConfig::default(),
            changes: Vec::new(),
            grid: Spaces::new(),
            samples: None,
            folds: 5,
            folds_run: None,
            validation: None,
            split_seed: 1,
            seeds: Vec::new(),
            suspicious_rows: Vec::new(),
        }
    }
}

impl StudyConfig {
    /// Reads a study file and checks it: every path must exist, and the base must accept every value.
    ///
    /// # Errors
    /// [`StudyError::InFile`] with the file and its first mistake.
    pub fn read(path: &Path) -> Result<Self, StudyError> {
        let in_file =
            |problem| StudyError::InFile { path: path.to_owned(), problem: Box::new(problem) };
        let text = std::fs::read_to_string(path).map_err(TrainError::io(path, "read"))?;
        Self::from_json(&text).map_err(in_file)
    }

    /// Reads and checks the text of a study file.
    ///
    /// # Errors
    /// The first mistake, with its field.
    ///
    /// ```
    /// use keypoints_study::StudyConfig;
    ///
    /// let text = r#"{ "grid": { "schedule.warmup": { "values": [0, 0.1] } } }"#;
    /// let error = StudyConfig::from_json(text).unwrap_err().to_string();
    /// assert_eq!(error, "grid: `schedule.warmup`: `schedule` has no `warmup`; it has kind, rise");
    /// ```
    pub fn from_json(text: &str) -> Result<Self, StudyError> {
        let study: Self = read_settings(text, "study", "base")?;
        study.check()?;
        Ok(study)
    }

    /// The seeds of the training.
    pub(crate) fn seeds(&self) -> Vec<u64> {
        match self.seeds.as_slice() {
            [] => vec![self.base.seed],
            seeds => seeds.to_vec(),
        }
    }

    /// How many parts are held out, one after the other.
    pub(crate) fn parts(&self) -> usize {
        match self.validation {
            Some(_) => 1,
            None => self.folds_run.unwrap_or(self.folds),
        }
    }

    /// Refuses a study that makes no sense, and returns what proposes its trials.
    pub(crate) fn check(&self) -> Result<Box<dyn Proposer>, StudyError> {
        let kinds = [!self.changes.is_empty(), !self.grid.is_empty(), self.samples.is_some()];
        let alone = kinds.into_iter().filter(|&given| given).count() <= 1;
        let expected = "alone; give one of `changes`, `grid` and `samples`";
        require(alone, "changes", expected, "beside another one")?;
        let proposer: Box<dyn Proposer> = match &self.samples {
            Some(samples) => {
                samples.check()?;
                Box::new(samples.clone())
            }
            None if !self.grid.is_empty() => Box::new(Grid::new(&self.grid)?),
            None => Box::new(self.named()?),
        };
        self.check_numbers(proposer.names().len())?;
        for probe in proposer.probes() {
            self.changed(&probe.set, probe.part)?;
        }
        Ok(proposer)
    }

    /// The base and its changes.
    pub(crate) fn named(&self) -> Result<Named, StudyError> {
        Named::new(&self.base, &self.changes)
    }

    /// The base with some settings changed. `part` is what changes them, for an error.
    pub(super) fn changed(
        &self,
        set: &Parameters,
        part: String,
    ) -> Result<TrainConfig, StudyError> {
        let problem = |problem| StudyError::Part { part, problem: Box::new(problem) };
        assign(&self.base, set).map_err(problem)
    }

    fn check_numbers(&self, trials: usize) -> Result<(), StudyError> {
        require(self.folds >= 2, "folds", "at least 2", self.folds)?;
        let run = self.folds_run.unwrap_or(self.folds);
        let expected = "from 1 to the number of folds";
        require((1..=self.folds).contains(&run), "folds_run", expected, run)?;
        if let Some(share) = self.validation {
            require(share > 0.0 && share < 1.0, "validation", "above 0 and below 1", share)?;
        }
        let seeds = self.seeds();
        // Trained once, read twice: the same number again would pass for another measurement.
        for (at, seed) in seeds.iter().enumerate() {
            let found = format!("{seed} twice");
            require(!seeds[..at].contains(seed), "seeds", "different numbers", found)?;
        }
        let count = trials.saturating_mul(seeds.len()).saturating_mul(self.parts());
        require(count <= MOST_CELLS, "folds", "few enough for 100000 cells in all", count)
    }
}
