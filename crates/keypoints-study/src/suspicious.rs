//! Lists of suspicious rows.

use keypoints_data::FaceDataset;

use crate::error::StudyError;

/// Refuses a list that was made for other data, or that counts from 0: only these lists count rows from 1.
pub(crate) fn check_row_numbers(rows: &[usize], dataset: &FaceDataset) -> Result<(), StudyError> {
    match rows.iter().find(|&row| !(1..=dataset.len()).contains(row)) {
        None => Ok(()),
        Some(&row) => Err(StudyError::NoSuchRow { row, rows: dataset.len() }),
    }
}
