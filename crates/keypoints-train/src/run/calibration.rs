//! `calibration.json`: what the spread of heat maps says of the distance to labels, measured on held-out rows.

use keypoints_core::{Dataset, Keypoint};
use keypoints_predict::{Calibration, CalibrationPoint};

use super::folder::{RunFolder, read_json};
use super::predictions::{HeldOutPredictions, HeldOutRow};
use crate::error::TrainError;

impl HeldOutPredictions {
    /// The held-out points that have a label and a heat map: how wide the map is, and how far the prediction lies from the label.
    pub fn calibration_points(&self, dataset: &Dataset) -> Vec<CalibrationPoint> {
        let of_row = |one: &HeldOutRow| {
            let (row, labels) = (one.clone(), &dataset.labels()[one.row]);
            let point = move |keypoint: Keypoint| {
                let spread = *row.spread.as_ref()?.get(&keypoint)?;
                let (found, label) = row.prediction.point(keypoint).zip(labels.point(keypoint))?;
                let distance = (found.x - label.x).hypot(found.y - label.y);
                Some(CalibrationPoint { source: row.source, spread, distance })
            };
            dataset.schema().keypoints().filter_map(point).collect::<Vec<_>>()
        };
        self.rows.iter().flat_map(of_row).collect()
    }

    /// The calibration by these rows; `None` without heat maps, or with fewer than a hundred labelled points.
    pub fn calibration(&self, dataset: &Dataset) -> Option<Calibration> {
        Calibration::fit(dataset.schema(), &self.calibration_points(dataset))
    }
}

impl RunFolder {
    /// The calibration of the run, if it has one.
    ///
    /// # Errors
    /// [`TrainError::Io`] or [`TrainError::BadRunFile`] with the file.
    pub fn calibration(&self) -> Result<Option<Calibration>, TrainError> {
        let path = self.calibration_path();
        if !path.exists() {
            return Ok(None);
        }
        read_json(&path, "a calibration: spreads and distances by label source").map(Some)
    }
}
