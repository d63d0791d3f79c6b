//! Lists of rows that are called suspicious.

use keypoints_data::FaceDataset;

use crate::error::TrainError;

/// Refuses a list that was made for other data, or counted from 0: all but these lists count rows from 0.
pub(crate) fn check_row_numbers(rows: &[usize], dataset: &FaceDataset) -> Result<(), TrainError> {
    match rows.iter().find(|&row| !(1..=dataset.len()).contains(row)) {
        None => Ok(()),
        Some(row) => Err(TrainError::InvalidConfig {
            field: "suspicious_rows",
            expected: "numbers of rows of the data, counted from 1",
            found: format!("{row} with {} rows", dataset.len()),
        }),
    }
}
