//! The tensors of a file, and its hash.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use burn::store::burn_pack::Tensor as FileTensor;
use burn::store::{ModuleStore, PytorchStore, SafetensorsStore};
use sha2::{Digest, Sha256};

use super::error::WeightsError;

/// The SHA-256 of a file, as 64 hexadecimal digits.
///
/// # Errors
/// [`WeightsError::Io`] with the file.
///
/// ```
/// let file = tempfile::NamedTempFile::new()?;
/// let hash = keypoints_models::weights::sha256(file.path())?;
/// assert!(hash.starts_with("e3b0c44298fc1c14"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sha256(path: &Path) -> Result<String, WeightsError> {
    let mut file = File::open(path).map_err(WeightsError::io(path, "read"))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).map_err(WeightsError::io(path, "read"))? {
            0 => break,
            read => hash.update(&buffer[..read]),
        }
    }
    Ok(hex(&hash.finalize()))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The tensors of a file by name; their data are read when they are asked for.
pub(super) fn tensors(path: &Path) -> Result<BTreeMap<String, FileTensor>, WeightsError> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let damaged = |expected, found: String| {
        // Some of the reader's messages go over several lines.
        let found = found.split_whitespace().collect::<Vec<_>>().join(" ");
        WeightsError::Damaged { path: path.to_owned(), expected, found }
    };
    match ending.to_ascii_lowercase().as_str() {
        "safetensors" => {
            let expected = "a safetensors file";
            let read = || {
                let mut store = SafetensorsStore::from_file(path);
                store.get_all_tensors().cloned().map_err(|error| error.to_string())
            };
            caught(read).map_err(|found| damaged(expected, found))
        }
        "pth" | "pt" => {
            let expected = "a PyTorch file with a state dict";
            let read = || {
                let mut store = PytorchStore::from_file(path).map_indices_contiguous(false);
                store.get_all_tensors().cloned().map_err(|error| error.to_string())
            };
            caught(read).map_err(|found| damaged(expected, found))
        }
        _ => Err(WeightsError::UnknownFormat { path: path.to_owned() }),
    }
}

/// Lets no panic of a reader through: a file is somebody else's.
pub(super) fn caught<T>(read: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err("the reader gave up".to_owned()))
}
