//! Scores of held-out predictions: the only place that knows which scores there are.

use std::fmt;

use keypoints_core::{
    Dataset, ErrorReport, Labels, NmeReport, Schema, Source, influences, normalised_mean_error,
};
use keypoints_train::HeldOutPredictions;
use serde::{Deserialize, Serialize};

use crate::error::StudyError;

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
    match rows.iter().find(|&row| !(1..=dataset.len()).contains(row)) {
        None => Ok(()),
        Some(row) => {
            let expected = "numbers of rows of the data, counted from 1";
            let found = format!("{row} with {} rows", dataset.len());
            Err(StudyError::invalid("suspicious_rows", expected, found))
        }
    }
}

/// Labels beside predictions, row by row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool {
    /// Counted from 0.
    pub(crate) rows: Vec<usize>,
    pub(crate) sources: Vec<Source>,
    pub(crate) truth: Vec<Labels>,
    pub(crate) predictions: Vec<Labels>,
    pub(crate) suspicious: Vec<bool>,
}

impl Pool {
    /// Puts labels beside predictions. Rows that the dataset does not have are left out.
    pub(crate) fn of(
        held_out: &HeldOutPredictions,
        dataset: &Dataset,
        suspicious: &[usize],
    ) -> Self {
        let mut pool = Self::default();
        for one in held_out.rows.iter().filter(|one| one.row < dataset.len()) {
            pool.rows.push(one.row);
            pool.sources.push(dataset.sources()[one.row]);
            pool.truth.push(dataset.labels()[one.row].clone());
            pool.predictions.push(one.prediction.clone());
            pool.suspicious.push(suspicious.contains(&(one.row + 1)));
        }
        pool
    }

    pub(crate) fn extend(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.sources.extend(other.sources);
        self.truth.extend(other.truth);
        self.predictions.extend(other.predictions);
        self.suspicious.extend(other.suspicious);
    }

    /// Scores the predictions.
    pub(crate) fn scores(&self, schema: &Schema) -> Scores {
        let kept: Vec<usize> = (0..self.rows.len()).filter(|&at| !self.suspicious[at]).collect();
        let of_kept =
            |all: &[Labels]| kept.iter().map(|&at| all[at].clone()).collect::<Vec<Labels>>();
        let sources: Vec<Source> = kept.iter().map(|&at| self.sources[at]).collect();
        let (truth, predictions) = (of_kept(&self.truth), of_kept(&self.predictions));
        let pairs = self.truth.iter().zip(&self.predictions);
        let error =
            |(truth, found): (&Labels, &Labels)| normalised_mean_error(schema, truth, found);
        let mut face_errors: Vec<f64> = pairs.filter_map(error).collect();
        face_errors.sort_by(f64::total_cmp);
        Scores {
            faces: self.rows.len(),
            suspicious: self.rows.len() - kept.len(),
            raw: ErrorReport::compare(schema, &self.sources, &self.truth, &self.predictions),
            clean: ErrorReport::compare(schema, &sources, &truth, &predictions),
            nme: NmeReport::of(&face_errors),
            face_errors,
            influences: {
                let raw = influences(schema, &self.sources, &self.truth, &self.predictions);
                let clean = influences(schema, &sources, &truth, &predictions);
                self.influences(&kept, raw, clean)
            },
        }
    }

    /// The influences of the rows; `clean` has those of `kept`, the positions of rows that are not suspicious.
    fn influences(
        &self,
        kept: &[usize],
        raw: Option<Vec<f64>>,
        clean: Option<Vec<f64>>,
    ) -> Vec<Influence> {
        let Some(raw) = raw else { return Vec::new() };
        let one = |(&row, raw)| Influence { row: row + 1, raw, clean: 0.0 };
        let mut all: Vec<Influence> = self.rows.iter().zip(raw).map(one).collect();
        for (&at, clean) in kept.iter().zip(clean.unwrap_or_default()) {
            all[at].clean = clean;
        }
        all
    }
}
