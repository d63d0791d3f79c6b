//! One training of a study.

use std::fmt;

use keypoints_train::settings::Parameters;

/// One training of a study: the base with some settings changed, held out one part of the data, from one seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Which settings, counted from 0 in the order of the study.
    pub trial: usize,
    /// Their name: of a change its own, of a grid or of samples a number of four digits.
    pub name: String,
    /// What is changed in the base; empty as long as a search has not decided.
    pub set: Parameters,
    /// The part held out, counted from 1.
    pub fold: usize,
    /// The seed of the training.
    pub seed: u64,
}

impl Cell {
    /// Returns the name of the cell's run folder.
    pub fn folder_name(&self) -> String {
        let Self { name, fold, seed, .. } = self;
        format!("{name}.fold-{fold}.seed-{seed}")
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, fold, seed, .. } = self;
        write!(f, "{name}, fold {fold}, seed {seed}")
    }
}
