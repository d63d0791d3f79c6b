//! The tensors of a safetensors file.

use burn::module::Module;
use burn::store::{HalfPrecisionAdapter, ModuleSnapshot, SafetensorsStore};

/// Where the metadata has the record.
pub(super) const KEY: &str = "keypoints";

/// Where the metadata has the record of the run.
pub(super) const RUN: &str = "run";

/// The network in half precision, with its record and that of its run. The error says what was in the way.
pub(super) fn to_bytes(
    network: &impl Module,
    record: String,
    run: Option<String>,
) -> Result<Vec<u8>, String> {
    let mut store = SafetensorsStore::from_bytes(None)
        .metadata(KEY, record)
        .with_to_adapter(HalfPrecisionAdapter::new());
    if let Some(run) = run {
        store = store.metadata(RUN, run);
    }
    network.save_into(&mut store).map_err(|error| error.to_string())?;
    store.get_bytes().map_err(|error| error.to_string())
}

/// The network with the weights of the file. The error says how the two do not fit.
pub(super) fn from_bytes<N: Module>(mut network: N, bytes: Vec<u8>) -> Result<N, String> {
    let mut store =
        SafetensorsStore::from_bytes(Some(bytes)).with_from_adapter(HalfPrecisionAdapter::new());
    let report = network.load_from(&mut store).map_err(|error| error.to_string())?;
    // Missing and mis-shaped tensors are errors already; what nobody asked for is not.
    match report.unused.first() {
        Some(name) => Err(format!("its tensor `{name}` belongs to another network")),
        None => Ok(network),
    }
}
