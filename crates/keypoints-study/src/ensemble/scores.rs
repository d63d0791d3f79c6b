//! The scores of an ensemble beside those of its members.

use std::path::Path;

use keypoints_predict::TestTimeAugmentation;
use keypoints_train::TrainError;
use keypoints_train::files::{write_file, write_json};
use serde::{Deserialize, Serialize};

use crate::scores::Scores;
use crate::summary::{Summary, SummaryRow};

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
        let mut notes = format!(
            "Out of fold: {} rows that every member has held out, each predicted by runs that never saw its picture. The ensemble is \
             the mean of its members.\n",
            self.rows,
        );
        if let Some(tta) = self.tta {
            notes += &format!("Test-time augmentation: {} versions of a face.\n", tta.count());
        }
        self.summary().to_tables(&notes)
    }

    /// Writes the tables and the numbers.
    pub(super) fn write(&self, folder: &Path) -> Result<(), TrainError> {
        write_file(&folder.join("scores.md"), self.to_markdown().as_bytes())?;
        write_json(&folder.join("scores.json"), self)
    }
}
