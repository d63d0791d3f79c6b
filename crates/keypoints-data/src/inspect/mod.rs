//! What is in the training data: sizes, ranges, gaps, regimes, repeated pictures.

mod summary;
mod table;

use std::collections::BTreeMap;

use serde::Serialize;

pub use summary::{CoordinateSummary, DuplicateSummary, RegimeCounts, ValueRange};

use crate::dataset::FaceDataset;
use crate::keypoint::{Coordinate, IMAGE_SIDE, NUM_COORDINATES};
use crate::label_shift::LabelShifts;

/// Everything one wants to know about `training.csv` before training.
///
/// [`Display`](std::fmt::Display) prints it as tables of at most 80 columns, serde writes it as JSON.
///
/// ```
/// use keypoints_data::{DataReport, FaceDataset, IMAGE_PIXELS, Images, Keypoint, Labels};
///
/// let images = Images::from_pixels(vec![128; 2 * IMAGE_PIXELS]).expect("two faces");
/// let mut labels = [Labels::default(); 2];
/// labels[0].set(Keypoint::NoseTip.x(), Some(44.5));
/// let dataset = FaceDataset::new(images, labels.to_vec()).expect("a label per face");
///
/// let report = DataReport::new(&dataset);
/// assert_eq!(report.rows, 2);
/// assert_eq!(report.coordinate(Keypoint::NoseTip.x()).count, 1);
/// assert_eq!(report.gaps_per_row[&29], 1);
/// assert_eq!(report.duplicates.distinct_pictures, 1);
/// println!("{report}");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DataReport {
    /// Number of faces.
    pub rows: usize,
    /// Columns of the file: the thirty coordinates and the image.
    pub columns: usize,
    /// Width and height of every face in pixels.
    pub image_side: usize,
    /// Grey values over all faces, `0..=255`; `None` without faces.
    pub pixels: Option<ValueRange>,
    /// The thirty coordinates in column order.
    pub coordinates: Vec<CoordinateSummary>,
    /// How many rows lack so many of their thirty coordinates; only counts that occur.
    pub gaps_per_row: BTreeMap<usize, usize>,
    /// Rows with all thirty coordinates.
    pub complete_rows: usize,
    /// Rows of each label regime.
    pub regimes: RegimeCounts,
    /// How far to the right of the faces their labels lie.
    pub label_shifts: LabelShifts,
    /// Pictures that occur more than once.
    pub duplicates: DuplicateSummary,
}

impl DataReport {
    /// Looks at every row and every picture.
    pub fn new(dataset: &FaceDataset) -> Self {
        let mut gaps_per_row = BTreeMap::new();
        for labels in dataset.labels() {
            *gaps_per_row.entry(labels.gaps()).or_default() += 1;
        }
        Self {
            rows: dataset.len(),
            columns: NUM_COORDINATES + 1,
            image_side: IMAGE_SIDE,
            pixels: summary::pixel_range(dataset.images()),
            coordinates: Coordinate::all()
                .map(|coordinate| CoordinateSummary::new(coordinate, dataset.labels()))
                .collect(),
            complete_rows: gaps_per_row.get(&0).copied().unwrap_or(0),
            gaps_per_row,
            regimes: RegimeCounts::new(dataset),
            label_shifts: LabelShifts::measure(dataset, 0..dataset.len()),
            duplicates: DuplicateSummary::new(dataset),
        }
    }

    /// The line about one coordinate.
    pub fn coordinate(&self, coordinate: Coordinate) -> &CoordinateSummary {
        &self.coordinates[coordinate.index()]
    }
}

#[cfg(test)]
mod tests;
