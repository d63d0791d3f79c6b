//! What can go wrong with a sweep.

use std::path::{Path, PathBuf};

use keypoints_data::SplitError;

use crate::error::TrainError;

/// A sweep that could not be read, start or go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SweepError {
    /// What is wrong stands in this file.
    #[error("{}: {problem}", path.display())]
    InFile {
        /// The sweep file.
        path: PathBuf,
        /// What is wrong with it.
        problem: Box<SweepError>,
    },
    /// The text is no JSON object.
    #[error("a JSON object with a sweep expected, but {found}")]
    NotJson {
        /// What the parser met, with line and column.
        found: String,
    },
    /// A field cannot be read as what it should be.
    #[error("`{field}`: {problem}")]
    BadField {
        /// The field, as a dotted path.
        field: String,
        /// What was expected and what was found.
        problem: String,
    },
    /// A field has a value that makes no sense.
    #[error("`{field}` must be {expected}, but is {found}")]
    Invalid {
        /// The field, as a dotted path.
        field: String,
        /// What would be accepted.
        expected: &'static str,
        /// The value as it was given.
        found: String,
    },
    /// A path leads nowhere.
    #[error(
        "`{field}`: {} has no `{name}`; it has {}",
        if parent.is_empty() { "the config".to_owned() } else { format!("`{parent}`") },
        if known.is_empty() { "no fields".to_owned() } else { known.join(", ") }
    )]
    UnknownPath {
        /// The path as it was given.
        field: String,
        /// How far the path could be followed.
        parent: String,
        /// The step that failed.
        name: String,
        /// The steps that would have been possible.
        known: Vec<String>,
    },
    /// The training config refuses a value.
    #[error("`{field}` = {value} is refused: {reason}")]
    Refused {
        /// The parameter's path, or several with their values.
        field: String,
        /// The value.
        value: String,
        /// What the config or the network says.
        reason: String,
    },
    /// One parameter would overwrite another.
    #[error("`parameters.{inner}` lies inside `parameters.{outer}`: vary one of them")]
    Nested {
        /// The parameter that replaces the whole.
        outer: String,
        /// The parameter that replaces a part of it.
        inner: String,
    },
    /// A shard that is none.
    #[error("a shard must be i/n with 1 ≤ i ≤ n, 1/4 for example, but is `{found}`")]
    BadShard {
        /// The text as it was given.
        found: String,
    },
    /// The folder holds another sweep.
    #[error(
        "{}: this folder holds a sweep with another `{field}` ({found}, now {expected}); \
         give a new folder or delete this one",
        path.display()
    )]
    AnotherSweep {
        /// The folder's `sweep.json`.
        path: PathBuf,
        /// The first field that differs, as a dotted path.
        field: String,
        /// The value asked for now.
        expected: String,
        /// The value that the folder was made with.
        found: String,
    },
    /// A file of the sweep folder is not what it should be.
    #[error("{}: {expected} expected, but {found}", path.display())]
    BadSweepFile {
        /// The file.
        path: PathBuf,
        /// What should be there.
        expected: &'static str,
        /// What was found instead.
        found: String,
    },
    /// A file could not be read or written.
    #[error("{}: cannot {action}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried: "read", "write", …
        action: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder holds something else than a sweep.
    #[error(transparent)]
    Folder(TrainError),
    /// The data cannot be split.
    #[error("`validation`: the data cannot be split")]
    Split(#[from] SplitError),
    /// A trial stopped for a reason that the next one would meet as well.
    #[error("trial {number} could not run")]
    Trial {
        /// The trial, counted from 1.
        number: usize,
        /// Why.
        source: TrainError,
    },
}

impl SweepError {
    /// Wraps an I/O error with its file, for `map_err`.
    pub(super) fn io(path: &Path, action: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, action, source }
    }

    /// Says which file the mistake stands in, for `map_err`.
    pub(super) fn in_file(path: &Path) -> impl FnOnce(Self) -> Self {
        let path = path.to_owned();
        move |problem| Self::InFile { path, problem: Box::new(problem) }
    }
}
