//! Mean and standard deviation of a number that was measured several times.

use serde::{Deserialize, Serialize};

/// A number that was measured several times.
///
/// ```
/// use keypoints_study::MeanStd;
///
/// let score = MeanStd::of(&[2.0, 4.0]);
/// assert_eq!((score.mean, score.std), (Some(3.0), Some(2.0_f64.sqrt())));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MeanStd {
    /// The mean; `None` without values.
    pub mean: Option<f64>,
    /// The sample standard deviation; `None` of fewer than two values.
    pub std: Option<f64>,
    /// The values themselves.
    pub values: Vec<f64>,
}

impl MeanStd {
    /// Sums up measurements.
    pub fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Self {
            mean: (!values.is_empty()).then_some(mean),
            std: (values.len() > 1).then(|| (squares / (count - 1.0)).sqrt()),
            values: values.to_vec(),
        }
    }

    /// Returns the mean with so many decimals, ± the standard deviation if there is one; an empty text without values.
    pub fn to_text(&self, decimals: usize) -> String {
        match (self.mean, self.std) {
            (Some(mean), Some(std)) => format!("{mean:.decimals$} ± {std:.decimals$}"),
            (mean, _) => number(mean, decimals),
        }
    }
}

/// A number with so many decimals; an empty text if there is none.
pub(crate) fn number(value: Option<f64>, decimals: usize) -> String {
    value.map(|value| format!("{value:.decimals$}")).unwrap_or_default()
}
