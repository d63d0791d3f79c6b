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
mod tests {
    use super::*;
    use crate::kaggle15::{FOUR_POINT, FOUR_POINTS, FULL, LEFT_EYE_INNER_CORNER, NOSE_TIP};
    use crate::keypoint::Coordinate;

    /// A row that is off by `error` everywhere, with the labels of `count` coordinates.
    fn pair(count: usize, error: f32) -> (Labels, Labels) {
        let coordinates: Vec<Coordinate> = if count == 8 {
            FOUR_POINTS.into_iter().flat_map(|k| [k.x(), k.y()]).collect()
        } else {
            Coordinate::all(15).take(count).collect()
        };
        let truth = coordinates.iter().map(|&c| (c, 40.0)).collect();
        let guess = Coordinate::all(15).map(|c| (c, 40.0 + error)).collect();
        (truth, guess)
    }

    #[test]
    fn sources_count_by_their_weights() {
        let schema = Schema::kaggle15();
        let (full, guess_full) = pair(30, 1.0);
        let (four, guess_four) = pair(8, 3.0);
        let (truth, guess) = ([full, four], [guess_full, guess_four]);
        let report = ErrorReport::compare(&schema, &[FULL, FOUR_POINT], &truth, &guess);
        assert_eq!(report.source("full"), Some(1.0));
        assert_eq!(report.source("four_point"), Some(3.0));
        // 30 labels off by 1 and 8 labels off by 3: (30 + 72) / 38.
        assert!((report.rmse.unwrap() - (102.0_f64 / 38.0).sqrt()).abs() < 1e-12);
        let weighted = (0.6486 * 1.0 + 0.3514 * 9.0_f64).sqrt();
        assert!((report.weighted_rmse.unwrap() - weighted).abs() < 1e-12);
        // The nose tip: 2 labels off by 1, 2 off by 3. An eye corner only by 1.
        let of = |keypoint| *report.per_keypoint.get(schema.name_of(keypoint)).unwrap();
        assert!((of(NOSE_TIP) - 5.0_f64.sqrt()).abs() < 1e-12);
        assert_eq!(of(LEFT_EYE_INNER_CORNER), 1.0);
        assert_eq!(report.labels, 38);
    }

    #[test]
    fn a_schema_with_one_source_has_one_score() {
        let schema = Schema::new("two", ["a", "b"]).unwrap();
        let (truth, guess) = pair(4, 2.0);
        let report = ErrorReport::compare(&schema, &[Source::default()], &[truth], &[guess]);
        assert_eq!(
            (report.rmse, report.weighted_rmse, report.score()),
            (Some(2.0), None, Some(2.0))
        );
        assert!(report.sources.is_empty());
    }

    #[test]
    fn unequal_batches_count_by_labels() {
        // A batch of 30 labels and a batch of 1: the mean of the two batch means would be (1 + 16) / 2.
        let mut sums = ErrorSums::new(&Schema::kaggle15());
        let (truth, guess) = pair(30, 1.0);
        sums.add(FULL, &truth, &guess);
        let (truth, guess) = pair(1, 4.0);
        sums.add(FOUR_POINT, &truth, &guess);
        assert!((sums.total().mse().unwrap() - 46.0 / 31.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_to_compare_gives_no_number() {
        let empty = [Labels::default()];
        let report = ErrorReport::compare(&Schema::kaggle15(), &[FULL], &empty, &empty);
        assert_eq!(report, ErrorReport::default());
    }
}
