//! `ensemble.json`: who answers, and how much each counts.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::weights::Weights;
use crate::error::TrainError;
use crate::looks::Looks;
use crate::run::{DataRecord, FolderKind, read_json};

/// How the answers of the members become one.
///
/// ```
/// use keypoints_train::ensemble::Combine;
///
/// let combine: Combine = serde_json::from_str(r#"{ "kind": "stacked" }"#)?;
/// assert_eq!(combine, Combine::Stacked { ridge: 0.01, non_negative: true });
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Combine {
    /// Every member counts alike.
    #[default]
    Mean,
    /// Per label regime and coordinate, the weights with the lowest squared error out of fold. They add up to 1.
    ///
    /// Sources: Wolpert, "Stacked Generalization" (1992); Breiman, "Stacked Regressions" (1996), for weights that are
    /// not negative.
    Stacked {
        /// Pulls the weights towards equal ones: added to the squared errors, as a share of their mean.
        #[serde(default = "ridge")]
        ridge: f64,
        /// Whether no weight may be negative.
        #[serde(default = "non_negative")]
        non_negative: bool,
    },
}

fn ridge() -> f64 {
    0.01
}
fn non_negative() -> bool {
    true
}

impl Combine {
    /// Non-negative weights, slightly pulled towards equal ones.
    pub fn stacked() -> Self {
        Self::Stacked { ridge: ridge(), non_negative: non_negative() }
    }

    /// Refuses settings without a lowest error.
    pub(super) fn check(&self) -> Result<(), TrainError> {
        match self {
            Self::Stacked { ridge, .. } if !(ridge.is_finite() && *ridge >= 0.0) => {
                Err(TrainError::InvalidConfig {
                    field: "combine.ridge",
                    expected: "at least 0",
                    found: ridge.to_string(),
                })
            }
            _ => Ok(()),
        }
    }
}

/// A member: runs that answer together, each as much as the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberRecord {
    /// A name for people.
    pub name: String,
    /// Run folders, relative to the folder of the ensemble.
    pub runs: Vec<PathBuf>,
}

/// What the weights were fitted on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FitRecord {
    /// Rows whose labels the weights were fitted to, each answered by members that had held it out.
    pub rows: usize,
    /// Rows that were left out because they are called suspicious.
    pub left_out: usize,
    /// Folds that all members share. Each fold is scored with weights that were fitted on the others.
    pub folds: usize,
    /// The weights, fitted on all of these rows, in the order of the members.
    pub weights: Weights,
}

/// The contents of `ensemble.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EnsembleRecord {
    /// Name and version of the program; empty if written by hand.
    pub program: String,
    /// The data that the members were trained on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<DataRecord>,
    /// The members.
    pub members: Vec<MemberRecord>,
    /// How their answers become one.
    pub combine: Combine,
    /// How often every run looks at a face; `null`, or left out, as its own settings say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looks: Option<Looks>,
    /// The weights, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fit: Option<FitRecord>,
}

impl EnsembleRecord {
    /// Reads the record of an ensemble.
    ///
    /// # Errors
    /// [`TrainError::Io`] or [`TrainError::BadRunFile`] with the file, also where no run is named or there is not a weight
    /// per member.
    pub fn read(folder: &Path) -> Result<Self, TrainError> {
        let path = record_path(folder);
        let record: Self = read_json(&path, "the record of an ensemble")?;
        let bad = |expected, found| Err(TrainError::BadRunFile { path, expected, found });
        if record.members.is_empty() {
            return bad("at least one member", "none".to_owned());
        }
        if let Some(empty) = record.members.iter().find(|member| member.runs.is_empty()) {
            return bad("at least one run per member", format!("none of `{}`", empty.name));
        }
        match (&record.combine, &record.fit) {
            (Combine::Stacked { .. }, None) => bad("weights of a stacked ensemble", "none".into()),
            (_, Some(fit)) if !fit.weights.are_of(record.members.len()) => {
                bad("a finite weight per member", "others".to_owned())
            }
            _ => Ok(record),
        }
    }
}

/// `ensemble.json` in a folder.
pub(super) fn record_path(folder: &Path) -> PathBuf {
    folder.join(FolderKind::Ensemble.record())
}
