//! The rows that all members of an ensemble are scored on.

use std::collections::{BTreeMap, BTreeSet};

use keypoints_data::{FaceDataset, Labels};

use super::build::EnsembleConfig;
use super::fit::{Row, fit};
use super::member::Member;
use super::record::FitRecord;
use super::report::{EnsembleReport, EnsembleScore};
use super::weights::Weights;
use crate::cv::Pool;
use crate::error::TrainError;

/// All members count alike.
pub(super) static EQUAL: Weights = Weights(BTreeMap::new());

/// The rows that all members have held out, and what each says of them.
pub(super) struct Shared {
    /// Rows of the dataset, counted from 0.
    pub(super) numbers: Vec<usize>,
    rows: Vec<Row>,
    suspicious: Vec<bool>,
}

impl Shared {
    pub(super) fn of(
        members: &[Member],
        dataset: &FaceDataset,
        suspicious_rows: &[usize],
    ) -> Result<Self, TrainError> {
        let Some(first) = members.first() else {
            let (field, found) = ("members", "none".to_owned());
            return Err(TrainError::InvalidConfig {
                field,
                expected: "at least one folder",
                found,
            });
        };
        let mut numbers: Vec<usize> = first.held_out.keys().copied().collect();
        numbers.retain(|row| members.iter().all(|member| member.held_out.contains_key(row)));
        let row = |row: &usize| Row {
            truth: dataset.labels()[*row],
            answers: members.iter().map(|member| member.held_out[row]).collect(),
        };
        let rows = numbers.iter().map(row).collect();
        let suspicious = numbers.iter().map(|row| suspicious_rows.contains(&(row + 1))).collect();
        Ok(Self { numbers, rows, suspicious })
    }

    pub(super) fn truth(&self) -> Vec<Labels> {
        self.rows.iter().map(|row| row.truth).collect()
    }

    /// The answer of the ensemble per row, by the weights for that row.
    pub(super) fn combined<'a>(&self, weights: impl Fn(usize) -> &'a Weights) -> Vec<Labels> {
        let one =
            |(index, row): (usize, &Row)| weights(index).combine(row.truth.regime(), &row.answers);
        self.rows.iter().enumerate().map(one).collect()
    }

    /// The answers by weights that were fitted without each row's own fold, and the weights that were fitted to all.
    pub(super) fn stacked(
        &self,
        members: &[Member],
        ridge: f64,
        non_negative: bool,
    ) -> Result<(Vec<Labels>, Option<FitRecord>), TrainError> {
        let folds = shared_folds(members)?;
        let fold_of: Vec<Option<usize>> = self
            .numbers
            .iter()
            .map(|row| folds.iter().position(|fold| fold.contains(row)))
            .collect();
        // Weights of everything but a fold; of everything, for a fold that there is not.
        let fit_without = |fold: usize| {
            let kept = self.rows.iter().zip(&fold_of).zip(&self.suspicious);
            let kept = kept.filter(|((_, of), suspicious)| **of != Some(fold) && !**suspicious);
            let kept: Vec<&Row> = kept.map(|((row, _), _)| row).collect();
            fit(&kept, members.len(), ridge, non_negative)
        };
        let per_fold: Vec<Weights> = (0..folds.len()).map(fit_without).collect();
        let of_row = |row: usize| fold_of[row].map_or(&EQUAL, |fold| &per_fold[fold]);
        let left_out = self.left_out();
        let record = FitRecord {
            rows: self.rows.len() - left_out,
            left_out,
            folds: folds.len(),
            weights: fit_without(folds.len()),
        };
        Ok((self.combined(of_row), Some(record)))
    }

    /// How many rows are suspicious.
    fn left_out(&self) -> usize {
        self.suspicious.iter().filter(|&&one| one).count()
    }

    /// The scores of these answers, beside those of the members alone.
    pub(super) fn report(
        &self,
        config: &EnsembleConfig,
        members: &[Member],
        answers: &[Labels],
    ) -> EnsembleReport {
        let score = |name: &str, runs: usize, predictions: Vec<Labels>| {
            let (truth, suspicious) = (self.truth(), self.suspicious.clone());
            let (raw, clean) = Pool { truth, predictions, suspicious }.scores();
            EnsembleScore { name: name.to_owned(), runs, raw, clean }
        };
        let of_member = |(index, member): (usize, &Member)| {
            let own = self.rows.iter().map(|row| row.answers[index]).collect();
            score(&member.name, member.runs.len(), own)
        };
        let runs = members.iter().map(|member| member.runs.len()).sum();
        EnsembleReport {
            rows: self.rows.len(),
            suspicious: self.left_out(),
            combine: config.combine,
            looks: config.looks,
            members: members.iter().enumerate().map(of_member).collect(),
            ensemble: score("ensemble", runs, answers.to_vec()),
        }
    }
}

/// The folds that all members have, where all have the same.
fn shared_folds(members: &[Member]) -> Result<Vec<&BTreeSet<usize>>, TrainError> {
    let refuse = |found: String| {
        Err(TrainError::InvalidConfig {
            field: "combine",
            expected: "mean, unless all members are cross-validations with the same folds",
            found,
        })
    };
    let Some((first, others)) = members.split_first() else { return Ok(Vec::new()) };
    if let Some(other) = others.iter().find(|other| other.folds != first.folds) {
        return refuse(format!(
            "stacked, and `{}` has other folds than `{}`",
            other.name, first.name
        ));
    }
    if first.folds.len() < 2 {
        return refuse(format!("stacked, and `{}` has one fold", first.name));
    }
    Ok(first.folds.iter().collect())
}
