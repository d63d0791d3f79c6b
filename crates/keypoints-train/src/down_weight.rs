//! Rows that count less in the loss.

use std::path::PathBuf;

use keypoints_data::read_row_list;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use crate::error::TrainError;

/// A list of rows whose labels are not to be trusted, and how much they still count.
///
/// Every label of a listed row weighs `weight` in the loss instead of 1, what a strategy has filled its gaps with included; where a
/// strategy teaches the row as the other label source would have marked it, that counts fully. The row stays in its
/// place in every epoch.
/// Validation does not know of the list. A run remembers the rows by their hash: it goes on where the file was moved,
/// not where the file was changed.
///
/// ```
/// use keypoints_train::TrainConfig;
///
/// let config: TrainConfig = serde_json::from_str(r#"{ "down_weight": { "file": "suspicious.csv" } }"#)?;
/// let list = config.down_weight.ok_or("no list")?;
/// assert_eq!((list.file.as_os_str(), list.weight), ("suspicious.csv".as_ref(), 0.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DownWeight {
    /// A file that starts with the numbers of the rows, as [`read_row_list`] reads it.
    pub file: PathBuf,
    /// What a label of these rows counts, from 0 (not at all) to 1 (as any other).
    #[serde(default)]
    pub weight: f32,
}

impl DownWeight {
    /// Refuses weights that are none.
    pub(crate) fn check(&self) -> Result<(), TrainError> {
        match (0.0..=1.0).contains(&self.weight) {
            true => Ok(()),
            false => Err(TrainError::InvalidConfig {
                field: "down_weight.weight",
                expected: "from 0 to 1",
                found: self.weight.to_string(),
            }),
        }
    }

    /// Reads the list for a dataset of so many rows.
    pub(crate) fn load(&self, rows: usize) -> Result<RowWeights, TrainError> {
        let mut listed = read_row_list(&self.file, rows)?;
        listed.sort_unstable();
        listed.dedup();
        let mut weights = vec![1.0; rows];
        let mut hash = Xxh3::new();
        for row in listed {
            weights[row - 1] = self.weight;
            hash.update(&(row as u64).to_le_bytes());
        }
        Ok(RowWeights { weights, hash: format!("{:016x}", hash.digest()) })
    }
}

/// What every row of a dataset counts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RowWeights {
    /// One per row.
    pub(crate) weights: Vec<f32>,
    /// A hash over the listed rows, whatever their order in the file.
    pub(crate) hash: String,
}

#[cfg(test)]
mod tests;
