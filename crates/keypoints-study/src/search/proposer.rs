//! What asks for the next trial.

use keypoints_train::settings::Parameters;

/// Trials of a search, at most: their names have four digits.
pub(crate) const MAX_TRIALS: usize = 9999;

/// A trial that was started.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tried {
    /// Counted from 0.
    pub(crate) trial: usize,
    pub(crate) set: Parameters,
    /// The mean over its cells, in pixels; `None` if one failed or is not there yet.
    pub(crate) score: Option<f64>,
    /// Whether all of its cells are finished or failed.
    pub(crate) ended: bool,
}

/// Settings to try out before anything is trained.
#[derive(Clone, Debug)]
pub(crate) struct Probe {
    /// Which part of the study they belong to, for an error.
    pub(crate) part: String,
    pub(crate) set: Parameters,
}

/// Says which settings the trials of a study have.
pub(crate) trait Proposer {
    /// The names of the trials, in their order.
    fn names(&self) -> Vec<String>;

    /// Returns what a trial, counted from 0, changes in the base. `tried` are the trials that were started, in any order.
    fn propose(&self, trial: usize, tried: &[Tried]) -> Parameters;

    /// Whether proposals depend on results. The cells of a trial then stay together in one process, trial after trial.
    fn learns(&self) -> bool {
        false
    }

    /// Returns settings that stand for all that may be proposed.
    fn probes(&self) -> Vec<Probe>;
}

/// The names of so many trials: `0001`, `0002`, …
pub(crate) fn numbered(trials: usize) -> Vec<String> {
    (1..=trials).map(|number| format!("{number:04}")).collect()
}
