//! Scores of held-out predictions: the only place that knows which scores there are.

use std::fmt;

use keypoints_core::{
    Dataset, ErrorReport, Labels, NmeReport, Source, influences, normalised_mean_error,
    standard_error,
};
use keypoints_train::{HeldOutPredictions, HeldOutRow};
use serde::{Deserialize, Serialize};

use crate::error::{StudyError, require};

/// The name of the score that ranks: of [`ErrorReport::score`], the root mean squared error weighted by label sources where the
/// schema has weights.
pub const SCORE: &str = "RMSE, px";

/// The name of the score of the rows of one label source.
pub(crate) fn source_score(source: &str) -> String {
    format!("{source}, px")
}

/// First-order change of the scores of a cell when a face is counted twice, in pixels: see
/// [`influences`](keypoints_core::influences).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Influence {
    /// Row of the dataset, counted from 1.
    pub row: usize,
    /// On the score over all held-out rows.
    pub raw: f64,
    /// On the score without suspicious rows; 0 for one of them.
    pub clean: f64,
}

impl Influence {
    /// The standard error over the faces of what the influences are on; `None` without any.
    pub(crate) fn error(all: &[Self], of: fn(&Self) -> f64) -> Option<f64> {
        let all: Vec<f64> = all.iter().map(of).collect();
        (!all.is_empty()).then(|| standard_error(&all))
    }
}

/// The row and, in brackets, its influence without suspicious rows: `5118 (+0.084)`.
impl fmt::Display for Influence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({:+.3})", self.row, self.clean)
    }
}

/// The scores of predictions for held-out rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Scores {
    /// Held-out rows.
    pub faces: usize,
    /// How many of them are called suspicious.
    pub suspicious: usize,
    /// The scores on all rows.
    pub raw: ErrorReport,
    /// The scores without suspicious rows.
    pub clean: ErrorReport,
    /// The normalised mean error over all rows whose unit points are labelled.
    pub nme: NmeReport,
    /// That error of every such face, ascending: the cumulative error curve.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub face_errors: Vec<f64>,
    /// The influence of each face on the scores, in the order of the rows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub influences: Vec<Influence>,
}

/// Refuses a list of suspicious rows that was made for other data, or that counts from 0: only these lists count rows from 1.
pub(crate) fn check_suspicious(rows: &[usize], dataset: &Dataset) -> Result<(), StudyError> {
    for row in rows {
        let expected = "numbers of rows of the data, counted from 1";
        let found = format!("{row} with {} rows", dataset.len());
        require((1..=dataset.len()).contains(row), "suspicious_rows", expected, found)?;
    }
    Ok(())
}

impl Scores {
    /// Scores predictions. Rows that the dataset does not have are left out.
    pub(crate) fn of(
        predictions: &HeldOutPredictions,
        dataset: &Dataset,
        suspicious: &[usize],
    ) -> Self {
        let is_clean = |one: &HeldOutRow| !suspicious.contains(&(one.row + 1));
        let known = predictions.rows.iter().filter(|one| one.row < dataset.len());
        let rows: Vec<&HeldOutRow> = known.collect();
        let kept: Vec<&HeldOutRow> = rows.iter().copied().filter(|one| is_clean(one)).collect();
        let (raw, of_raw) = compare(&rows, dataset);
        let (clean, of_clean) = compare(&kept, dataset);
        let error = |one: &&HeldOutRow| {
            normalised_mean_error(dataset.schema(), &dataset.labels()[one.row], &one.prediction)
        };
        let mut face_errors: Vec<f64> = rows.iter().filter_map(error).collect();
        face_errors.sort_by(f64::total_cmp);
        let mut of_clean = of_clean.into_iter();
        let influence = |(one, raw): (&&HeldOutRow, f64)| {
            let clean = if is_clean(one) { of_clean.next() } else { None };
            Influence { row: one.row + 1, raw, clean: clean.unwrap_or_default() }
        };
        Self {
            faces: rows.len(),
            suspicious: rows.len() - kept.len(),
            influences: rows.iter().zip(of_raw).map(influence).collect(),
            raw,
            clean,
            nme: NmeReport::of(&face_errors),
            face_errors,
        }
    }

    /// The scores without suspicious rows; `None` where no row is called suspicious.
    pub(crate) fn without_suspicious(&self) -> Option<&ErrorReport> {
        (self.suspicious > 0).then_some(&self.clean)
    }

    /// Drops what is known of single faces.
    pub(crate) fn forget_faces(&mut self) {
        self.face_errors.clear();
        self.influences.clear();
    }
}

/// Returns the scores of rows, and the influence of each on them; no influences where a score has none.
fn compare(rows: &[&HeldOutRow], dataset: &Dataset) -> (ErrorReport, Vec<f64>) {
    let schema = dataset.schema();
    let sources: Vec<Source> = rows.iter().map(|one| dataset.sources()[one.row]).collect();
    let truth: Vec<Labels> = rows.iter().map(|one| dataset.labels()[one.row].clone()).collect();
    let found: Vec<Labels> = rows.iter().map(|one| one.prediction.clone()).collect();
    let influences = influences(schema, &sources, &truth, &found).unwrap_or_default();
    (ErrorReport::compare(schema, &sources, &truth, &found), influences)
}
