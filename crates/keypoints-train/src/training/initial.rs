//! Weights to begin with, from a file.

use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::tensor::Device;
use keypoints_core::PictureShape;
use keypoints_models::{BuildNetwork, KeypointNetwork};
use serde::{Deserialize, Serialize};

use crate::config::TrainConfig;
use crate::error::TrainError;
use crate::run::RunFolder;

/// The contents of `initial_weights.json`: what a network of the run started from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InitialWeights {
    /// The file, as the config names it.
    pub file: PathBuf,
    /// Its SHA-256, as 64 hexadecimal digits.
    pub sha256: String,
    /// Whether its name carries the first digits of that.
    pub verified: bool,
    /// Tensors taken over.
    pub tensors: usize,
    /// Tensors left behind: the file's head, where it answers another question.
    pub dropped: Vec<String>,
    /// What stood before the network's names in the file: `module.`, `state_dict.`, or nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// Tensors without that prefix, which were left aside: those of an optimizer, for example.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_aside: Vec<String>,
}

/// Checks that the network can be built and that its initial weights can be loaded, before anything is written. Weights are drawn
/// when they are first used, so without a file this costs nothing.
pub(crate) fn check_network(
    config: &TrainConfig,
    builder: &impl BuildNetwork,
    outputs: usize,
    pictures: PictureShape,
    device: &Device,
) -> Result<(), TrainError> {
    let network = builder.build(outputs, pictures, device)?;
    #[cfg(feature = "weights")]
    if let Some(file) = &config.initial_weights {
        use keypoints_models::weights::{self, Head};
        weights::load(network, file, Head::KeepIfItFits)?;
        return Ok(());
    }
    drop(network);
    Ok(())
}

/// The hash of the file to start from. `None` where the file is gone, and a run in the folder that has been trained already names it at
/// this place: that run needs the file no more, as far as is known.
#[cfg(feature = "weights")]
pub(super) fn hash_of(file: &Path, folder: &RunFolder) -> Result<Option<String>, TrainError> {
    use crate::run::{RunRecord, has_results};

    let named = || {
        folder.exists()
            && has_results(folder.path())
            && RunRecord::read(folder)
                .is_ok_and(|then| then.config.initial_weights.as_deref() == Some(file))
    };
    match file.exists() || !named() {
        true => Ok(Some(keypoints_models::weights::sha256(file)?)),
        false => Ok(None),
    }
}

/// Without the feature there is nothing that could read the file; the config has been refused before.
#[cfg(not(feature = "weights"))]
pub(super) fn hash_of(_file: &Path, _folder: &RunFolder) -> Result<Option<String>, TrainError> {
    Ok(None)
}

/// Loads the file into a network and notes it in the network's folder, or refuses a file that is no longer the one noted there. Returns what it noted.
#[cfg(feature = "weights")]
pub(super) fn load<N: KeypointNetwork + Module>(
    network: N,
    file: &Path,
    folder: &RunFolder,
) -> Result<(N, Option<InitialWeights>), TrainError> {
    use crate::run::{read_json, write_json};
    use keypoints_models::weights::{self, Head};

    let (network, loaded) = weights::load(network, file, Head::KeepIfItFits)?;
    let now = InitialWeights {
        file: file.to_owned(),
        sha256: loaded.sha256,
        verified: loaded.verified,
        tensors: loaded.tensors,
        dropped: loaded.dropped,
        prefix: loaded.prefix,
        left_aside: loaded.left_aside,
    };
    let path = folder.initial_weights_path();
    if !path.exists() {
        write_json(&path, &now)?;
        return Ok((network, Some(now)));
    }
    let then: InitialWeights = read_json(&path, "what the network started from")?;
    if then.sha256 != now.sha256 {
        let (expected, found) = (now.sha256, then.sha256);
        return Err(TrainError::RunMismatch { path, what: "file of weights", expected, found });
    }
    Ok((network, None))
}

/// Without the feature there is nothing that could read the file; the config has been refused before.
#[cfg(not(feature = "weights"))]
pub(super) fn load<N: KeypointNetwork + Module>(
    network: N,
    _file: &Path,
    _folder: &RunFolder,
) -> Result<(N, Option<InitialWeights>), TrainError> {
    Ok((network, None))
}
