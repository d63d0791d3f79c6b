//! Squared errors and how many there are.

use crate::labels::Labels;

/// A sum of squared errors and how many labels went into it.
///
/// Sums and counts are kept and the root is taken at the end, so that parts add up to the whole.
///
/// ```
/// use keypoints_core::Tally;
///
/// let parts = [Tally::of(3.0), Tally::of(-4.0)];
/// let whole: Tally = parts.into_iter().sum();
/// assert_eq!(whole.rmse(), Some(12.5_f64.sqrt()));
/// assert_eq!(Tally::default().rmse(), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Sum of squared errors, in pixels².
    pub squared: f64,
    /// Number of labels.
    pub labels: u64,
}

impl Tally {
    /// The squared error of one label that was missed by so many pixels.
    pub fn of(error: f64) -> Self {
        Self { squared: error * error, labels: 1 }
    }

    /// Sums the squared errors of the labels of one row that the prediction has as well.
    ///
    /// ```
    /// use keypoints_core::{Keypoint, Labels, Tally};
    ///
    /// let at = |x: f32| -> Labels { [(Keypoint::new(0).x(), x)].into_iter().collect() };
    /// assert_eq!(Tally::of_row(&at(40.0), &at(43.0)), Tally::of(3.0));
    /// assert_eq!(Tally::of_row(&at(40.0), &Labels::default()), Tally::default());
    /// ```
    pub fn of_row(truth: &Labels, prediction: &Labels) -> Self {
        let error = |(one, label)| Some(f64::from(prediction.get(one)?) - f64::from(label));
        truth.present().filter_map(error).map(Self::of).sum()
    }

    /// Mean squared error in pixels², or `None` without labels.
    pub fn mse(&self) -> Option<f64> {
        (self.labels > 0).then(|| self.squared / self.labels as f64)
    }

    /// Root mean squared error in pixels, or `None` without labels.
    pub fn rmse(&self) -> Option<f64> {
        self.mse().map(f64::sqrt)
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.squared += other.squared;
        self.labels += other.labels;
    }
}

impl std::iter::Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), |mut sum, tally| {
            sum += tally;
            sum
        })
    }
}
