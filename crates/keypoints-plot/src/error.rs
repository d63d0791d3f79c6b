//! What can go wrong on the way to a picture.

use std::error::Error;
use std::io;
use std::path::PathBuf;

/// Why a picture was not drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlotError {
    /// The file's name does not say which kind of picture it should be.
    #[error("{}: expected a file name that ends in .png or .svg, found `{found}`", path.display())]
    UnknownExtension {
        /// The file.
        path: PathBuf,
        /// Its extension; empty if it has none.
        found: String,
    },

    /// There is nothing that a picture could show.
    #[error("{}: nothing to draw: there are no {what}", path.display())]
    NothingToDraw {
        /// The file.
        path: PathBuf,
        /// What is missing, in the plural.
        what: &'static str,
    },

    /// A setting of the picture makes no sense.
    #[error("{}: {option}: expected {expected}, found {found}", path.display())]
    BadOption {
        /// The file.
        path: PathBuf,
        /// The setting.
        option: &'static str,
        /// What it may be.
        expected: &'static str,
        /// What it is.
        found: f64,
    },

    /// The picture could not be drawn, for example because it would be far too large.
    #[error("{}: cannot draw a picture of {}×{} pixels", path.display(), size.0, size.1)]
    Drawing {
        /// The file.
        path: PathBuf,
        /// Width and height of the picture.
        size: (u32, u32),
        /// What the drawing library said.
        source: Box<dyn Error + Send + Sync>,
    },

    /// The file could not be written; what stood there before is untouched.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}
