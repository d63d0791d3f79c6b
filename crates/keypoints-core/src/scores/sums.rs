//! Sums of squared errors by label source and coordinate.

use super::tally::Tally;
use crate::keypoint::Coordinate;
use crate::labels::Labels;
use crate::schema::{Schema, Source};

/// Squared errors of predictions against labels; gaps on either side count for nothing.
///
/// Sums and counts are kept and the root is taken at the end, so a short last batch weighs what its labels
/// weigh and no more.
///
/// ```
/// use keypoints_core::{ErrorSums, Keypoint, Labels, Schema, Source};
///
/// let nose = Keypoint::new(10);
/// let truth: Labels = [(nose.x(), 50.0), (nose.y(), 60.0)].into_iter().collect();
/// let guess: Labels = [(nose.x(), 53.0), (nose.y(), 64.0)].into_iter().collect();
/// let mut sums = ErrorSums::new(&Schema::kaggle15());
/// sums.add(Source::default(), &truth, &guess);
/// assert_eq!(sums.total().rmse(), Some(12.5_f64.sqrt())); // (9 + 16) / 2
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorSums {
    /// Per source, per coordinate.
    tallies: Vec<Vec<Tally>>,
}

impl ErrorSums {
    /// No error yet, of rows with this schema.
    pub fn new(schema: &Schema) -> Self {
        let row = vec![Tally::default(); 2 * schema.len()];
        Self { tallies: vec![row; schema.sources().len()] }
    }

    /// Counts one row, labelled by `source`. Labels beyond the schema count for nothing.
    ///
    /// # Panics
    /// If the schema has no such source.
    pub fn add(&mut self, source: Source, truth: &Labels, prediction: &Labels) {
        let tallies = &mut self.tallies[source.index()];
        for (coordinate, label) in truth.present() {
            if let (Some(predicted), Some(tally)) =
                (prediction.get(coordinate), tallies.get_mut(coordinate.index()))
            {
                *tally += Tally::of(f64::from(predicted) - f64::from(label));
            }
        }
    }

    /// One coordinate of the rows of one source.
    ///
    /// # Panics
    /// If the schema has no such source or coordinate.
    pub fn cell(&self, source: Source, coordinate: Coordinate) -> Tally {
        self.tallies[source.index()][coordinate.index()]
    }

    /// All labels of one source.
    ///
    /// # Panics
    /// If the schema has no such source.
    pub fn source(&self, source: Source) -> Tally {
        self.tallies[source.index()].iter().copied().sum()
    }

    /// One coordinate over all sources.
    ///
    /// # Panics
    /// If the schema has no such coordinate.
    pub fn coordinate(&self, coordinate: Coordinate) -> Tally {
        self.tallies.iter().map(|source| source[coordinate.index()]).sum()
    }

    /// All labels.
    pub fn total(&self) -> Tally {
        self.tallies.iter().map(|source| source.iter().copied().sum::<Tally>()).sum()
    }
}
