//! What is trained on every fold.

use serde::{Deserialize, Serialize};

use crate::config::TrainConfig;
use crate::error::TrainError;

/// What a cross-validation trains. A JSON file may leave out any field.
///
/// ```
/// use keypoints_train::cv::CvConfig;
///
/// let config: CvConfig = serde_json::from_str(r#"{ "folds": 10, "train": { "epochs": 3 } }"#)?;
/// assert_eq!((config.folds, config.train.epochs, config.split_seed), (10, 3, 1));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CvConfig {
    /// The settings of every fold.
    pub train: TrainConfig,
    /// Parts that the pictures are cut into; each is held out once. The label regimes are shared out evenly, and a
    /// picture never stands in two parts.
    pub folds: usize,
    /// Seed of the cut. Cross-validations with the same number and seed, on the same data, have the same folds.
    pub split_seed: u64,
}

impl Default for CvConfig {
    fn default() -> Self {
        Self { train: TrainConfig::default(), folds: 5, split_seed: 1 }
    }
}

impl CvConfig {
    /// Refuses settings that nobody could follow.
    pub(super) fn check(&self) -> Result<(), TrainError> {
        if self.folds < 2 {
            let (field, found) = ("folds", self.folds.to_string());
            return Err(TrainError::InvalidConfig { field, expected: "at least 2", found });
        }
        self.train.check()
    }

    /// The folds asked for, ascending; all if none is named.
    pub(super) fn chosen(&self, only: &[usize]) -> Result<Vec<usize>, TrainError> {
        if let Some(fold) = only.iter().find(|&fold| !(1..=self.folds).contains(fold)) {
            return Err(TrainError::InvalidConfig {
                field: "only",
                expected: "numbers from 1 to the number of folds",
                found: format!("{fold} of {} folds", self.folds),
            });
        }
        let chosen = |fold: &usize| only.is_empty() || only.contains(fold);
        Ok((1..=self.folds).filter(chosen).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_folds_or_all() {
        let config = CvConfig { folds: 4, ..Default::default() };
        assert_eq!(config.chosen(&[]).unwrap(), [1, 2, 3, 4]);
        assert_eq!(config.chosen(&[3, 1, 3]).unwrap(), [1, 3]);
        for fold in [0, 5] {
            let error = config.chosen(&[2, fold]).unwrap_err().to_string();
            assert!(error.contains("`only` must be numbers from 1"), "{error}");
        }
        assert!(CvConfig { folds: 1, ..Default::default() }.check().is_err());
    }
}
