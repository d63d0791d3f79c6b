//! How good an ensemble is, beside its members.

use std::fmt::Write;
use std::path::Path;

use keypoints_data::Keypoint;
use serde::{Deserialize, Serialize};

use super::record::Combine;
use crate::error::TrainError;
use crate::looks::Looks;
use crate::markdown::{number, score_columns, scores, table};
use crate::metrics::ErrorReport;
use crate::run::{write_file, write_json};

/// Out-of-fold scores of a member, or of all together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EnsembleScore {
    /// The member's name.
    pub name: String,
    /// Runs that answer in it.
    pub runs: usize,
    /// The scores on all rows that every member has held out.
    pub raw: ErrorReport,
    /// The same without the rows that are called suspicious.
    pub clean: ErrorReport,
}

/// The scores of an ensemble: the contents of its `scores.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnsembleReport {
    /// Rows that every member has held out. Only these are scored.
    pub rows: usize,
    /// How many of them are called suspicious.
    pub suspicious: usize,
    /// How the answers become one.
    pub combine: Combine,
    /// How often every run looked at a face; `None` as its own settings say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looks: Option<Looks>,
    /// The members.
    pub members: Vec<EnsembleScore>,
    /// All together.
    pub ensemble: EnsembleScore,
}

impl EnsembleReport {
    /// Markdown tables of the scores and of the errors per keypoint, and between them what was scored.
    pub fn to_markdown(&self) -> String {
        let all: Vec<&EnsembleScore> = self.members.iter().chain([&self.ensemble]).collect();
        let clean = self.suspicious > 0;
        let mut columns = vec!["", "runs"];
        columns.extend(score_columns(clean));
        let row = |one: &&EnsembleScore| {
            let mut row = vec![one.name.clone(), one.runs.to_string()];
            row.extend(scores(&one.raw, clean.then_some(&one.clean)));
            row
        };
        let mut text = table(&columns, 1, &all.iter().map(row).collect::<Vec<_>>());
        let how = match self.combine {
            Combine::Mean => "The ensemble is the mean of its members.".to_owned(),
            Combine::Stacked { .. } => format!(
                "The weights of the ensemble were fitted on out-of-fold answers, per label regime and coordinate; each \
                 fold is scored with weights that were fitted on the other folds, and what is written down was fitted \
                 on all {} rows that are not suspicious.",
                self.rows - self.suspicious,
            ),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "\nOut of fold: {} rows that every member has held out, each answered by runs that never saw its picture. {how}",
            self.rows,
        );
        if let Some(looks) = self.looks {
            let _ = writeln!(text, "Looks at a face: {}.", looks.count());
        }
        let mut columns = vec!["keypoint, RMSE in px"];
        columns.extend(all.iter().map(|one| one.name.as_str()));
        let keypoint = |keypoint: Keypoint| {
            let error = |one: &&EnsembleScore| one.raw.per_keypoint.get(&keypoint).copied();
            let errors = all.iter().map(|one| number(error(one), 3));
            [keypoint.to_string()].into_iter().chain(errors).collect()
        };
        text.push('\n');
        text.push_str(&table(&columns, 1, &Keypoint::ALL.map(keypoint)));
        text
    }

    /// Writes the table and the numbers.
    pub(super) fn write(&self, folder: &Path) -> Result<(), TrainError> {
        write_file(&folder.join("scores.md"), self.to_markdown().as_bytes())?;
        write_json(&folder.join("scores.json"), self)
    }
}
