//! The tensors of a model file.

use std::path::Path;

use burn::module::Module;
use keypoints_models::KeypointNetwork;
use keypoints_models::weights::{self, Head};

/// Where the metadata has the record.
pub(super) const KEY: &str = "keypoints";

/// Where the metadata has the record of the run.
pub(super) const RUN: &str = "run";

/// The network in half precision, with its record and that of its run. The error says what was in the way.
pub(super) fn to_bytes<N: KeypointNetwork + Module>(
    network: &N,
    record: String,
    run: Option<String>,
) -> Result<Vec<u8>, String> {
    let run = run.map(|run| (RUN.to_owned(), run));
    weights::to_bytes(network, [(KEY.to_owned(), record)].into_iter().chain(run))
}

/// The network with the weights of the file. The error says how the two do not fit.
pub(super) fn from_bytes<N: KeypointNetwork + Module>(
    network: N,
    bytes: Vec<u8>,
    path: &Path,
) -> Result<N, String> {
    let loaded = weights::from_bytes(network, bytes, path, Head::Keep);
    let (network, read) = loaded.map_err(|error| {
        let text = error.to_string();
        // Whoever shows this names the file.
        text.strip_prefix(&format!("{}: ", path.display())).map_or(text.clone(), str::to_owned)
    })?;
    match read.left_aside.first() {
        Some(name) => Err(format!("its tensor `{name}` belongs to another network")),
        None => Ok(network),
    }
}
