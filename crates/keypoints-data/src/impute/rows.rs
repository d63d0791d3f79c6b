//! What an imputer sees.

use keypoints_core::{Dataset, Labels, Schema, Source};

/// Rows of labels in the order of the file, without their pictures: what an imputer learns from and fills.
///
/// ```
/// use keypoints_core::{Labels, Schema, Source};
/// use keypoints_data::impute::Rows;
///
/// let schema = Schema::kaggle15();
/// let labels = [Labels::default(), Labels::default()];
/// let rows = Rows { schema: &schema, side: 96, labels: &labels, sources: &[Source::default(); 2] };
/// assert_eq!(rows.width(), 30);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// What the labels mean.
    pub schema: &'a Schema,
    /// Side of the pictures in pixels.
    pub side: usize,
    /// The labels.
    pub labels: &'a [Labels],
    /// Who labelled each row, one entry per row of labels.
    pub sources: &'a [Source],
}

impl<'a> Rows<'a> {
    /// All rows of a dataset.
    pub fn of(dataset: &'a Dataset) -> Self {
        Self {
            schema: dataset.schema(),
            side: dataset.pictures().shape().side,
            labels: dataset.labels(),
            sources: dataset.sources(),
        }
    }

    /// The same rows with other labels, as many as there were.
    #[must_use]
    pub fn with_labels(self, labels: &'a [Labels]) -> Self {
        Self { labels, ..self }
    }

    /// Coordinates of the schema.
    pub fn width(&self) -> usize {
        2 * self.schema.len()
    }

    /// Whether nothing is missing in a row.
    pub(super) fn is_complete(&self, row: usize) -> bool {
        self.labels[row].count() == self.width()
    }
}
