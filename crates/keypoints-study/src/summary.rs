//! One row per trial, over folds and seeds.

use std::collections::BTreeMap;

use keypoints_core::Named;
use keypoints_train::settings::Parameters;
use serde::{Deserialize, Serialize};

use crate::effect::{Effect, effects};
use crate::error::StudyError;
use crate::mean::MeanStd;
use crate::measures::{clean_name, measures};
use crate::scores::{SCORE, Scores};
use crate::study::{CellResult, State, StudyConfig};
use crate::text::distinct;

/// What the cells of a trial brought together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SummaryRow {
    /// The name of the settings.
    pub name: String,
    /// The name of the network.
    pub network: String,
    /// What is changed in the base.
    pub set: Parameters,
    /// Cells with scores.
    pub finished: usize,
    /// Cells without scores, which will have none.
    pub failed: usize,
    /// Why the first of these failed.
    pub failure: Option<String>,
    /// Cells that were started and have not ended.
    pub running: usize,
    /// What was measured in the finished cells, by name with the unit: the columns of the table.
    pub measured: BTreeMap<String, MeanStd>,
    /// Label sources of the scored rows, where the schema has several.
    #[serde(default)]
    pub sources: Vec<String>,
    /// RMSE of each keypoint, in pixels.
    pub per_keypoint: Named<MeanStd>,
    /// Normalised mean errors of all held-out faces of all cells, ascending.
    pub face_errors: Vec<f64>,
}

impl SummaryRow {
    /// Sums up cells.
    pub(crate) fn of(name: &str, results: &[&CellResult]) -> Self {
        let in_state = |state| results.iter().copied().filter(move |one| one.state == state);
        let finished: Vec<&CellResult> = in_state(State::Finished).collect();
        let sources = names(finished.iter().map(|one| &one.scores.raw.sources));
        let keypoint = |name: String| {
            let known = finished.iter().filter_map(|one| one.scores.raw.per_keypoint.get(&name));
            let mean = MeanStd::of(&known.copied().collect::<Vec<f64>>());
            (name, mean)
        };
        let keypoints = names(finished.iter().map(|one| &one.scores.raw.per_keypoint));
        let mut face_errors: Vec<f64> =
            finished.iter().flat_map(|one| one.scores.face_errors.iter().copied()).collect();
        face_errors.sort_by(f64::total_cmp);
        let measured = measures(&sources).into_iter().map(|one| (one.of(&finished), one.name));
        Self {
            name: name.to_owned(),
            network: results.first().map(|one| one.network.clone()).unwrap_or_default(),
            set: results.first().map(|one| one.set.clone()).unwrap_or_default(),
            finished: finished.len(),
            failed: in_state(State::Failed).count(),
            failure: in_state(State::Failed).find_map(|one| one.failure.clone()),
            running: in_state(State::Running).count(),
            measured: measured.map(|(value, name)| (name, value)).collect(),
            sources,
            per_keypoint: keypoints.into_iter().map(keypoint).collect(),
            face_errors,
        }
    }

    /// Presents scores as so many runs.
    pub(crate) fn of_scores(name: &str, runs: usize, scores: &Scores) -> Self {
        let (scores, state) = (scores.clone(), State::Finished);
        let result = CellResult { scores, state, ..CellResult::default() };
        Self { finished: runs, ..Self::of(name, &[&result]) }
    }

    /// Returns the score that ranks, over the cells.
    pub fn raw(&self) -> MeanStd {
        self.measured.get(SCORE).cloned().unwrap_or_default()
    }

    /// The same without suspicious rows; without values where no row is called suspicious.
    pub fn clean(&self) -> MeanStd {
        self.measured.get(&clean_name(SCORE)).cloned().unwrap_or_default()
    }

    /// Returns the mean score that ranks, in pixels; `None` unless a cell is finished and none has failed.
    pub fn score(&self) -> Option<f64> {
        self.raw().mean.filter(|_| self.failed == 0)
    }
}

/// The names that any of these have, in the order of their first place.
pub(crate) fn names<'a, T: 'a>(all: impl Iterator<Item = &'a Named<T>>) -> Vec<String> {
    let names = distinct(all.flat_map(Named::iter).map(|(name, _)| name));
    names.into_iter().map(str::to_owned).collect()
}

/// What has no scores: `1 failed`, `2 running`.
pub(crate) fn without_scores(failed: usize, running: usize) -> Vec<String> {
    let counts = [(failed, "failed"), (running, "running")].into_iter();
    counts.filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect()
}

/// A study in one table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Cells of the whole study, started or not.
    pub cells: usize,
    /// A row per trial that was started: named ones in the order of the study, those of a search by their score.
    pub rows: Vec<SummaryRow>,
    /// What a search varies, as dotted paths: the columns of the table.
    pub parameters: Vec<String>,
    /// What the effects are compared with.
    pub reference: Option<String>,
    /// What each change brings against the reference.
    pub effects: Vec<Effect>,
}

impl Summary {
    /// Groups the results of so many cells.
    pub(crate) fn of(
        study: &StudyConfig,
        cells: usize,
        results: &[&CellResult],
    ) -> Result<Self, StudyError> {
        let row = |name: &str| {
            let same = results.iter().copied().filter(|one| one.name == name);
            SummaryRow::of(name, &same.collect::<Vec<_>>())
        };
        let names = distinct(results.iter().map(|one| one.name.as_str()));
        let mut rows: Vec<SummaryRow> = names.into_iter().map(row).collect();
        if study.is_search() {
            // What failed comes after the scores, and what is not finished last.
            let rank = |row: &SummaryRow| match row.score() {
                Some(_) => 0,
                None if row.failed > 0 => 1,
                None => 2,
            };
            let score = |row: &SummaryRow| row.score().unwrap_or_default();
            // The sort is stable: equal ones keep the order of the study.
            rows.sort_by(|a, b| rank(a).cmp(&rank(b)).then(score(a).total_cmp(&score(b))));
            let samples = study.samples.as_ref().map(|samples| &samples.parameters);
            let parameters = samples.unwrap_or(&study.grid).keys().cloned().collect();
            return Ok(Self { cells, rows, parameters, ..Self::default() });
        }
        let reference = study.named()?.reference;
        let effects = effects(results, &reference);
        Ok(Self { cells, rows, effects, reference: Some(reference), ..Self::default() })
    }

    /// The label sources that any row has scores of.
    pub(crate) fn sources(&self) -> Vec<String> {
        let sources = self.rows.iter().flat_map(|row| &row.sources);
        distinct(sources.map(String::as_str)).into_iter().map(str::to_owned).collect()
    }

    /// Returns the row with the lowest score.
    pub fn best(&self) -> Option<&SummaryRow> {
        let scored = self.rows.iter().filter(|row| row.score().is_some());
        let score = |row: &SummaryRow| row.score().unwrap_or(f64::INFINITY);
        scored.min_by(|a, b| score(a).total_cmp(&score(b)))
    }

    /// Returns how far the study is, in one line: `3 of 4 cells finished, 1 failed`.
    pub fn status(&self) -> String {
        let sum = |count: fn(&SummaryRow) -> usize| self.rows.iter().map(count).sum::<usize>();
        let finished = format!("{} of {} cells finished", sum(|row| row.finished), self.cells);
        let rest = without_scores(sum(|row| row.failed), sum(|row| row.running));
        [vec![finished], rest].concat().join(", ")
    }
}
