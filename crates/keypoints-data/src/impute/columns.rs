//! One number per column, the same for every row.

use super::FittedImputer;
use crate::keypoint::{Coordinate, NUM_COORDINATES};
use crate::labels::Labels;

/// Fills each column's gaps with one value; `None` where the column had no label to learn from.
pub(super) struct ColumnValues([Option<f32>; NUM_COORDINATES]);

impl ColumnValues {
    /// Sums up each column's labels, of which there is at least one, as a number.
    pub(super) fn learn(labels: &[Labels], statistic: impl Fn(Vec<f32>) -> f32) -> Self {
        let mut values = [None; NUM_COORDINATES];
        for (value, coordinate) in values.iter_mut().zip(Coordinate::all()) {
            let column: Vec<f32> = labels.iter().filter_map(|row| row.get(coordinate)).collect();
            *value = (!column.is_empty()).then(|| statistic(column));
        }
        Self(values)
    }
}

impl FittedImputer for ColumnValues {
    fn transform(&self, labels: &[Labels]) -> Vec<Labels> {
        let fill = |row: &Labels| {
            let mut values = self.0;
            for (value, known) in values.iter_mut().zip(row.values()) {
                *value = known.or(*value);
            }
            Labels::new(values)
        };
        labels.iter().map(fill).collect()
    }
}
