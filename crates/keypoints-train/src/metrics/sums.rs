//! Sums of squared errors, kept apart by label regime and coordinate.

use keypoints_data::{Coordinate, LabelRegime, Labels, NUM_COORDINATES, Tally};

/// Squared errors of predictions against labels; gaps on either side count for nothing.
///
/// Sums and counts are kept and the root is taken at the end, so a short last batch weighs what its labels
/// weigh and no more.
///
/// ```
/// use keypoints_data::{Keypoint, Labels};
/// use keypoints_train::metrics::ErrorSums;
///
/// let truth: Labels = [(Keypoint::NoseTip.x(), 50.0), (Keypoint::NoseTip.y(), 60.0)].into_iter().collect();
/// let guess: Labels = [(Keypoint::NoseTip.x(), 53.0), (Keypoint::NoseTip.y(), 64.0)].into_iter().collect();
/// let mut sums = ErrorSums::default();
/// sums.add(&truth, &guess);
/// assert_eq!(sums.total().rmse(), Some(12.5_f64.sqrt())); // (9 + 16) / 2
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ErrorSums {
    tallies: [[Tally; NUM_COORDINATES]; LabelRegime::ALL.len()],
}

impl ErrorSums {
    /// Counts one face. The regime is the one of `truth`.
    pub fn add(&mut self, truth: &Labels, prediction: &Labels) {
        let tallies = &mut self.tallies[truth.regime() as usize];
        for (coordinate, label) in truth.present() {
            if let Some(predicted) = prediction.get(coordinate) {
                tallies[coordinate.index()] += Tally::of(f64::from(predicted) - f64::from(label));
            }
        }
    }

    /// One coordinate in one regime.
    pub fn cell(&self, regime: LabelRegime, coordinate: Coordinate) -> Tally {
        self.tallies[regime as usize][coordinate.index()]
    }

    /// All labels of a regime.
    pub fn regime(&self, regime: LabelRegime) -> Tally {
        self.tallies[regime as usize].iter().copied().sum()
    }

    /// One coordinate in both regimes.
    pub fn coordinate(&self, coordinate: Coordinate) -> Tally {
        LabelRegime::ALL.into_iter().map(|regime| self.cell(regime, coordinate)).sum()
    }

    /// All labels.
    pub fn total(&self) -> Tally {
        LabelRegime::ALL.into_iter().map(|regime| self.regime(regime)).sum()
    }
}
