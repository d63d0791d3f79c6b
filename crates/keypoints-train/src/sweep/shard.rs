//! Which trials of a sweep a process runs.

use std::fmt;
use std::str::FromStr;

use super::error::SweepError;

/// One of several processes that share a sweep: of `n`, process `i` runs the trials whose number leaves the
/// same rest as `i` when divided by `n`.
///
/// ```
/// use keypoints_train::sweep::Shard;
///
/// let second: Shard = "2/3".parse()?;
/// assert_eq!(second.numbers(8).collect::<Vec<_>>(), [2, 5, 8]);
/// assert_eq!(Shard::default().numbers(3).count(), 3);
/// assert!("4/3".parse::<Shard>().is_err());
/// # Ok::<(), keypoints_train::sweep::SweepError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    count: usize,
}

impl Shard {
    /// Process `index` (counted from 1) of `count`.
    ///
    /// # Errors
    /// [`SweepError::BadShard`] unless 1 ≤ `index` ≤ `count`.
    pub fn new(index: usize, count: usize) -> Result<Self, SweepError> {
        if (1..=count).contains(&index) {
            Ok(Self { index, count })
        } else {
            Err(SweepError::BadShard { found: format!("{index}/{count}") })
        }
    }

    /// The trial numbers, counted from 1, of a sweep with so many trials.
    pub fn numbers(&self, trials: usize) -> impl Iterator<Item = usize> + use<> {
        (self.index..=trials).step_by(self.count)
    }
}

impl Default for Shard {
    /// All trials.
    fn default() -> Self {
        Self { index: 1, count: 1 }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = SweepError;

    fn from_str(text: &str) -> Result<Self, SweepError> {
        let parts = text.split_once('/').and_then(|(index, count)| {
            Some((index.trim().parse().ok()?, count.trim().parse().ok()?))
        });
        let (index, count) =
            parts.ok_or_else(|| SweepError::BadShard { found: text.to_owned() })?;
        Self::new(index, count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_share_all_trials_without_overlap() {
        for count in 1..6 {
            let mut all: Vec<usize> = (1..=count)
                .flat_map(|index| Shard::new(index, count).unwrap().numbers(11))
                .collect();
            all.sort_unstable();
            assert_eq!(all, (1..=11).collect::<Vec<_>>(), "{count} shards");
        }
        assert_eq!(Shard::new(3, 4).unwrap().numbers(2).count(), 0);
    }

    #[test]
    fn reads_what_it_writes_and_nothing_else() {
        let shard = Shard::new(2, 4).unwrap();
        assert_eq!(shard.to_string().parse::<Shard>().unwrap(), shard);
        for text in ["", "2", "0/4", "5/4", "1/0", "a/b", "1/2/3", "-1/2"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
