//! A trained network in one file, to be given away.
//!
//! The file is a [safetensors](https://github.com/huggingface/safetensors) file: the weights in half precision (batch
//! norms, whose variances half precision cannot hold, in single), and in its metadata, under the key
//! `keypoints`, the network's [`ModelRecord`] as JSON, and under `run` the record of its training. Any program that reads
//! safetensors can read it; the names and the layout of the tensors are PyTorch's. Files of older versions, with Burn's names, are read too.

mod header;

use std::path::Path;

use burn::module::Module;
use burn::tensor::Device;
use keypoints_models::weights::{self, Head};
use keypoints_models::{BuildNetwork, KeypointNetwork, Network};

use crate::error::PredictError;
use crate::model::Model;
use crate::predictor::Predictor;
use crate::record::{ModelRecord, NetworkRecord};

/// Where the metadata has the record of the network.
const RECORD: &str = "keypoints";

/// Where the metadata has the record of the run.
const RUN: &str = "run";

impl<N: KeypointNetwork + Module> Predictor<N> {
    /// The contents of a model file: about two bytes per weight.
    ///
    /// Predictions of a model file differ from this predictor's by what half precision rounds off, a few hundredths of a pixel.
    ///
    /// # Errors
    /// [`PredictError::CannotSave`] where there are several networks: a file holds one. `path` is for the error.
    pub fn to_model_bytes(&self, path: &Path) -> Result<Vec<u8>, PredictError> {
        let cannot = |problem: String| PredictError::CannotSave { path: path.to_owned(), problem };
        let [model] = self.models() else {
            let count = self.models().len();
            return Err(cannot(format!("it has {count} networks, and a file holds one")));
        };
        let record =
            serde_json::to_string(&model.record).map_err(|error| cannot(error.to_string()))?;
        let run = self.about().map(|run| (RUN.to_owned(), run.to_string()));
        let metadata = [(RECORD.to_owned(), record)].into_iter().chain(run);
        weights::to_bytes(&model.network, metadata).map_err(cannot)
    }

    /// Opens a model file with a network of a program's own.
    ///
    /// # Errors
    /// As [`Predictor::open_model`], also where the file's network has another name.
    pub fn open_own_model<B: BuildNetwork<Network = N>>(
        path: &Path,
        builder: &B,
        device: &Device,
    ) -> Result<Self, PredictError> {
        let bytes = std::fs::read(path).map_err(PredictError::io(path, "read"))?;
        open(path, bytes, |bytes, record| {
            let (found, expected) = (record.network.name(), builder.name());
            if found != expected {
                return Err(format!("it holds a network `{found}`, not `{expected}`"));
            }
            build(path, bytes, record, builder, device)
        })
    }
}

impl Predictor<Network> {
    /// Opens a model file with a network of the registry.
    ///
    /// # Errors
    /// [`PredictError::Io`] if it cannot be read, [`PredictError::BadModelFile`] if it is no model file, is cut off, holds other
    /// tensors than its network has, or a network that is not in the registry.
    pub fn open_model(path: &Path, device: &Device) -> Result<Self, PredictError> {
        let bytes = std::fs::read(path).map_err(PredictError::io(path, "read"))?;
        Self::from_model_bytes(path, bytes, device)
    }

    /// Opens a model file whose contents are in memory. `path` is for errors.
    ///
    /// # Errors
    /// As [`Predictor::open_model`].
    pub fn from_model_bytes(
        path: &Path,
        bytes: Vec<u8>,
        device: &Device,
    ) -> Result<Self, PredictError> {
        open(path, bytes, |bytes, record| match record.network.clone() {
            NetworkRecord::Registered(config) => build(path, bytes, record, &config, device),
            NetworkRecord::Own { own_network, .. } => Err(format!(
                "its network `{own_network}` is another program's own: open it with that program"
            )),
        })
    }
}

/// Reads the record of a file and builds what it says; either may say what is wrong with the file.
fn open<T>(
    path: &Path,
    bytes: Vec<u8>,
    build: impl FnOnce(Vec<u8>, ModelRecord) -> Result<T, String>,
) -> Result<T, PredictError> {
    let opened = read_record(&bytes).and_then(|record| build(bytes, record));
    opened.map_err(|problem| PredictError::BadModelFile { path: path.to_owned(), problem })
}

fn read_record(bytes: &[u8]) -> Result<ModelRecord, String> {
    let record = header::metadata(bytes, RECORD)?;
    let record: ModelRecord =
        serde_json::from_str(&record).map_err(|error| format!("its record is broken: {error}"))?;
    record.problem().map_or(Ok(record), Err)
}

/// The recorded network with the weights of the file. The error says what is wrong with the file.
fn build<B: BuildNetwork>(
    path: &Path,
    bytes: Vec<u8>,
    record: ModelRecord,
    builder: &B,
    device: &Device,
) -> Result<Predictor<B::Network>, String> {
    let about = header::metadata(&bytes, RUN).ok();
    // For people: a file predicts without it, or with that of another version.
    let about = about.and_then(|run| serde_json::from_str(&run).ok());
    let network = record.init(builder, device).map_err(|error| error.to_string())?;
    let (network, read) =
        weights::from_bytes(network, bytes, path, Head::Keep).map_err(|error| {
            let text = error.to_string();
            // Whoever shows this names the file.
            text.strip_prefix(&format!("{}: ", path.display())).map_or(text.clone(), str::to_owned)
        })?;
    if let Some(name) = read.left_aside.first() {
        return Err(format!("its tensor `{name}` belongs to another network"));
    }
    let epoch = record.training.epochs;
    Ok(Predictor::of_model(Model { network, record, epoch }, about, device))
}
