//! What can go wrong on the way to a report.

use std::io;
use std::path::PathBuf;

/// Why a report was not put together or not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A picture, or a folder of pictures, could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },

    /// A file is not one of the pictures that every browser shows.
    #[error("{}: expected a PNG, JPEG or SVG picture, found {found}", path.display())]
    NotAPicture {
        /// The file.
        path: PathBuf,
        /// How the file begins.
        found: String,
    },

    /// The report could not be written; what stood there before is untouched.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}
