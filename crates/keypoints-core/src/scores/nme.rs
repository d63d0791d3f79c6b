//! Errors relative to the size of the object.

use serde::{Deserialize, Serialize};

use crate::labels::Labels;
use crate::schema::Schema;

/// A row whose normalised mean error is larger counts as a failure: a tenth of the unit, the usual threshold of landmark
/// benchmarks.
pub const FAILURE_THRESHOLD: f64 = 0.1;

/// The stricter threshold that some benchmarks use.
const STRICT_THRESHOLD: f64 = 0.08;

/// The mean distance between predicted and labelled keypoints of one row, as a share of the distance between the two
/// [unit points](Schema::unit) as labelled. `None` where the schema has no unit, a unit point is not labelled, or nothing
/// can be compared.
///
/// ```
/// use keypoints_core::kaggle15::{LEFT_EYE_CENTER, RIGHT_EYE_CENTER};
/// use keypoints_core::{Labels, Point, Schema, normalised_mean_error};
///
/// let mut truth = Labels::default();
/// truth.set_point(LEFT_EYE_CENTER, Point { x: 66.0, y: 40.0 });
/// truth.set_point(RIGHT_EYE_CENTER, Point { x: 30.0, y: 40.0 }); // 36 pixels apart
/// let mut guess = truth.clone();
/// guess.set_point(LEFT_EYE_CENTER, Point { x: 66.0, y: 43.6 }); // 3.6 off, the other 0
/// let error = normalised_mean_error(&Schema::kaggle15(), &truth, &guess);
/// assert!((error.unwrap_or_default() - 0.05).abs() < 1e-6);
/// ```
pub fn normalised_mean_error(schema: &Schema, truth: &Labels, prediction: &Labels) -> Option<f64> {
    let [one, other] = schema.unit()?;
    let unit = truth.point(one)?.distance(truth.point(other)?);
    let distance = |(keypoint, label)| Some(prediction.point(keypoint)?.distance(label));
    let distances: Vec<f64> = truth.points().filter_map(distance).collect();
    let mean = distances.iter().sum::<f64>() / distances.len() as f64;
    (unit > 0.0 && !distances.is_empty()).then(|| mean / unit)
}

/// Mean, median, failure rates and areas under the curve of the normalised mean errors of many rows.
///
/// ```
/// use keypoints_core::NmeReport;
///
/// let report = NmeReport::of(&[0.02, 0.04, 0.3]);
/// assert_eq!(report.rows, 3);
/// assert!((report.failure_rate - 1.0 / 3.0).abs() < 1e-12);
/// assert!((report.auc - (0.8 + 0.6 + 0.0) / 3.0).abs() < 1e-12);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NmeReport {
    /// Mean over the rows, as a share of the unit.
    pub mean: f64,
    /// Median of the rows.
    pub median: f64,
    /// Share of the rows above [`FAILURE_THRESHOLD`].
    pub failure_rate: f64,
    /// Area under the cumulative error curve up to the threshold, from 0 to 1, 1 being best.
    pub auc: f64,
    /// Share of the rows above 8 % of the unit.
    pub failure_rate_8: f64,
    /// Area under the curve up to 8 % of the unit.
    pub auc_8: f64,
    /// Rows measured.
    #[serde(alias = "faces")]
    pub rows: usize,
}

impl NmeReport {
    /// Sums up the errors of single rows; all zeros for none.
    pub fn of(errors: &[f64]) -> Self {
        if errors.is_empty() {
            return Self::default();
        }
        let mean =
            |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / errors.len() as f64;
        let failed =
            |limit: f64| mean(&mut errors.iter().map(|&error| f64::from(u8::from(error > limit))));
        // A row with error e lies under the curve from e on.
        let under =
            |limit: f64| mean(&mut errors.iter().map(|&error| (1.0 - error / limit).max(0.0)));
        let mut sorted = errors.to_vec();
        sorted.sort_by(f64::total_cmp);
        let middle = [sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2]];
        Self {
            mean: mean(&mut errors.iter().copied()),
            median: (middle[0] + middle[1]) / 2.0,
            failure_rate: failed(FAILURE_THRESHOLD),
            auc: under(FAILURE_THRESHOLD),
            failure_rate_8: failed(STRICT_THRESHOLD),
            auc_8: under(STRICT_THRESHOLD),
            rows: errors.len(),
        }
    }
}
