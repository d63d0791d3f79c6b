//! One number per column, the same for every row.

use keypoints_core::{Coordinate, Labels};

use super::{FittedImputer, Rows};

/// Fills each column's gaps with one value; `None` where the column had no label to learn from.
pub(super) struct ColumnValues(Vec<Option<f32>>);

impl ColumnValues {
    /// Sums up each column's labels, of which there is at least one, as a number.
    pub(super) fn learn(rows: &Rows<'_>, statistic: impl Fn(Vec<f32>) -> f32) -> Self {
        let value = |coordinate: Coordinate| {
            let column = rows.labels.iter().filter_map(|row| row.get(coordinate));
            let column: Vec<f32> = column.collect();
            (!column.is_empty()).then(|| statistic(column))
        };
        Self(rows.schema.coordinates().map(value).collect())
    }
}

impl FittedImputer for ColumnValues {
    fn transform(&self, rows: &Rows<'_>) -> Vec<Labels> {
        let fill = |row: &Labels| {
            let values = rows.schema.coordinates().zip(&self.0);
            Labels::new(values.map(|(one, value)| row.get(one).or(*value)).collect())
        };
        rows.labels.iter().map(fill).collect()
    }
}
