//! The file formats of labels.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use keypoints_core::Schema;

use super::Annotations;
use super::error::AnnotationError;

/// A file format of labelled pictures.
pub trait Format: fmt::Debug + Sync {
    /// What `--format` calls it.
    fn name(&self) -> &'static str;

    /// What it is and where it comes from, in one line.
    fn about(&self) -> &'static str;

    /// Whether a file is of this format, by its path and its first bytes (up to 64 KiB).
    fn recognises(&self, path: &Path, head: &[u8]) -> bool;

    /// Whether each file holds one object, so that a folder is read as a whole.
    fn is_folder(&self) -> bool {
        false
    }

    /// Reads a file or, if [`is_folder`](Self::is_folder), a folder. Rows that cannot be read go into
    /// [`Annotations::faults`].
    ///
    /// # Errors
    /// [`AnnotationError`] where the file as a whole cannot be read.
    fn read(&self, path: &Path, options: &ReadOptions) -> Result<Annotations, AnnotationError>;

    /// Writes labels to a file or, if [`is_folder`](Self::is_folder), into a folder; existing files are replaced. Returns the
    /// number of files. Reading them gives the same points.
    ///
    /// # Errors
    /// [`AnnotationError`] with the file that cannot be written.
    fn write(&self, annotations: &Annotations, path: &Path) -> Result<usize, AnnotationError>;
}

/// How to read labels.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// What the points mean; `None` takes it from the file, or guesses.
    pub schema: Option<Arc<Schema>>,
    /// The folder that pictures are named from; `None` for the label file's own.
    pub pictures: Option<PathBuf>,
    /// Whether points are counted from the edge of the first pixel, not from its centre; then half a pixel is taken off. `None` for
    /// what is usual in the format.
    pub from_edge: Option<bool>,
}

impl ReadOptions {
    /// The number in the file that stands for the centre of the first pixel, where `usual` does in files of this format.
    pub(crate) fn origin(&self, usual: f64) -> f64 {
        match self.from_edge {
            None => usual,
            Some(from_edge) => usual.floor() + if from_edge { 0.5 } else { 0.0 },
        }
    }
}
