//! What is in the training data: sizes, ranges, gaps, label sources, repeated pictures.

mod summary;
mod table;
mod warnings;

use std::collections::BTreeMap;

use keypoints_core::{Coordinate, Dataset, LabelShifts, Named, PictureShape};
use serde::Serialize;

pub use summary::{CoordinateSummary, DuplicateSummary, ValueRange};
pub use warnings::{ColumnCount, LabelFault, LabelWarning};

/// What to know about labelled pictures before training.
///
/// [`Display`](std::fmt::Display) prints it as tables, serde writes it as JSON.
///
/// ```
/// use keypoints_core::{Labels, Pictures, kaggle15};
/// use keypoints_data::DataReport;
///
/// let pictures = Pictures::new(kaggle15::SHAPE, vec![128; 2 * 9216]).ok_or("two faces")?;
/// let nose = kaggle15::NOSE_TIP.x();
/// let labels = vec![[(nose, 44.5)].into_iter().collect(), Labels::default()];
/// let report = DataReport::new(&keypoints_data::kaggle::dataset(pictures, labels)?);
/// assert_eq!(report.rows, 2);
/// assert_eq!(report.coordinate(nose).count, 1);
/// assert_eq!(report.gaps_per_row[&29], 1);
/// assert_eq!(report.duplicates.distinct_pictures, 1);
/// println!("{report}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DataReport {
    /// Name of the schema.
    pub schema: String,
    /// Number of rows.
    pub rows: usize,
    /// Side and channels of every picture.
    pub pictures: PictureShape,
    /// Pixel values over all pictures, `0..=255`; `None` without pictures.
    pub pixels: Option<ValueRange>,
    /// All coordinates in the schema's order.
    pub coordinates: Vec<CoordinateSummary>,
    /// How many rows lack so many coordinates; only counts that occur.
    pub gaps_per_row: BTreeMap<usize, usize>,
    /// Rows without a gap.
    pub complete_rows: usize,
    /// Rows of each label source.
    pub sources: Named<usize>,
    /// How far to the right of the objects the labels of each source lie, in pixels; empty where that cannot be measured.
    pub label_shifts: Named<f32>,
    /// Pictures that occur more than once.
    pub duplicates: DuplicateSummary,
    /// Labels that look wrong.
    pub warnings: Vec<LabelWarning>,
}

impl DataReport {
    /// Looks at every row and every picture.
    pub fn new(dataset: &Dataset) -> Self {
        let schema = dataset.schema();
        let mut gaps_per_row = BTreeMap::new();
        for labels in dataset.labels() {
            *gaps_per_row.entry(2 * schema.len() - labels.count()).or_default() += 1;
        }
        let names = || schema.sources().iter().map(|source| source.name().to_owned());
        let summary = |coordinate| CoordinateSummary::new(schema, coordinate, dataset.labels());
        let shifts = LabelShifts::measure(dataset, 0..dataset.len());
        Self {
            schema: schema.name().to_owned(),
            rows: dataset.len(),
            pictures: dataset.pictures().shape(),
            pixels: summary::pixel_range(dataset.pictures()),
            coordinates: schema.coordinates().map(summary).collect(),
            complete_rows: gaps_per_row.get(&0).copied().unwrap_or(0),
            gaps_per_row,
            sources: names().zip(dataset.rows_by_source()).collect(),
            label_shifts: names().zip(shifts.pixels().iter().copied()).collect(),
            duplicates: DuplicateSummary::new(dataset),
            warnings: LabelWarning::of(dataset),
        }
    }

    /// The line about one coordinate.
    ///
    /// # Panics
    /// If the schema has no such coordinate.
    pub fn coordinate(&self, coordinate: Coordinate) -> &CoordinateSummary {
        &self.coordinates[coordinate.index()]
    }
}

#[cfg(test)]
mod tests;
