//! How good an ensemble is, beside its members.

use std::fmt::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::record::Combine;
use crate::cv::number;
use crate::error::TrainError;
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
    /// The members.
    pub members: Vec<EnsembleScore>,
    /// All together.
    pub ensemble: EnsembleScore,
}

impl EnsembleReport {
    /// A Markdown table, and under it what was scored.
    pub fn to_markdown(&self) -> String {
        let mut text = "| | runs | weighted RMSE, px | without suspicious rows, px | full faces, px | four-point faces, px |\n\
                        | --- | ---: | ---: | ---: | ---: | ---: |\n"
            .to_owned();
        for score in self.members.iter().chain([&self.ensemble]) {
            let EnsembleScore { name, runs, raw, clean } = score;
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "| {name} | {runs} | {} | {} | {} | {} |",
                number(raw.weighted_rmse, 3),
                number(clean.weighted_rmse.filter(|_| self.suspicious > 0), 3),
                number(raw.rmse_full, 3),
                number(raw.rmse_four_point, 3),
            );
        }
        let how = match self.combine {
            Combine::Mean => "The ensemble is the mean of its members.".to_owned(),
            Combine::Stacked { .. } => format!(
                "The weights of the ensemble were fitted on out-of-fold answers, per label regime and coordinate; each \
                 fold is scored with weights that were fitted on the other folds, and what is written down was fitted \
                 on all {} rows that are not suspicious.",
                self.rows - self.suspicious,
            ),
        };
        let _ = writeln!(
            text,
            "\nOut of fold: {} rows that every member has held out, each answered by runs that never saw its picture. {how}",
            self.rows,
        );
        text
    }

    /// Writes the table and the numbers.
    pub(super) fn write(&self, folder: &Path) -> Result<(), TrainError> {
        write_file(&folder.join("scores.md"), self.to_markdown().as_bytes())?;
        write_json(&folder.join("scores.json"), self)
    }
}
