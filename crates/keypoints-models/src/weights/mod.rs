//! Trained weights from files, strictly, and into files.
//!
//! `load` reads safetensors, what PyTorch saves, and the checkpoints of runs into any network of this crate. Every tensor of the network has
//! to be in the file, in its shape, and every tensor of the file in the network; only PyTorch's
//! `num_batches_tracked`, which nobody reads, may be left over. A network for another task keeps its own head by
//! [`Head::Replace`]. A file of PyTorch is parsed, never executed.
//!
//! | a file may | then |
//! | --- | --- |
//! | have any name: `.pth`, `.pth.tar`, `.ckpt`, `.bin`, none | its content tells what it is |
//! | have a prefix before all names: `module.`, `_orig_mod.`, `model.`, several | it is taken off, see [`Assigned::prefix`] |
//! | be a checkpoint dict: `{"state_dict": …, "optimizer": …}` | the entry with the network's names is taken, see [`Assigned::left_aside`] |
//! | hold half or double precision, or bfloat16 | the numbers become `f32` |
//! | be a model file of an older version | its names, those of Burn, are understood |
//!
//! [`to_bytes`], [`save`] and [`save_half`] write safetensors with the names and the layout that PyTorch uses; a file of an
//! [`EfficientNet`](crate::efficientnet::EfficientNet) fits torchvision's network of the same shape.
//!
//! ```
//! # #[cfg(feature = "weights")] {
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
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | file | what it holds |
//! | --- | --- |
//! | `file.rs` | the tensors of a file, and its hash |
//! | `kind.rs` | what kind of file it is |
//! | `dialect.rs` | under which names a file has the parameters |
//! | `head.rs` | whether the file's head is loaded, [`Head`] |
//! | `assign.rs` | tensors into a network, strictly |
//! | `save.rs` | a network into a file, in full or half precision |
//! | `published.rs` | files that others have published |
//! | `download.rs` | fetching them (feature `download`) |

mod assign;
mod dialect;
#[cfg(feature = "download")]
mod download;
mod error;
mod file;
mod head;
#[cfg(feature = "weights")]
mod kind;
#[cfg(feature = "weights")]
mod published;
mod save;

use std::path::Path;

use burn::module::Module;

use crate::network::KeypointNetwork;

pub use assign::Assigned;
#[cfg(feature = "download")]
pub use download::{cached, download, download_into};
pub use error::{BadShape, ComparedNames, WeightsError};
#[cfg(feature = "weights")]
pub use file::sha256;
pub use head::Head;
#[cfg(feature = "weights")]
pub use published::Published;
pub use save::{Half, save, save_half, to_bytes};

/// What [`load`] found.
#[cfg(feature = "weights")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Loaded {
    /// SHA-256 of the file, as 64 hexadecimal digits.
    pub sha256: String,
    /// Whether the file's name ends with the first eight digits of its hash (`…-7f5810bc.pth`), as published files do.
    pub verified: bool,
    /// Tensors that were put into the network.
    pub tensors: usize,
    /// The file's tensors that were dropped on purpose: its head's.
    pub dropped: Vec<String>,
    /// What stands before the network's names in the file: see [`Assigned::prefix`].
    pub prefix: String,
    /// Tensors without that prefix: see [`Assigned::left_aside`].
    pub left_aside: Vec<String>,
}

/// Puts the weights of a file into a network. Numbers of half or double precision become `f32`.
///
/// # Errors
/// [`WeightsError`] with the file, where it cannot be read, is damaged, has the name of a published file and another hash, is for
/// another network, or lacks, adds or misshapes a tensor, each by its name. There is no half-loaded network.
#[cfg(feature = "weights")]
pub fn load<N: KeypointNetwork + Module>(
    network: N,
    path: &Path,
    head: Head,
) -> Result<(N, Loaded), WeightsError> {
    let sha256 = sha256(path)?;
    let verified = published::check_name(path, &sha256)?;
    let tensors = file::tensors(path)?;
    let (network, assigned) = assign::assign(network, tensors, path, head)?;
    let Assigned { tensors, dropped, prefix, left_aside } = assigned;
    Ok((network, Loaded { sha256, verified, tensors, dropped, prefix, left_aside }))
}

/// Puts the weights of a safetensors file that is in memory into a network. `path` is for errors.
///
/// # Errors
/// [`WeightsError`] with the path, where the file is damaged, is for another network, or lacks, adds or misshapes a tensor.
pub fn from_bytes<N: KeypointNetwork + Module>(
    network: N,
    bytes: Vec<u8>,
    path: &Path,
    head: Head,
) -> Result<(N, Assigned), WeightsError> {
    assign::assign(network, file::safetensors(bytes, path)?, path, head)
}
