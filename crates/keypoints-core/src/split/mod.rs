//! Training rows and validation rows that share no picture and have the same share of every label source.
//!
//! Files often hold a picture more than once, sometimes once per label source. A picture on both sides of a split is
//! learnt by heart and flatters the score, so the unit of every split is the *picture group*, not the row.

mod distribute;
mod error;
mod groups;

use serde::{Deserialize, Serialize};

use crate::dataset::Dataset;
use distribute::distribute;

pub use error::SplitError;
pub use groups::picture_groups;

/// Rows to train on and rows to judge by: disjoint, both ascending, together every row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// Rows to fit on.
    pub train: Vec<usize>,
    /// Rows to measure on, never to fit on.
    pub validation: Vec<usize>,
}

/// Sets a share of the pictures aside for validation.
///
/// The share holds for each [label source](crate::LabelSource) by itself, as closely as whole picture
/// groups allow, and at least one group stands on either side. The same seed gives the same split on
/// every machine. With fraction 1/k this is not a fold of [`k_fold`]: the two draw independently.
///
/// ```
/// use keypoints_core::{Dataset, Labels, PictureShape, Pictures, Schema, hold_out};
///
/// let pixels = (0..10u8).flat_map(|grey| [grey; 64]).collect();
/// let pictures = Pictures::new(PictureShape::grey(8), pixels).ok_or("not whole pictures")?;
/// let labels = vec![Labels::default(); 10];
/// let dataset = Dataset::of_one_source(Schema::kaggle15(), pictures, labels)?;
///
/// let split = hold_out(&dataset, 0.2, 42)?;
/// assert_eq!(split.train.len(), 8);
/// assert_eq!(split.validation.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SplitError`] if `fraction` is not strictly between 0 and 1, or if there are fewer than two
/// different pictures.
pub fn hold_out(dataset: &Dataset, fraction: f64, seed: u64) -> Result<Split, SplitError> {
    if !(fraction > 0.0 && fraction < 1.0) {
        return Err(SplitError::FractionOutOfRange { fraction });
    }
    let side_of_row = distribute(dataset, &[1.0 - fraction, fraction], seed)?;
    Ok(validate_on(&side_of_row, 1))
}

/// Cuts the pictures into `folds` parts and validates on each of them once.
///
/// Every row is in exactly one validation part. Each part has the same share of every
/// [label source](crate::LabelSource), as closely as whole picture groups allow, and none is empty.
/// The same seed gives the same folds on every machine.
///
/// ```
/// use keypoints_core::{Dataset, Labels, PictureShape, Pictures, Schema, k_fold};
///
/// let pixels = (0..10u8).flat_map(|grey| [grey; 64]).collect();
/// let pictures = Pictures::new(PictureShape::grey(8), pixels).ok_or("not whole pictures")?;
/// let labels = vec![Labels::default(); 10];
/// let dataset = Dataset::of_one_source(Schema::kaggle15(), pictures, labels)?;
///
/// let folds = k_fold(&dataset, 5, 42)?;
/// assert_eq!(folds.len(), 5);
/// assert!(folds.iter().all(|split| split.validation.len() == 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SplitError`] if `folds` is below two or above the number of different pictures.
pub fn k_fold(dataset: &Dataset, folds: usize, seed: u64) -> Result<Vec<Split>, SplitError> {
    if folds < 2 {
        return Err(SplitError::TooFewFolds { folds });
    }
    // Checked before the shares are allocated: `folds` may come straight from a command line.
    if folds > dataset.len() && !dataset.is_empty() {
        return Err(SplitError::TooFewPictures { needed: folds, found: dataset.len() });
    }
    let fold_of_row = distribute(dataset, &vec![1.0 / folds as f64; folds], seed)?;
    Ok((0..folds).map(|fold| validate_on(&fold_of_row, fold)).collect())
}

/// The split whose validation rows are those of one part.
fn validate_on(part_of_row: &[usize], part: usize) -> Split {
    let (validation, train) =
        (0..part_of_row.len()).partition(|&row: &usize| part_of_row[row] == part);
    Split { train, validation }
}

#[cfg(test)]
mod tests;
