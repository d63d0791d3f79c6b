//! Parameters and the values that they may take.

use std::collections::BTreeMap;

use keypoints_train::settings::Parameters;

use super::proposer::{MAX_TRIALS, Probe};
use super::space::Space;
use crate::error::{StudyError, require};

/// Dotted path into the config's JSON → the values to try.
pub type Spaces = BTreeMap<String, Space>;

/// How many combinations there are; continuous ranges count as one value.
pub(super) fn combinations(spaces: &Spaces) -> usize {
    spaces.values().map(|space| space.count().unwrap_or(1)).fold(1, usize::saturating_mul)
}

/// The combination at a position, counted from 0. The parameters stand in the order of their names, the last one changes fastest.
pub(super) fn combination(spaces: &Spaces, mut position: usize) -> Parameters {
    let mut parameters = Parameters::new();
    for (name, space) in spaces.iter().rev() {
        let count = space.count().unwrap_or(1).max(1);
        parameters.insert(name.clone(), space.nth(position % count).unwrap_or_default());
        position /= count;
    }
    parameters
}

/// Refuses ranges without room, and `optimizer` beside `optimizer.beta_1`. `field` holds the spaces.
pub(super) fn check(spaces: &Spaces, field: &str) -> Result<(), StudyError> {
    for (outer, space) in spaces {
        space.check(&format!("{field}.{outer}"))?;
        let inside = format!("{outer}.");
        for inner in spaces.keys() {
            let found = format!("inside `{field}.{outer}`");
            let expected = "outside of the other parameters; vary only one of the two";
            require(!inner.starts_with(&inside), format!("{field}.{inner}"), expected, found)?;
        }
    }
    Ok(())
}

/// Every value, or both ends of a range, of one parameter at a time, and then all combinations of them. Of more combinations than
/// a study may have trials, none: a search hardly visits them.
pub(super) fn probes(spaces: &Spaces, part: &str) -> Vec<Probe> {
    let ends: Spaces =
        spaces.iter().map(|(name, space)| (name.clone(), Space::Values(space.probes()))).collect();
    let alone = ends.iter().flat_map(|(name, space)| {
        let values = space.probes().into_iter();
        values.map(|value| Parameters::from([(name.clone(), value)]))
    });
    let count = Some(combinations(&ends)).filter(|&count| count <= MAX_TRIALS).unwrap_or(0);
    let together = (0..count).map(|position| combination(&ends, position));
    alone.chain(together).map(|set| Probe { part: part.to_owned(), set }).collect()
}
