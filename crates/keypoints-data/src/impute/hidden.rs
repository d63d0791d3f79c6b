//! Labels that are known and hidden from an imputer, to see how well it guesses them.

use keypoints_core::{Coordinate, Dataset, Labels, Schema, Source, Tally};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::report::{ImputationReport, RowError};
use super::{Imputer, Rows};

/// Rows that a report names.
const WORST: usize = 10;

/// Labels with holes that look like the real ones: of some complete rows only the points that another label source marks
/// are left.
///
/// This measures guessing, in pixels, without training a network. It is kinder than the real gaps: in the competition's files
/// four-point rows have their points marked elsewhere (the bottom lip higher, for one), which misleads an imputer that reasons
/// from the known points; and forward fill finds its value one row above. A picture may also stand in two rows and keep its
/// labels in one of them: [`HiddenLabels::in_rows`] with the validation rows of [`hold_out`](keypoints_core::hold_out) keeps
/// such twins on one side.
///
/// ```
/// use keypoints_core::{Coordinate, Labels, Pictures, kaggle15};
/// use keypoints_data::impute::{ColumnMean, HiddenLabels};
///
/// let face = |shift: f32| Coordinate::all(15).map(|one| (one, one.index() as f32 + shift)).collect();
/// let labels: Vec<Labels> = [0.0, 1.0, 2.0].map(face).to_vec();
/// let pictures = Pictures::new(kaggle15::SHAPE, vec![0; 3 * 9216]).ok_or("three faces")?;
/// let faces = keypoints_data::kaggle::dataset(pictures, labels)?;
/// let hidden = HiddenLabels::new(&faces, kaggle15::FOUR_POINT, 0.3, 42)?;
/// assert_eq!(hidden.rows().len(), 1);
/// assert_eq!(hidden.labels()[hidden.rows()[0]].count(), 8);
///
/// let report = hidden.score(&ColumnMean {});
/// assert_eq!((report.hidden, report.filled), (22, 22));
/// assert!(report.rmse < Some(1.6));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct HiddenLabels<'a> {
    dataset: &'a Dataset,
    /// What is hidden in each of the rows.
    hidden: Vec<Coordinate>,
    labels: Vec<Labels>,
    rows: Vec<usize>,
}

impl<'a> HiddenLabels<'a> {
    /// Hides labels of a share of the complete rows, drawn at random: at least one row, and not all. Left are the points that
    /// the source `like` marks. The same seed draws the same rows on every machine.
    ///
    /// # Errors
    /// [`HiddenLabelsError`] if `share` is not strictly between 0 and 1, if there are fewer than two complete rows, or if
    /// that source marks every point.
    ///
    /// # Panics
    /// If the schema has no source `like`.
    pub fn new(
        dataset: &'a Dataset,
        like: Source,
        share: f64,
        seed: u64,
    ) -> Result<Self, HiddenLabelsError> {
        if !(share > 0.0 && share < 1.0) {
            return Err(HiddenLabelsError::ShareOutOfRange { share });
        }
        let mut rows = dataset.complete_rows();
        if rows.len() < 2 {
            return Err(HiddenLabelsError::TooFewCompleteRows { needed: 2, found: rows.len() });
        }
        let count = (rows.len() as f64 * share).round() as usize;
        let count = count.clamp(1, rows.len() - 1);
        rows.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        rows.truncate(count);
        Self::in_rows(dataset, like, &rows)
    }

    /// Hides labels of chosen rows; those of them that are not complete keep what they have.
    ///
    /// # Errors
    /// [`HiddenLabelsError`] if a row does not exist, none of them is complete, or the source `like` marks every point.
    ///
    /// # Panics
    /// If the schema has no source `like`.
    pub fn in_rows(
        dataset: &'a Dataset,
        like: Source,
        rows: &[usize],
    ) -> Result<Self, HiddenLabelsError> {
        let hidden = unmarked(dataset.schema(), like);
        if hidden.is_empty() {
            let source = dataset.schema().source(like).name().to_owned();
            return Err(HiddenLabelsError::NothingToHide { source_name: source });
        }
        if let Some(&row) = rows.iter().find(|&&row| row >= dataset.len()) {
            return Err(HiddenLabelsError::NoSuchRow { row, rows: dataset.len() });
        }
        let complete = |&row: &usize| Rows::of(dataset).is_complete(row);
        let mut rows: Vec<usize> = rows.iter().copied().filter(complete).collect();
        if rows.is_empty() {
            return Err(HiddenLabelsError::TooFewCompleteRows { needed: 1, found: 0 });
        }
        rows.sort_unstable();
        rows.dedup();
        let mut labels = dataset.labels().to_vec();
        for &row in &rows {
            for &one in &hidden {
                labels[row].set(one, None);
            }
        }
        Ok(Self { dataset, hidden, labels, rows })
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
        let rows = Rows::of(self.dataset).with_labels(&self.labels);
        self.compare(&imputer.fit(&rows).transform(&rows))
    }

    /// Compares with labels that were filled elsewhere, one entry per row of [`HiddenLabels::labels`]. What is
    /// missing or no finite number counts as a gap.
    pub fn compare(&self, filled: &[Labels]) -> ImputationReport {
        let mut total = Tally::default();
        let schema = self.dataset.schema();
        let mut keypoints = vec![Tally::default(); schema.len()];
        let mut worst_rows = Vec::new();
        for &row in &self.rows {
            let mut tally = Tally::default();
            for &one in &self.hidden {
                let truth = self.dataset.labels()[row].get(one);
                let guess = filled.get(row).and_then(|labels| labels.get(one));
                let guess = guess.filter(|guess| guess.is_finite());
                if let Some((truth, guess)) = truth.zip(guess) {
                    let off = f64::from(guess) - f64::from(truth);
                    for tally in [&mut tally, &mut keypoints[one.keypoint.index()]] {
                        *tally += Tally::of(off);
                    }
                }
            }
            total += tally;
            worst_rows.extend(tally.rmse().map(|rmse| RowError { row, rmse }));
        }
        worst_rows.sort_by(|a, b| b.rmse.total_cmp(&a.rmse));
        worst_rows.truncate(WORST);
        let rmse = |(name, tally): (&String, Tally)| Some((name.clone(), tally.rmse()?));
        ImputationReport {
            rmse: total.rmse(),
            per_keypoint: schema.names().iter().zip(keypoints).filter_map(rmse).collect(),
            hidden: self.rows.len() * self.hidden.len(),
            filled: total.labels as usize,
            worst_rows,
        }
    }
}

/// The coordinates that rows of a source lack.
fn unmarked(schema: &Schema, source: Source) -> Vec<Coordinate> {
    schema.coordinates().filter(|one| !schema.source(source).marks(one.keypoint)).collect()
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
    /// The source whose rows are imitated marks every point.
    #[error("label source `{source_name}` marks every point: there is nothing to hide")]
    NothingToHide {
        /// The source's name.
        source_name: String,
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
