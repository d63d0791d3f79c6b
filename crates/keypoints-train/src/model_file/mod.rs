//! A trained network in one file, to be given away.
//!
//! The file is a [safetensors](https://github.com/huggingface/safetensors) file: the weights in half precision (batch
//! norms, whose variances half precision cannot hold, in single), and in its metadata, under the key
//! `keypoints`, the network's [`ModelRecord`](crate::ModelRecord) as JSON, and under `run` the [`RunRecord`](crate::RunRecord) of the
//! run that it comes from, with the bare names of files in place of paths. Any program that reads safetensors can read it.

mod header;
mod weights;

use std::path::{Path, PathBuf};

use burn::tensor::Device;

use crate::error::TrainError;
use crate::predict::{Model, Predictor};
use crate::run::{ModelRecord, RunRecord, write_file};

impl Predictor {
    /// Writes the network into one file of about two bytes per weight.
    ///
    /// The answers of [`Predictor::open_model`] differ from this predictor's by what half precision rounds off, a
    /// few hundredths of a pixel.
    ///
    /// # Errors
    /// [`TrainError::BadRunFile`] where the run has a network per regime: a file holds one network.
    /// [`TrainError::Io`] if the file cannot be written.
    ///
    /// ```
    /// use burn::tensor::Device;
    /// use keypoints_data::synth::{SynthConfig, generate};
    /// use keypoints_models::{NetworkConfig, simple_cnn::SimpleCnnConfig};
    /// use keypoints_train::{Checkpoint, NoObserver, Predictor, RunFolder, TrainConfig, Training};
    ///
    /// let faces = generate(&SynthConfig { training: 60, test: 4, ..Default::default() });
    /// let split = keypoints_data::hold_out(&faces.training, 0.2, 7)?;
    /// let network = SimpleCnnConfig { channels: [2, 4, 4], hidden: 8, ..Default::default() };
    /// let config = TrainConfig { network: NetworkConfig::SimpleCnn(network), epochs: 1, ..Default::default() };
    /// let folder = tempfile::tempdir()?;
    /// let run = RunFolder::new(folder.path().join("run"));
    /// Training::new(&faces.training, split, config).run(&run, &Device::flex(), &mut NoObserver)?;
    ///
    /// let file = folder.path().join("small.safetensors");
    /// Predictor::load(&run, Checkpoint::Best, &Device::flex())?.save_model(&file)?;
    /// let again = Predictor::open_model(&file, &Device::flex())?;
    /// assert_eq!(again.predict(faces.test.images())?.len(), 4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn save_model(&self, path: &Path) -> Result<(), TrainError> {
        let [model] = self.models() else {
            return Err(TrainError::BadRunFile {
                path: path.to_owned(),
                expected: "a run with one network",
                found: format!("this one has {}", self.models().len()),
            });
        };
        let record = serde_json::to_string(model.record())
            .map_err(|error| TrainError::io(path, "write")(error.into()))?;
        let origin = self.origin().map(|run| serde_json::to_string(&without_paths(run)));
        let origin =
            origin.transpose().map_err(|error| TrainError::io(path, "write")(error.into()))?;
        let bytes = weights::to_bytes(model.network(), record, origin).map_err(|problem| {
            TrainError::BadRunFile { path: path.to_owned(), expected: EXPECTED, found: problem }
        })?;
        write_file(path, &bytes)
    }

    /// Opens a file that [`Predictor::save_model`] wrote.
    ///
    /// # Errors
    /// [`TrainError::Io`] if it cannot be read, [`TrainError::BadRunFile`] if it is no such file, is cut off, or holds
    /// other tensors than its network has.
    pub fn open_model(path: &Path, device: &Device) -> Result<Self, TrainError> {
        let bytes = std::fs::read(path).map_err(TrainError::io(path, "read"))?;
        Self::from_model(path, bytes, device)
    }

    /// Like [`Predictor::open_model`], with a file's contents that are in memory.
    ///
    /// # Errors
    /// [`TrainError::BadRunFile`] as there, with the path `name`.
    pub fn from_model_bytes(
        name: &str,
        bytes: Vec<u8>,
        device: &Device,
    ) -> Result<Self, TrainError> {
        Self::from_model(&PathBuf::from(name), bytes, device)
    }

    fn from_model(path: &Path, bytes: Vec<u8>, device: &Device) -> Result<Self, TrainError> {
        let bad = |found: String| TrainError::BadRunFile {
            path: path.to_owned(),
            expected: EXPECTED,
            found,
        };
        let record = header::metadata(&bytes, weights::KEY).map_err(&bad)?;
        let record: ModelRecord = serde_json::from_str(&record)
            .map_err(|error| bad(format!("its record is broken: {error}")))?;
        if let Some(problem) = record.problem() {
            return Err(bad(problem));
        }
        let origin = header::metadata(&bytes, weights::RUN).ok();
        let origin = origin.and_then(|run| serde_json::from_str(&run).ok());
        let network = record.network.init(device)?;
        let network = weights::from_bytes(network, bytes).map_err(&bad)?;
        let epoch = record.epochs;
        // For people: a file answers without it, or with that of another version.
        Ok(Self::of_model(Model::new(network, record, epoch), origin, device))
    }
}

/// The record of a run, for others: what lies where on this machine is nobody's business.
fn without_paths(run: &RunRecord) -> RunRecord {
    let name = |path: &Path| path.file_name().map(PathBuf::from).unwrap_or_default();
    let mut run = run.clone();
    if let Some(list) = &mut run.config.down_weight {
        list.file = name(&list.file);
    }
    if let Some(weights) = &mut run.config.initial_weights {
        *weights = name(weights);
    }
    run
}

/// What an error says of a file that is something else.
const EXPECTED: &str = "a model file of one network";
