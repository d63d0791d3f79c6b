//! What can go wrong between a picture and its points.

use std::path::{Path, PathBuf};

use keypoints_core::PictureShape;
use keypoints_models::ModelError;

/// Why a model cannot be opened, saved or used to predict.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PredictError {
    /// The pictures are not of the shape that the model was trained on.
    #[error("this model was trained on {expected} pictures, but these are {found}")]
    WrongShape {
        /// The model's.
        expected: PictureShape,
        /// The pictures'.
        found: PictureShape,
    },
    /// There is not one label source for each picture.
    #[error("{sources} label sources for {pictures} pictures: each picture needs one")]
    WrongSources {
        /// Number of sources.
        sources: usize,
        /// Number of pictures.
        pictures: usize,
    },
    /// A label source is not one of the model's schema.
    #[error("label source number {found} (counted from 0), but the model's schema has {sources}")]
    UnknownSource {
        /// The source's number.
        found: usize,
        /// Sources of the schema.
        sources: usize,
    },
    /// Averaging over mirror images needs the mirror image of every point.
    #[error("predictions cannot be averaged over mirror images: {problem}")]
    NoMirror {
        /// What is missing.
        problem: String,
    },
    /// A file is no model file, is cut off, or holds another network.
    #[error("{}: this is no usable model file: {problem}", path.display())]
    BadModelFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A model cannot be written into one file.
    #[error("{}: cannot write this model into a file: {problem}", path.display())]
    CannotSave {
        /// The file.
        path: PathBuf,
        /// Why not.
        problem: String,
    },
    /// A file could not be read or written.
    #[error("{}: cannot {action}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried: "read" or "write".
        action: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The network cannot be built as the model file says.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The device could not compute or be read.
    #[error("the device failed: {0}")]
    Device(String),
    /// A predictor of a program's own could not predict.
    #[error("the predictor failed: {0}")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl PredictError {
    /// Wraps an I/O error with its file, for `map_err`.
    pub(crate) fn io(path: &Path, action: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, action, source }
    }

    /// Wraps whatever the tensor library reports about the device.
    pub fn device(error: impl std::fmt::Display) -> Self {
        Self::Device(error.to_string())
    }
}
