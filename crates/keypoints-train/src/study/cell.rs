//! One training of a study, and what it brought.

use std::fmt;

use keypoints_data::Labels;
use serde::{Deserialize, Serialize};

use crate::config::TrainConfig;
use crate::metrics::{ErrorReport, NmeReport, influences, normalised_mean_error};
use crate::training::Outcome;

/// One training of a study.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The strategy's name, numbered where the study has it more than once.
    pub strategy: String,
    /// The network's name, numbered likewise.
    pub network: String,
    /// The part validated on, counted from 1.
    pub fold: usize,
    /// The seed.
    pub seed: u64,
    /// All settings.
    pub config: TrainConfig,
}

impl Cell {
    /// Where the cell's run lies in the study's folder.
    pub fn path(&self) -> String {
        let Self { strategy, network, fold, seed, .. } = self;
        format!("cells/{strategy}/{network}/fold-{fold}-seed-{seed}")
    }
}

/// What a face has to say in the weighted scores of a cell, in pixels: see [`influences`](crate::metrics::influences).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Influence {
    /// Row of the dataset, counted from 1.
    pub row: usize,
    /// In the score on all held-out rows.
    pub raw: f64,
    /// In the score without the rows that the study calls suspicious; 0 for one of them.
    pub clean: f64,
}

/// The row and, in brackets, what it has to say without suspicious rows: `5118 (+0.084)`.
impl fmt::Display for Influence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({:+.3})", self.row, self.clean)
    }
}

/// What a cell brought: the contents of its `result.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CellResult {
    /// The strategy's name.
    pub strategy: String,
    /// The network's name.
    pub network: String,
    /// The part validated on, counted from 1.
    pub fold: usize,
    /// The seed.
    pub seed: u64,
    /// Why there are no scores: the loss left the numbers.
    pub failure: Option<String>,
    /// Held-out rows.
    #[serde(default)]
    pub faces: usize,
    /// The scores on all held-out rows.
    pub raw: ErrorReport,
    /// The scores without the rows that the study calls suspicious.
    pub clean: ErrorReport,
    /// The normalised mean error over all held-out faces with labelled eyes.
    pub nme: NmeReport,
    /// That error of every such face, ascending: the cumulative error curve.
    pub face_errors: Vec<f64>,
    /// What each held-out face has to say in the weighted scores, in the order of the rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub influences: Vec<Influence>,
    /// Networks trained.
    pub networks_trained: usize,
    /// Training images seen by all of them together.
    pub images: usize,
    /// Seconds of training and validation.
    pub seconds: f64,
}

impl CellResult {
    /// An empty result of a cell.
    pub(super) fn of(cell: &Cell) -> Self {
        let Cell { strategy, network, fold, seed, .. } = cell.clone();
        Self { strategy, network, fold, seed, ..Self::default() }
    }

    /// The scores of an outcome. `truth` are the labels of the held-out rows, `suspicious` says which of them
    /// the clean score leaves out.
    pub(super) fn score(self, outcome: &Outcome, truth: &[Labels], suspicious: &[bool]) -> Self {
        let scored = self.rescore(truth, &outcome.predictions, suspicious);
        Self {
            networks_trained: outcome.models.len(),
            images: outcome.images(),
            seconds: outcome.seconds(),
            ..scored
        }
    }

    /// With the influence of each face on the scores. `rows` are the held-out ones, counted from 0.
    pub(super) fn with_influences(
        self,
        rows: &[usize],
        truth: &[Labels],
        predictions: &[Labels],
        suspicious: &[bool],
    ) -> Self {
        let Some(raw) = influences(truth, predictions) else { return self };
        let kept = || (0..truth.len()).filter(|&face| !suspicious[face]);
        let of_kept = |of: &[Labels]| kept().map(|face| of[face]).collect::<Vec<Labels>>();
        let clean = influences(&of_kept(truth), &of_kept(predictions)).unwrap_or_default();
        let mut found: Vec<Influence> = rows
            .iter()
            .zip(raw)
            .map(|(row, raw)| Influence { row: row + 1, raw, clean: 0.0 })
            .collect();
        for (face, clean) in kept().zip(clean) {
            found[face].clean = clean;
        }
        Self { influences: found, ..self }
    }

    /// The same training with the scores of these predictions.
    pub(crate) fn rescore(
        self,
        truth: &[Labels],
        predictions: &[Labels],
        suspicious: &[bool],
    ) -> Self {
        let pairs = || truth.iter().zip(predictions);
        let (clean_truth, clean): (Vec<Labels>, Vec<Labels>) = pairs()
            .zip(suspicious)
            .filter(|&(_, &suspicious)| !suspicious)
            .map(|((&truth, &prediction), _)| (truth, prediction))
            .unzip();
        let mut face_errors: Vec<f64> =
            pairs().filter_map(|(truth, found)| normalised_mean_error(truth, found)).collect();
        face_errors.sort_by(f64::total_cmp);
        Self {
            faces: truth.len(),
            raw: ErrorReport::compare(truth, predictions),
            clean: ErrorReport::compare(&clean_truth, &clean),
            nme: NmeReport::of(&face_errors),
            face_errors,
            ..self
        }
    }
}
