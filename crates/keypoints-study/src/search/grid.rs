//! Every combination of some values.

use keypoints_train::settings::Parameters;

use super::proposer::{MAX_TRIALS, Probe, Proposer, Tried, numbered};
use super::spaces::{self, Spaces};
use crate::error::{StudyError, require};

/// Every combination once, like an odometer.
#[derive(Clone, Debug)]
pub(crate) struct Grid(Spaces);

impl Grid {
    /// Checks the values. Continuous ranges have no combinations and are refused.
    pub(crate) fn new(spaces: &Spaces) -> Result<Self, StudyError> {
        spaces::check(spaces, "grid")?;
        for (name, space) in spaces {
            let expected =
                "`values` or `integer`, because a grid needs single values (or use `samples`)";
            let found = serde_json::to_string(space).unwrap_or_default();
            require(space.count().is_some(), format!("grid.{name}"), expected, found)?;
        }
        let count = spaces::combinations(spaces);
        require(count <= MAX_TRIALS, "grid", "of at most 9999 combinations", count)?;
        Ok(Self(spaces.clone()))
    }
}

impl Proposer for Grid {
    fn names(&self) -> Vec<String> {
        numbered(spaces::combinations(&self.0))
    }

    fn propose(&self, trial: usize, _tried: &[Tried]) -> Parameters {
        spaces::combination(&self.0, trial)
    }

    fn probes(&self) -> Vec<Probe> {
        spaces::probes(&self.0, "grid")
    }
}
