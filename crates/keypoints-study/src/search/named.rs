//! A base and named changes to it.

use keypoints_train::TrainConfig;
use keypoints_train::settings::{Parameters, assign};
use serde::{Deserialize, Serialize};

use super::proposer::{Probe, Proposer, Tried};
use crate::error::{StudyError, require};

/// The name of the base.
const BASE: &str = "base";

/// Changes to the base under a name.
///
/// ```
/// use keypoints_study::StudyConfig;
///
/// let study = StudyConfig::from_json(
///     r#"{ "changes": [{ "name": "small batches", "set": { "batch_size": 8 } }], "folds_run": 1 }"#,
/// )?;
/// let cells = study.cells()?;
/// assert_eq!([cells[0].name.as_str(), cells[1].name.as_str()], ["base", "small batches"]);
/// # Ok::<(), keypoints_study::StudyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The name in tables and of folders: letters, digits, spaces and `-_.,+`.
    pub name: String,
    /// Dotted paths into the config's JSON and their values.
    pub set: Parameters,
}

/// A base and its changes: one trial each.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    trials: Vec<Change>,
    /// What the others are compared with.
    pub(crate) reference: String,
}

impl Named {
    /// Checks the changes. The base is a trial of its own, unless a change leaves it as it is.
    pub(crate) fn new(base: &TrainConfig, changes: &[Change]) -> Result<Self, StudyError> {
        for (index, Change { name, .. }) in changes.iter().enumerate() {
            let fits = |one: char| one.is_ascii_alphanumeric() || " -_.,+".contains(one);
            let fits = !name.is_empty() && !name.starts_with('.') && name.chars().all(fits);
            let expected = "made of letters, digits, spaces and -_.,+, and not `base`";
            require(fits && name != BASE, format!("changes.{index}.name"), expected, name)?;
            let twice = changes[..index].iter().any(|other| other.name == *name);
            let found = format!("`{name}` twice");
            require(!twice, "changes", "of different names", found)?;
        }
        let same = |change: &&Change| {
            let config = assign(base, &change.set);
            !change.set.contains_key("seed") && config.is_ok_and(|config| config == *base)
        };
        let mut trials = changes.to_vec();
        let reference = match changes.iter().find(same) {
            Some(change) => change.name.clone(),
            None => {
                trials.insert(0, Change { name: BASE.to_owned(), set: Parameters::new() });
                BASE.to_owned()
            }
        };
        Ok(Self { trials, reference })
    }
}

impl Proposer for Named {
    fn names(&self) -> Vec<String> {
        self.trials.iter().map(|one| one.name.clone()).collect()
    }

    fn propose(&self, trial: usize, _tried: &[Tried]) -> Parameters {
        self.trials.get(trial).map(|one| one.set.clone()).unwrap_or_default()
    }

    fn probes(&self) -> Vec<Probe> {
        let probe =
            |one: &Change| Probe { part: format!("change `{}`", one.name), set: one.set.clone() };
        self.trials.iter().map(probe).collect()
    }
}
