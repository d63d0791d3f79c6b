//! Trained weights from files, strictly, and into files.
//!
//! [`load`] reads `.safetensors` and PyTorch's `.pth` into any network of this crate. Every tensor of the network has
//! to be in the file, in its shape, and every tensor of the file in the network; only PyTorch's
//! `num_batches_tracked`, which nobody reads, may be left over. A network for another task keeps its own head by
//! [`Head::Replace`]. A `.pth` file is parsed, never executed.
//!
//! [`save`] and [`save_half`] write safetensors with the names and the layout that PyTorch uses; a file of an
//! [`EfficientNet`](crate::efficientnet::EfficientNet) fits torchvision's network of the same shape.
//!
//! ```
//! use burn::tensor::Device;
//! use keypoints_models::NetworkConfig;
//! use keypoints_models::weights::{Half, Head, load, save_half};
//!
//! let device = Device::flex();
//! let config = NetworkConfig::by_name("compact")?.with_outputs(8);
//! let trained = config.init(&device)?;
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("trained.safetensors");
//! save_half(&trained, &path, Half::Bf16)?;
//!
//! let (network, loaded) = load(config.init(&device)?, &path, Head::Keep)?;
//! assert_eq!(loaded.sha256.len(), 64);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | file | what it holds |
//! | --- | --- |
//! | `file.rs` | the tensors of a file, and its hash |
//! | `head.rs` | whether the file's head is loaded, [`Head`] |
//! | `assign.rs` | tensors into a network, strictly |
//! | `save.rs` | a network into a file, in full or half precision |
//! | `published.rs` | files that others have published |
//! | `download.rs` | fetching them (feature `download`) |

mod assign;
#[cfg(feature = "download")]
mod download;
mod error;
mod file;
mod head;
mod published;
mod save;

use std::path::Path;

use burn::module::Module;

use crate::network::KeypointNetwork;

#[cfg(feature = "download")]
pub use download::{cached, download, download_into};
pub use error::{BadShape, WeightsError};
pub use file::sha256;
pub use head::Head;
pub use published::Published;
pub use save::{Half, save, save_half};

/// What [`load`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Loaded {
    /// SHA-256 of the file, as 64 hexadecimal digits.
    pub sha256: String,
    /// Whether the file's name carries the first digits of its hash (`…-7f5810bc.pth`), as published files do. They have then
    /// been compared.
    pub verified: bool,
    /// Tensors that were put into the network.
    pub tensors: usize,
    /// The file's tensors that were dropped on purpose: its head's.
    pub dropped: Vec<String>,
}

/// Puts the weights of a file into a network. Numbers of half or double precision become `f32`.
///
/// # Errors
/// [`WeightsError`] with the file, where it cannot be read, is damaged, has not the hash that its name promises, is for
/// another network, or lacks, adds or misshapes a tensor, each by its name. There is no half-loaded network.
pub fn load<N: KeypointNetwork + Module>(
    network: N,
    path: &Path,
    head: Head,
) -> Result<(N, Loaded), WeightsError> {
    let sha256 = sha256(path)?;
    let verified = published::check_name(path, &sha256)?;
    let tensors = file::tensors(path)?;
    let (network, tensors, dropped) = assign::assign(network, tensors, path, head)?;
    Ok((network, Loaded { sha256, verified, tensors, dropped }))
}
