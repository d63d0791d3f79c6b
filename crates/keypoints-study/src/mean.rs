//! Means of what was measured or predicted several times.

use keypoints_core::{Coordinate, Labels};
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

/// The mean prediction for every face, coordinate by coordinate; `predictions` has a list of all faces per predictor. Where some have
/// no value, it is the mean of the others.
pub(crate) fn mean_of_all(predictions: &[Vec<Labels>]) -> Vec<Labels> {
    let of_face = |face: usize| -> Labels {
        let end = predictions.iter().map(|all| all[face].end()).max().unwrap_or_default();
        let mean = |coordinate: Coordinate| {
            let known = predictions.iter().filter_map(|all| all[face].get(coordinate));
            let mean = MeanStd::of(&known.map(f64::from).collect::<Vec<_>>()).mean?;
            Some((coordinate, mean as f32))
        };
        Coordinate::all(end.div_ceil(2)).filter_map(mean).collect()
    };
    (0..predictions.first().map_or(0, Vec::len)).map(of_face).collect()
}
