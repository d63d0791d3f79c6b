//! The scores of an ensemble beside those of its members.

use std::fmt::Write;
use std::path::Path;

use keypoints_predict::TestTimeAugmentation;
use keypoints_train::TrainError;
use keypoints_train::files::{write_file, write_json};
use serde::{Deserialize, Serialize};

use crate::scores::Scores;
use crate::summary::{Summary, SummaryRow};
use crate::text::markdown;

/// Out-of-fold scores of a member, or of all together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EnsembleScore {
    /// The member's name.
    pub name: String,
    /// How many runs are averaged.
    pub runs: usize,
    /// The scores on all rows that every member has held out.
    pub scores: Scores,
}

/// The scores of an ensemble: the contents of its `scores.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnsembleReport {
    /// Rows that every member has held out. Only these are scored.
    pub rows: usize,
    /// How many of them are called suspicious.
    pub suspicious: usize,
    /// Test-time augmentation of every run; `None` for its own settings.
    pub tta: Option<TestTimeAugmentation>,
    /// The members.
    pub members: Vec<EnsembleScore>,
    /// All together.
    pub ensemble: EnsembleScore,
}

impl EnsembleReport {
    /// Returns the table of the members and, last, of the ensemble.
    pub fn summary(&self) -> Summary {
        let row = |one: &EnsembleScore| SummaryRow::of_scores(&one.name, one.runs, &one.scores);
        Summary {
            rows: self.members.iter().chain([&self.ensemble]).map(row).collect(),
            ..Summary::default()
        }
    }

    /// Returns Markdown tables of the scores and of the errors per keypoint, and what was scored.
    pub fn to_markdown(&self) -> String {
        let summary = self.summary();
        let (columns, rows) = summary.cells();
        let mut text = markdown(&columns, &rows);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "\nOut of fold: {} rows that every member has held out, each predicted by runs that never saw its picture. The ensemble is \
             the mean of its members.",
            self.rows,
        );
        if let Some(tta) = self.tta {
            let _ = writeln!(text, "Test-time augmentation: {} versions of a face.", tta.count());
        }
        text + "\n" + &summary.keypoints_to_markdown()
    }

    /// Writes the tables and the numbers.
    pub(super) fn write(&self, folder: &Path) -> Result<(), TrainError> {
        write_file(&folder.join("scores.md"), self.to_markdown().as_bytes())?;
        write_json(&folder.join("scores.json"), self)
    }
}
