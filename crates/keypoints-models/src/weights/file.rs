//! The tensors of a file, and its hash.

use std::collections::BTreeMap;
#[cfg(feature = "weights")]
use std::fmt::Write;
#[cfg(feature = "weights")]
use std::fs::File;
#[cfg(feature = "weights")]
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
#[cfg(feature = "weights")]
use std::path::PathBuf;

use burn::store::burn_pack::Tensor as FileTensor;
#[cfg(feature = "weights")]
use burn::store::burn_pack::{self, Bytes};
use burn::store::{ModuleStore, SafetensorsStore};
#[cfg(feature = "weights")]
use sha2::{Digest, Sha256};

use super::error::WeightsError;
#[cfg(feature = "weights")]
use super::kind::{ENOUGH, Kind, kind};

/// The SHA-256 of a file, as 64 hexadecimal digits.
///
/// # Errors
/// [`WeightsError::Io`] with the file, [`WeightsError::UnknownFormat`] with a folder.
///
/// ```
/// let file = tempfile::NamedTempFile::new()?;
/// let hash = keypoints_models::weights::sha256(file.path())?;
/// assert!(hash.starts_with("e3b0c44298fc1c14"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg(feature = "weights")]
pub fn sha256(path: &Path) -> Result<String, WeightsError> {
    if path.is_dir() {
        return Err(WeightsError::UnknownFormat { path: path.to_owned(), found: folder(path) });
    }
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

#[cfg(feature = "weights")]
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What a folder is in place of a file of weights: the files of weights in it are named, none is chosen.
#[cfg(feature = "weights")]
fn folder(path: &Path) -> String {
    let is_weights = |file: &PathBuf| {
        let mut start = Vec::new();
        let opened =
            File::open(file).and_then(|file| file.take(ENOUGH as u64).read_to_end(&mut start));
        file.is_file() && opened.is_ok() && kind(&start).is_ok()
    };
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.path()).filter(is_weights).collect();
    files.sort();
    match &files[..] {
        [] => "a folder, without such a file in it".to_owned(),
        [only] => format!("a folder; name the file in it, {}", only.display()),
        [first, ..] => {
            format!(
                "a folder with {} such files; name one, such as {}",
                files.len(),
                first.display()
            )
        }
    }
}

/// The tensors of a file by name.
pub(super) struct FileTensors {
    pub(super) tensors: BTreeMap<String, FileTensor>,
    /// Whether their names and layout are known to be Burn's.
    pub(super) is_burns: bool,
}

/// The tensors of a file; what kind of file it is, its content tells. Those of a PyTorch file are read when they are asked for.
#[cfg(feature = "weights")]
pub(super) fn tensors(path: &Path) -> Result<FileTensors, WeightsError> {
    let mut start = Vec::new();
    let file = File::open(path).map_err(WeightsError::io(path, "read"))?;
    file.take(ENOUGH as u64).read_to_end(&mut start).map_err(WeightsError::io(path, "read"))?;
    match kind(&start) {
        Err(found) => {
            Err(WeightsError::UnknownFormat { path: path.to_owned(), found: found.to_owned() })
        }
        Ok(Kind::PyTorch) => read(path, "a PyTorch file with a state dict", || {
            let mut store =
                burn::store::PytorchStore::from_file(path).map_indices_contiguous(false);
            let tensors = store.get_all_tensors().cloned().map_err(|error| error.to_string())?;
            Ok(FileTensors { tensors, is_burns: false })
        }),
        Ok(Kind::Safetensors) => {
            let bytes = std::fs::read(path).map_err(WeightsError::io(path, "read"))?;
            safetensors(bytes, path)
        }
        Ok(Kind::Burnpack) => {
            let bytes = std::fs::read(path).map_err(WeightsError::io(path, "read"))?;
            read(path, "a checkpoint of a run", || {
                let tensors = burn_pack::Reader::from_bytes(Bytes::from_bytes_vec(bytes))
                    .and_then(burn_pack::Reader::into_tensors)
                    .map_err(|error| error.to_string())?;
                let tensors = tensors.into_iter().map(|tensor| (tensor.name.clone(), tensor));
                Ok(FileTensors { tensors: tensors.collect(), is_burns: true })
            })
        }
    }
}

/// The key in the metadata of a safetensors file that says whose names and layout its tensors have.
pub(super) const NAMES: &str = "names";

/// The metadata of a safetensors file; none where they cannot be read.
fn metadata(bytes: &[u8]) -> BTreeMap<String, String> {
    #[derive(serde::Deserialize)]
    struct Head {
        #[serde(rename = "__metadata__", default)]
        metadata: BTreeMap<String, String>,
    }
    let head = bytes.split_first_chunk().and_then(|(length, rest)| {
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        serde_json::from_slice(rest.get(..length)?).ok()
    });
    head.map(|head: Head| head.metadata).unwrap_or_default()
}

/// The tensors of a safetensors file.
pub(super) fn safetensors(bytes: Vec<u8>, path: &Path) -> Result<FileTensors, WeightsError> {
    let metadata = metadata(&bytes);
    // Model files of older versions: where layers have the same names in both, only this tells.
    let is_burns = metadata.contains_key("keypoints") && !metadata.contains_key(NAMES);
    read(path, "a safetensors file", || {
        let mut store = SafetensorsStore::from_bytes(Some(bytes));
        let tensors = store.get_all_tensors().cloned().map_err(|error| error.to_string())?;
        Ok(FileTensors { tensors, is_burns })
    })
}

fn read<T>(
    path: &Path,
    expected: &'static str,
    read: impl FnOnce() -> Result<T, String>,
) -> Result<T, WeightsError> {
    caught(read).map_err(|found| {
        // Some of the reader's messages go over several lines.
        let found = found.split_whitespace().collect::<Vec<_>>().join(" ");
        WeightsError::Damaged { path: path.to_owned(), expected, found }
    })
}

/// Lets no panic of a reader through: a file is somebody else's.
pub(super) fn caught<T>(read: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err("the reader gave up".to_owned()))
}
