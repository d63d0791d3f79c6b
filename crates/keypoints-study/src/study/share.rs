//! Sharing the cells of a study out among processes.

use std::fmt;
use std::str::FromStr;

use crate::error::StudyError;

/// One of several processes that share a study: process `i` of `n` trains every `n`-th cell from the `i`-th on.
///
/// ```
/// use keypoints_study::Share;
///
/// let second: Share = "2/3".parse()?;
/// let own: Vec<usize> = (0..8).filter(|&index| second.has(index)).collect();
/// assert_eq!(own, [1, 4, 7]);
/// assert!(Share::default().has(7));
/// assert!("4/3".parse::<Share>().is_err());
/// # Ok::<(), keypoints_study::StudyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    index: usize,
    count: usize,
}

impl Share {
    /// Whether the process trains the cell of this index, counted from 0.
    pub fn has(&self, index: usize) -> bool {
        index % self.count == self.index - 1
    }
}

impl Default for Share {
    /// All cells.
    fn default() -> Self {
        Self { index: 1, count: 1 }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Share {
    type Err = StudyError;

    fn from_str(text: &str) -> Result<Self, StudyError> {
        let parts = text.split_once('/').and_then(|(index, count)| {
            Some(Self { index: index.trim().parse().ok()?, count: count.trim().parse().ok()? })
        });
        let valid = parts.filter(|share| (1..=share.count).contains(&share.index));
        valid.ok_or_else(|| StudyError::Invalid {
            field: "share".to_owned(),
            expected: "i/n with 1 ≤ i ≤ n, 1/4 for example",
            found: format!("`{text}`"),
        })
    }
}
