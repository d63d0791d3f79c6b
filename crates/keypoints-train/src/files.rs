//! Reading and writing whole files, with errors that name them.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::TrainError;

/// Deletes a file, or a folder with all that is in it, if there is one.
///
/// # Errors
/// [`TrainError::Io`] with the path.
pub fn delete(path: &Path) -> Result<(), TrainError> {
    let deleted = match path {
        path if path.is_dir() => std::fs::remove_dir_all(path),
        path if path.exists() => std::fs::remove_file(path),
        _ => Ok(()),
    };
    deleted.map_err(TrainError::io(path, "delete"))
}

/// Replaces a file as a whole: a killed process leaves the old one or the new one.
///
/// # Errors
/// [`TrainError::Io`] with the file.
pub fn write_file(path: &Path, contents: &[u8]) -> Result<(), TrainError> {
    keypoints_data::write_atomically(path, contents).map_err(TrainError::io(path, "write"))
}

/// Writes a value as indented JSON, as [`write_file`] does.
///
/// # Errors
/// [`TrainError::Io`] with the file.
pub fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), TrainError> {
    let mut text = serde_json::to_vec_pretty(value)
        .map_err(|error| TrainError::io(path, "write")(error.into()))?;
    text.push(b'\n');
    write_file(path, &text)
}

/// Reads a value from a JSON file. `expected` says in an error what the file should hold.
///
/// # Errors
/// [`TrainError::Io`] or [`TrainError::BadRunFile`] with the file.
pub fn read_json<T: DeserializeOwned>(
    path: &Path,
    expected: &'static str,
) -> Result<T, TrainError> {
    let text = std::fs::read(path).map_err(TrainError::io(path, "read"))?;
    serde_json::from_slice(&text).map_err(|error| TrainError::BadRunFile {
        path: path.to_owned(),
        expected,
        found: error.to_string(),
    })
}
