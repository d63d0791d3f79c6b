//! What can be wrong with label files.

use std::io;
use std::path::PathBuf;

use keypoints_core::SchemaError;

/// A label file that cannot be used, or one row of it.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {problem}", path.display(), at(place))]
pub struct AnnotationError {
    /// The file or folder.
    pub path: PathBuf,
    /// The place in it, such as `line 3` or `annotation 17`; empty for the file as a whole.
    pub place: String,
    /// What is wrong.
    pub problem: AnnotationProblem,
}

fn at(place: &str) -> String {
    if place.is_empty() { String::new() } else { format!(", {place}") }
}

/// What is wrong with a label file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnnotationProblem {
    /// The operating system could not read or write the file.
    #[error("{0}")]
    Io(io::Error),
    /// There is no label file.
    #[error("no labels found; these formats are read: {looked_for}")]
    NoLabels {
        /// What would have been read.
        looked_for: String,
    },
    /// There are several label files, and none was chosen.
    #[error("several label files: {}; name one of them, or choose with --data-format", found.join(", "))]
    Several {
        /// Each with its format.
        found: Vec<String>,
    },
    /// The file is of no format that is read.
    #[error("an unknown format of labels; these are read: {known}")]
    UnknownFormat {
        /// The formats.
        known: String,
    },
    /// The label file has no rows.
    #[error("no labelled object in it")]
    NoRows,
    /// A number was expected.
    #[error("expected a number, found `{found}`")]
    NotANumber {
        /// The text.
        found: String,
    },
    /// There are more or fewer points than the schema has.
    #[error("{found} points, but schema `{schema}` has {expected}")]
    WrongCount {
        /// Points of the schema.
        expected: usize,
        /// Points in the file.
        found: usize,
        /// The schema's name.
        schema: String,
    },
    /// A point is not in the schema.
    #[error("point `{name}` is not in schema `{schema}`")]
    UnknownPoint {
        /// The point.
        name: String,
        /// The schema's name.
        schema: String,
    },
    /// The box has no area.
    #[error("the box has no area: {width} wide, {height} high")]
    EmptyBox {
        /// Its width in pixels.
        width: f64,
        /// Its height in pixels.
        height: f64,
    },
    /// Two rows have the same name.
    #[error("a second object called `{name}`")]
    NameTwice {
        /// The name.
        name: String,
    },
    /// No picture belongs to the labels.
    #[error("no picture beside it: looked for {looked_for}")]
    NoPicture {
        /// The names that would have done.
        looked_for: String,
    },
    /// The points' names or a `points.json` make no schema.
    #[error("not a schema: {0}")]
    Schema(SchemaError),
    /// The file does not follow its format.
    #[error("{0}")]
    Malformed(String),
    /// The format cannot hold this.
    #[error("cannot be written as {format}: {reason}")]
    CannotWrite {
        /// The format.
        format: &'static str,
        /// Why.
        reason: String,
    },
}

impl AnnotationProblem {
    /// The problem at a place of a file.
    pub(crate) fn at(self, path: impl Into<PathBuf>, place: impl Into<String>) -> AnnotationError {
        AnnotationError { path: path.into(), place: place.into(), problem: self }
    }

    /// The problem of a file as a whole.
    pub(crate) fn of(self, path: impl Into<PathBuf>) -> AnnotationError {
        self.at(path, "")
    }
}
