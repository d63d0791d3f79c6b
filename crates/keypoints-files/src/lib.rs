//! Writing files: whole or not at all, through pipes and devices, never over an input.
//!
//! | the path is | [`write()`] and [`write_with`] |
//! | --- | --- |
//! | new, or a regular file | write a temporary file beside it and rename it |
//! | a symbolic link | the same with the file that it leads to; the link stays |
//! | a pipe, a device, `/dev/stdout` | write into it |
//! | a folder | an error |
//!
//! ```
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("scores.csv");
//! keypoints_files::write(&path, b"RowId,Location\n")?;
//! assert_eq!(std::fs::read(&path)?, b"RowId,Location\n");
//!
//! // A program that reads the file asks before it writes.
//! let refused = keypoints_files::refuse_inputs(&path, [&path]);
//! assert!(refused.is_err());
//! # Ok::<(), std::io::Error>(())
//! ```

mod inputs;
mod target;
mod write;

pub use inputs::{KnownFiles, is_same_file, refuse_inputs};
pub use write::{create_with, write, write_with};
