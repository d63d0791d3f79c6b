//! The scores of a prediction.

use std::collections::BTreeMap;

use keypoints_data::{Keypoint, LabelRegime, Labels};
use serde::{Deserialize, Serialize};

use super::sums::ErrorSums;

/// Share of the competition's test labels that ask for a fully labelled face: 17,592 of 27,124 requests.
pub const TEST_SHARE_FULL: f64 = 0.6486;

/// How far predictions lie from labels, in pixels. A part without labels is `None`.
///
/// ```
/// use keypoints_data::{Keypoint, Labels};
/// use keypoints_train::metrics::ErrorReport;
///
/// let truth: Labels = [(Keypoint::NoseTip.x(), 50.0)].into_iter().collect();
/// let guess: Labels = [(Keypoint::NoseTip.x(), 52.0)].into_iter().collect();
/// let report = ErrorReport::compare(&[truth], &[guess]);
/// assert_eq!((report.rmse, report.labels), (Some(2.0), 1));
/// assert_eq!(report.weighted_rmse, None); // no face of the full regime was seen
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ErrorReport {
    /// Root mean squared error over all labels.
    pub rmse: Option<f64>,
    /// The score as the test set weighs it: `√(.6486·MSE_full + .3514·MSE_four_point)`; needs both regimes.
    pub weighted_rmse: Option<f64>,
    /// Over the labels of fully labelled faces.
    pub rmse_full: Option<f64>,
    /// Over the labels of four-point faces.
    pub rmse_four_point: Option<f64>,
    /// Per keypoint, over both its coordinates and both regimes. Keypoints without labels are left out.
    pub per_keypoint: BTreeMap<Keypoint, f64>,
    /// How many labels were compared.
    pub labels: u64,
}

impl ErrorReport {
    /// Scores predictions against labels, face by face.
    pub fn compare(truth: &[Labels], predictions: &[Labels]) -> Self {
        let mut sums = ErrorSums::default();
        for (truth, prediction) in truth.iter().zip(predictions) {
            sums.add(truth, prediction);
        }
        Self::from(&sums)
    }

    /// The number by which epochs and runs are compared: weighted if there is such a score, else over all labels.
    pub fn score(&self) -> Option<f64> {
        self.weighted_rmse.or(self.rmse)
    }
}

/// The mean squared errors of both regimes, weighted as the test set does.
pub(super) fn weighted_mse(full: f64, four_point: f64) -> f64 {
    TEST_SHARE_FULL * full + (1.0 - TEST_SHARE_FULL) * four_point
}

impl From<&ErrorSums> for ErrorReport {
    fn from(sums: &ErrorSums) -> Self {
        let full = sums.regime(LabelRegime::Full);
        let four_point = sums.regime(LabelRegime::FourPoint);
        let keypoint = |keypoint: Keypoint| {
            let tally = [keypoint.x(), keypoint.y()].map(|c| sums.coordinate(c)).into_iter().sum();
            Some((keypoint, super::Tally::rmse(&tally)?))
        };
        Self {
            rmse: sums.total().rmse(),
            weighted_rmse: full.mse().zip(four_point.mse()).map(|(a, b)| weighted_mse(a, b).sqrt()),
            rmse_full: full.rmse(),
            rmse_four_point: four_point.rmse(),
            per_keypoint: Keypoint::ALL.into_iter().filter_map(keypoint).collect(),
            labels: sums.total().labels,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keypoints_data::Coordinate;

    /// A full face that is off by `error` everywhere, and a four-point face likewise.
    fn pair(count: usize, error: f32) -> (Labels, Labels) {
        let coordinates: Vec<Coordinate> = if count == 8 {
            Keypoint::FOUR_POINT.into_iter().flat_map(|k| [k.x(), k.y()]).collect()
        } else {
            Coordinate::all().take(count).collect()
        };
        let truth = coordinates.iter().map(|&c| (c, 40.0)).collect();
        let guess = Coordinate::all().map(|c| (c, 40.0 + error)).collect();
        (truth, guess)
    }

    #[test]
    fn weighs_regimes_as_the_test_set_does() {
        let (full, guess_full) = pair(30, 1.0);
        let (four, guess_four) = pair(8, 3.0);
        let report = ErrorReport::compare(&[full, four], &[guess_full, guess_four]);
        assert_eq!(report.rmse_full, Some(1.0));
        assert_eq!(report.rmse_four_point, Some(3.0));
        // 30 labels off by 1 and 8 labels off by 3: (30 + 72) / 38.
        assert!((report.rmse.unwrap() - (102.0_f64 / 38.0).sqrt()).abs() < 1e-12);
        let weighted = (0.6486 * 1.0 + 0.3514 * 9.0_f64).sqrt();
        assert!((report.weighted_rmse.unwrap() - weighted).abs() < 1e-12);
        // The nose tip: 2 labels off by 1, 2 off by 3. An eye corner only by 1.
        assert!((report.per_keypoint[&Keypoint::NoseTip] - 5.0_f64.sqrt()).abs() < 1e-12);
        assert_eq!(report.per_keypoint[&Keypoint::LeftEyeInnerCorner], 1.0);
        assert_eq!(report.labels, 38);
    }

    #[test]
    fn unequal_batches_count_by_labels() {
        // A batch of 30 labels and a batch of 1: the mean of the two batch means would be (1 + 16) / 2.
        let mut sums = ErrorSums::default();
        let (truth, guess) = pair(30, 1.0);
        sums.add(&truth, &guess);
        let (truth, guess) = pair(1, 4.0);
        sums.add(&truth, &guess);
        assert!((sums.total().mse().unwrap() - 46.0 / 31.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_to_compare_gives_no_number() {
        let report = ErrorReport::compare(&[Labels::default()], &[Labels::default()]);
        assert_eq!(report, ErrorReport::default());
    }
}
