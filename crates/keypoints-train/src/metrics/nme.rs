//! Errors relative to the size of the face.

use keypoints_data::{Keypoint, Labels};
use serde::{Deserialize, Serialize};

/// A face whose normalised mean error is larger counts as a failure: a tenth of the distance between the eyes, the usual
/// threshold of landmark benchmarks.
pub const FAILURE_THRESHOLD: f64 = 0.1;

/// The mean distance between predicted and labelled keypoints of one face, as a share of the distance between the labelled eye
/// centres. `None` where an eye centre is not labelled, or nothing can be compared.
///
/// The literature divides by the distance between the eye centres or between the outer eye corners; two thirds of these faces
/// have no eye corners labelled, so it is the centres here.
///
/// ```
/// use keypoints_data::{Keypoint, Labels, Point};
/// use keypoints_train::metrics::normalised_mean_error;
///
/// let mut truth = Labels::default();
/// truth.set_point(Keypoint::LeftEyeCenter, Point { x: 66.0, y: 40.0 });
/// truth.set_point(Keypoint::RightEyeCenter, Point { x: 30.0, y: 40.0 }); // 36 pixels apart
/// let mut guess = truth;
/// guess.set_point(Keypoint::LeftEyeCenter, Point { x: 66.0, y: 43.6 }); // 3.6 off, the other 0
/// let error = normalised_mean_error(&truth, &guess);
/// assert!((error.unwrap_or_default() - 0.05).abs() < 1e-6);
/// ```
pub fn normalised_mean_error(truth: &Labels, prediction: &Labels) -> Option<f64> {
    let left = truth.point(Keypoint::LeftEyeCenter)?;
    let right = truth.point(Keypoint::RightEyeCenter)?;
    let between = f64::from(left.x - right.x).hypot(f64::from(left.y - right.y));
    let distances: Vec<f64> = truth
        .points()
        .filter_map(|(keypoint, label)| {
            let found = prediction.point(keypoint)?;
            Some(f64::from(found.x - label.x).hypot(f64::from(found.y - label.y)))
        })
        .collect();
    let mean = distances.iter().sum::<f64>() / distances.len() as f64;
    (between > 0.0 && !distances.is_empty()).then(|| mean / between)
}

/// How the normalised mean errors of many faces are spread.
///
/// ```
/// use keypoints_train::metrics::NmeReport;
///
/// let report = NmeReport::of(&[0.02, 0.04, 0.3]);
/// assert_eq!(report.faces, 3);
/// assert!((report.failure_rate - 1.0 / 3.0).abs() < 1e-12);
/// assert!((report.auc - (0.8 + 0.6 + 0.0) / 3.0).abs() < 1e-12);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NmeReport {
    /// Mean over the faces, as a share of the distance between the eyes.
    pub mean: f64,
    /// Share of the faces above [`FAILURE_THRESHOLD`].
    pub failure_rate: f64,
    /// Area under the cumulative error curve up to the threshold, from 0 to 1, 1 being best.
    pub auc: f64,
    /// Faces measured.
    pub faces: usize,
}

impl NmeReport {
    /// Sums up the errors of single faces; all zeros for none.
    pub fn of(errors: &[f64]) -> Self {
        if errors.is_empty() {
            return Self::default();
        }
        let mean =
            |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / errors.len() as f64;
        let failed = |&error: &f64| f64::from(u8::from(error > FAILURE_THRESHOLD));
        // A face with error e lies under the curve from e on.
        let under = |&error: &f64| (1.0 - error / FAILURE_THRESHOLD).max(0.0);
        Self {
            mean: mean(&mut errors.iter().copied()),
            failure_rate: mean(&mut errors.iter().map(failed)),
            auc: mean(&mut errors.iter().map(under)),
            faces: errors.len(),
        }
    }
}
