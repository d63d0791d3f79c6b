//! Labels that are known and hidden from an imputer, to see how well it guesses them.

use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::Imputer;
use super::report::{ImputationReport, RowError};
use crate::keypoint::{Coordinate, Keypoint};
use crate::labels::Labels;
use crate::tally::Tally;

/// Rows that a report names.
const WORST: usize = 10;

/// Labels with holes that look like the real ones: of some complete rows only the eight coordinates of
/// [`Keypoint::FOUR_POINT`] are left.
///
/// This measures guessing, in pixels, without training a network. It is kinder than the real gaps: there the four
/// points were marked by annotators who mark them elsewhere (the bottom lip higher, for one), which misleads
/// whoever reasons from the known points; and forward fill finds its value one row above. A picture may also stand
/// in two rows and keep its labels in one of them: [`HiddenLabels::in_rows`] with the validation rows of
/// [`hold_out`](crate::hold_out) keeps such twins on one side.
///
/// ```
/// use keypoints_data::impute::{ColumnMean, HiddenLabels};
/// use keypoints_data::{Coordinate, Labels};
///
/// let face = |shift: f32| Coordinate::all().map(|one| (one, one.index() as f32 + shift)).collect();
/// let labels: Vec<Labels> = [0.0, 1.0, 2.0].map(face).to_vec();
/// let hidden = HiddenLabels::new(&labels, 0.3, 42)?;
/// assert_eq!(hidden.rows().len(), 1);
/// assert_eq!(hidden.labels()[hidden.rows()[0]].count(), 8);
///
/// let report = hidden.score(&ColumnMean {});
/// assert_eq!((report.hidden, report.filled), (22, 22));
/// assert!(report.rmse < Some(1.6));
/// # Ok::<(), keypoints_data::impute::HiddenLabelsError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct HiddenLabels {
    truth: Vec<Labels>,
    labels: Vec<Labels>,
    rows: Vec<usize>,
}

impl HiddenLabels {
    /// Hides labels of a share of the complete rows, drawn at random: at least one row, and not all. The same seed
    /// draws the same rows on every machine.
    ///
    /// # Errors
    /// [`HiddenLabelsError`] if `share` is not strictly between 0 and 1, or if there are fewer than two complete
    /// rows.
    pub fn new(labels: &[Labels], share: f64, seed: u64) -> Result<Self, HiddenLabelsError> {
        if !(share > 0.0 && share < 1.0) {
            return Err(HiddenLabelsError::ShareOutOfRange { share });
        }
        let is_complete = |&row: &usize| labels[row].is_complete();
        let mut rows: Vec<usize> = (0..labels.len()).filter(is_complete).collect();
        if rows.len() < 2 {
            return Err(HiddenLabelsError::TooFewCompleteRows { needed: 2, found: rows.len() });
        }
        let count = (rows.len() as f64 * share).round() as usize;
        let count = count.clamp(1, rows.len() - 1);
        rows.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        rows.truncate(count);
        Self::in_rows(labels, &rows)
    }

    /// Hides labels of chosen rows; those of them that are not complete keep what they have.
    ///
    /// # Errors
    /// [`HiddenLabelsError`] if a row does not exist or none of them is complete.
    pub fn in_rows(labels: &[Labels], rows: &[usize]) -> Result<Self, HiddenLabelsError> {
        if let Some(&row) = rows.iter().find(|&&row| row >= labels.len()) {
            return Err(HiddenLabelsError::NoSuchRow { row, rows: labels.len() });
        }
        let complete = |&row: &usize| labels[row].is_complete();
        let mut rows: Vec<usize> = rows.iter().copied().filter(complete).collect();
        if rows.is_empty() {
            return Err(HiddenLabelsError::TooFewCompleteRows { needed: 1, found: 0 });
        }
        rows.sort_unstable();
        rows.dedup();
        let truth = labels.to_vec();
        let mut labels = truth.clone();
        for &row in &rows {
            for one in hidden_coordinates() {
                labels[row].set(one, None);
            }
        }
        Ok(Self { truth, labels, rows })
    }

    /// All rows, those of [`HiddenLabels::rows`] with holes.
    pub fn labels(&self) -> &[Labels] {
        &self.labels
    }

    /// The rows with holes, ascending.
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// Fits the imputer on the labels with holes, lets it fill them, and compares with what was hidden.
    pub fn score(&self, imputer: &dyn Imputer) -> ImputationReport {
        self.compare(&imputer.fit(&self.labels).transform(&self.labels))
    }

    /// Compares with labels that were filled elsewhere, one entry per row of [`HiddenLabels::labels`]. What is
    /// missing or no finite number counts as a gap.
    pub fn compare(&self, filled: &[Labels]) -> ImputationReport {
        let mut total = Tally::default();
        let mut keypoints = BTreeMap::<Keypoint, Tally>::new();
        let mut worst_rows = Vec::new();
        for &row in &self.rows {
            let mut tally = Tally::default();
            for one in hidden_coordinates() {
                let truth = self.truth[row].get(one);
                let guess = filled.get(row).and_then(|labels| labels.get(one));
                let guess = guess.filter(|guess| guess.is_finite());
                if let Some((truth, guess)) = truth.zip(guess) {
                    let off = f64::from(guess) - f64::from(truth);
                    for tally in [&mut tally, keypoints.entry(one.keypoint).or_default()] {
                        *tally += Tally::of(off);
                    }
                }
            }
            total += tally;
            worst_rows.extend(tally.rmse().map(|rmse| RowError { row, rmse }));
        }
        worst_rows.sort_by(|a, b| b.rmse.total_cmp(&a.rmse));
        worst_rows.truncate(WORST);
        let rmse = |(keypoint, tally): (Keypoint, Tally)| Some((keypoint, tally.rmse()?));
        ImputationReport {
            rmse: total.rmse(),
            per_keypoint: keypoints.into_iter().filter_map(rmse).collect(),
            hidden: self.rows.len() * hidden_coordinates().count(),
            filled: total.labels as usize,
            worst_rows,
        }
    }
}

/// The coordinates that a four-point row lacks.
fn hidden_coordinates() -> impl Iterator<Item = Coordinate> {
    Coordinate::all().filter(|one| !Keypoint::FOUR_POINT.contains(&one.keypoint))
}

/// Labels that cannot be hidden as asked.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HiddenLabelsError {
    /// The share would hide nothing or everything, or is no number.
    #[error("the share of rows to hide must be above 0 and below 1, found {share}")]
    ShareOutOfRange {
        /// The share as it was given.
        share: f64,
    },
    /// Only what is known can be compared with.
    #[error("expected at least {needed} rows without a gap, found {found}")]
    TooFewCompleteRows {
        /// Complete rows that are needed: one to hide, and with a share one more to learn from.
        needed: usize,
        /// Complete rows that there are.
        found: usize,
    },
    /// A chosen row does not exist.
    #[error("expected rows below {rows}, found {row}")]
    NoSuchRow {
        /// The row as it was given, from 0.
        row: usize,
        /// Rows that there are.
        rows: usize,
    },
}
