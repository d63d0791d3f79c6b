//! `ensemble.json`: whose predictions are averaged.

use std::path::{Path, PathBuf};

use keypoints_predict::TestTimeAugmentation;
use keypoints_train::files::read_json;
use keypoints_train::{DataRecord, TrainError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::StudyError;
use crate::kind::FolderKind;

/// A member: runs whose mean counts as one prediction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberRecord {
    /// A name for people.
    pub name: String,
    /// Run folders, relative to the folder of the ensemble.
    pub runs: Vec<PathBuf>,
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
    /// Test-time augmentation of every run; `null`, or left out, for its own settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tta: Option<TestTimeAugmentation>,
}

impl EnsembleRecord {
    /// Reads the record of an ensemble.
    ///
    /// # Errors
    /// [`StudyError::Older`] for one of an older version; [`TrainError::Io`] or [`TrainError::BadRunFile`] with the file, also where
    /// no run is named.
    pub fn read(folder: &Path) -> Result<Self, StudyError> {
        let path = record_path(folder);
        let what = "the record of an ensemble";
        if read_json::<Value>(&path, what)?.get("combine").is_some() {
            return Err(StudyError::Older { path });
        }
        let record: Self = read_json(&path, what)?;
        let bad = |expected, found| Err(TrainError::BadRunFile { path, expected, found }.into());
        if record.members.is_empty() {
            return bad("at least one member", "none".to_owned());
        }
        match record.members.iter().find(|member| member.runs.is_empty()) {
            Some(empty) => bad("at least one run per member", format!("none of `{}`", empty.name)),
            None => Ok(record),
        }
    }
}

/// `ensemble.json` in a folder.
pub(super) fn record_path(folder: &Path) -> PathBuf {
    folder.join(FolderKind::Ensemble.record())
}
