//! Both networks in one file.

use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::store::{
    BurnToPyTorchAdapter, FloatCastAdapter, HalfPrecisionAdapter, ModuleAdapter, ModuleSnapshot,
    PyTorchToBurnAdapter, SafetensorsStore,
};
use burn::tensor::{DType, Device};

use super::{Proposer, Verifier};

/// The two networks of a finder.
#[derive(Module, Debug)]
pub struct Networks {
    /// The first look.
    pub proposer: Proposer,
    /// The second look.
    pub verifier: Verifier,
}

/// A file that does not hold the networks of a finder.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FinderFileError {
    /// It cannot be read.
    #[error("{}: cannot read: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Its contents are no face finder.
    #[error("{}: not the weights of a face finder: {problem}; `train_finder` writes such files", path.display())]
    Bad {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The networks cannot be written.
    #[error("cannot write the weights of a face finder: {0}")]
    Write(String),
}

/// No file with weights of these networks is larger.
const LARGEST_FILE: u64 = 16 << 20;

impl Networks {
    /// Random weights.
    pub fn new(device: &Device) -> Self {
        Self { proposer: Proposer::new(device), verifier: Verifier::new(device) }
    }

    /// The contents of a safetensors file with the names and the layout of PyTorch: half precision if `half` (batch norms in single), else
    /// every bit.
    ///
    /// # Errors
    /// [`FinderFileError::Write`] if a tensor cannot be read from the device.
    pub fn to_bytes(&self, half: bool) -> Result<Vec<u8>, FinderFileError> {
        let store = SafetensorsStore::from_bytes(None);
        let mut store = match half {
            true => store.with_to_adapter(BurnToPyTorchAdapter.chain(HalfPrecisionAdapter::new())),
            false => store.with_to_adapter(BurnToPyTorchAdapter),
        };
        let failed = |problem: String| FinderFileError::Write(problem);
        self.save_into(&mut store).map_err(|error| failed(error.to_string()))?;
        let mut bytes = store.get_bytes().map_err(|error| failed(error.to_string()))?;
        sort_metadata(&mut bytes);
        Ok(bytes)
    }

    /// Reads a file that [`Networks::to_bytes`] made.
    ///
    /// # Errors
    /// [`FinderFileError`] with the file.
    pub fn open(path: &Path, device: &Device) -> Result<Self, FinderFileError> {
        let io = |source| FinderFileError::Io { path: path.to_owned(), source };
        let size = std::fs::metadata(path).map_err(io)?.len();
        if size > LARGEST_FILE {
            let problem = format!("it has {size} bytes, more than any such file");
            return Err(FinderFileError::Bad { path: path.to_owned(), problem });
        }
        Self::from_bytes(path, std::fs::read(path).map_err(io)?, device)
    }

    /// Reads the contents of such a file. `path` is for errors.
    ///
    /// # Errors
    /// [`FinderFileError::Bad`] where they are cut off, or of another network.
    pub fn from_bytes(
        path: &Path,
        bytes: Vec<u8>,
        device: &Device,
    ) -> Result<Self, FinderFileError> {
        let bad = |problem| FinderFileError::Bad { path: path.to_owned(), problem };
        let mut networks = Self::new(device);
        let adapter = PyTorchToBurnAdapter.chain(FloatCastAdapter::to(DType::F32));
        let mut store = SafetensorsStore::from_bytes(Some(bytes)).with_from_adapter(adapter);
        // Its report has many lines, for people who know the store; the first says what is wrong.
        let first = |error: String| error.lines().next().unwrap_or_default().trim().to_owned();
        networks.load_from(&mut store).map_err(|error| bad(first(error.to_string())))?;
        Ok(networks)
    }
}

/// Sorts the entries of the metadata. The store writes them in any order; sorted, equal networks are equal files.
fn sort_metadata(bytes: &mut [u8]) {
    const START: &[u8] = b"\"__metadata__\":{";
    let start = bytes.windows(START.len()).position(|window| window == START);
    let Some(start) = start.map(|at| at + START.len()) else { return };
    let Some(length) = bytes[start..].iter().position(|&byte| byte == b'}') else { return };
    let entries = &mut bytes[start..start + length];
    // No key and no value of the store's own has a comma in it.
    let mut sorted: Vec<&[u8]> = entries.split(|&byte| byte == b',').collect();
    sorted.sort_unstable();
    let sorted = sorted.join(&b',');
    entries.copy_from_slice(&sorted);
}
