//! The scores of a prediction.

use serde::{Deserialize, Serialize};

use super::sums::ErrorSums;
use crate::keypoint::Keypoint;
use crate::labels::Labels;
use crate::named::Named;
use crate::schema::{Schema, Source};

/// How far predictions lie from labels, in pixels. A part without labels is `None`.
///
/// ```
/// use keypoints_core::{ErrorReport, Labels, Schema, kaggle15};
///
/// let at = |x: f32| -> Labels { [(kaggle15::NOSE_TIP.x(), x)].into_iter().collect() };
/// let sources = [kaggle15::FOUR_POINT];
/// let report = ErrorReport::compare(&Schema::kaggle15(), &sources, &[at(50.0)], &[at(52.0)]);
/// assert_eq!((report.rmse, report.labels), (Some(2.0), 1));
/// assert_eq!(report.source("four_point"), Some(2.0));
/// assert_eq!(report.weighted_rmse, None); // there is no row of the source `full`
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ErrorReport {
    /// Root mean squared error over all labels.
    pub rmse: Option<f64>,
    /// `√(Σ weight · MSE)` over the label sources. Needs a schema with weights, and labels of every source.
    pub weighted_rmse: Option<f64>,
    /// Root mean squared error of each label source that has labels; empty where the schema has only one source.
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    pub sources: Named<f64>,
    /// Per keypoint, over both its coordinates and all sources. Keypoints without labels are left out.
    pub per_keypoint: Named<f64>,
    /// How many labels were compared.
    pub labels: u64,
}

impl ErrorReport {
    /// Scores predictions against labels, row by row. `sources` says who labelled each row.
    ///
    /// # Panics
    /// If the schema has no such source.
    pub fn compare(
        schema: &Schema,
        sources: &[Source],
        truth: &[Labels],
        predictions: &[Labels],
    ) -> Self {
        let mut sums = ErrorSums::new(schema);
        for ((&source, truth), prediction) in sources.iter().zip(truth).zip(predictions) {
            sums.add(source, truth, prediction);
        }
        Self::of(schema, &sums)
    }

    /// The scores that follow from sums of errors with the same schema.
    pub fn of(schema: &Schema, sums: &ErrorSums) -> Self {
        let source = |source: Source| {
            Some((schema.source(source).name().to_owned(), sums.source(source).rmse()?))
        };
        let sources = schema.source_indices().filter(|_| schema.sources().len() > 1);
        let keypoint = |keypoint: Keypoint| {
            let both = [keypoint.x(), keypoint.y()].map(|one| sums.coordinate(one));
            let tally: super::Tally = both.into_iter().sum();
            Some((schema.name_of(keypoint).to_owned(), tally.rmse()?))
        };
        Self {
            rmse: sums.total().rmse(),
            weighted_rmse: weighted_mse(schema, sums).map(f64::sqrt),
            sources: sources.filter_map(source).collect(),
            per_keypoint: schema.keypoints().filter_map(keypoint).collect(),
            labels: sums.total().labels,
        }
    }

    /// The number by which epochs and runs are compared: weighted if there is such a score, else over all labels.
    pub fn score(&self) -> Option<f64> {
        self.weighted_rmse.or(self.rmse)
    }

    /// The root mean squared error of the rows of a label source.
    pub fn source(&self, name: &str) -> Option<f64> {
        self.sources.get(name).copied()
    }
}

/// The mean squared errors of all label sources by their weights; `None` where one is missing.
pub(super) fn weighted_mse(schema: &Schema, sums: &ErrorSums) -> Option<f64> {
    let weights = schema.weights()?;
    let share = |(source, weight): (Source, f64)| Some(weight * sums.source(source).mse()?);
    schema.source_indices().zip(weights).map(share).sum()
}

#[cfg(test)]
mod tests;
