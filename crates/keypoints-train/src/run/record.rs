//! `run.json`: what decides the result of a run.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use burn::tensor::Device;
use keypoints_core::{Dataset, Named};
use keypoints_kernels::SimdLevel;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::folder::{RunFolder, read_json, write_json};
use crate::config::TrainConfig;
use crate::device::{describe_device, is_cpu};
use crate::error::TrainError;
use crate::settings::{config_of_older, first_difference, to_json};
use crate::training::InitialWeights;

/// Which data a run saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataRecord {
    /// Hash over all pixels and labels, as sixteen hexadecimal digits.
    pub fingerprint: String,
    /// Labelled faces.
    pub rows: usize,
    /// Name of the schema.
    #[serde(default)]
    pub schema: String,
    /// Rows of each label source.
    #[serde(default)]
    pub sources: Named<usize>,
}

impl DataRecord {
    /// Describes a dataset.
    pub fn of(dataset: &Dataset) -> Self {
        let schema = dataset.schema();
        let names = schema.sources().iter().map(|source| source.name().to_owned());
        Self {
            fingerprint: format!("{:016x}", dataset.fingerprint()),
            rows: dataset.len(),
            schema: schema.name().to_owned(),
            sources: names.zip(dataset.rows_by_source()).collect(),
        }
    }

    /// Refuses to go on with other data than what the file at `path` was made with.
    pub(crate) fn check_same(&self, now: &Self, path: PathBuf) -> Result<(), TrainError> {
        if self == now {
            return Ok(());
        }
        let text = |data: &Self| format!("{} of {} rows", data.fingerprint, data.rows);
        let (expected, found) = (text(now), text(self));
        Err(TrainError::RunMismatch { path, what: "dataset", expected, found })
    }
}

/// The contents of `run.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Name and version of the program.
    pub program: String,
    /// Start of the run, in seconds since 1970.
    pub started: u64,
    /// The device that the run started on.
    pub device: String,
    /// The instructions that a CPU's kernels used then: others round otherwise. `None` on a GPU, and in runs of older programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernels: Option<String>,
    /// The data.
    pub data: DataRecord,
    /// All settings, the seed among them.
    #[serde(deserialize_with = "config_of_older")]
    pub config: TrainConfig,
    /// The name of a network that is not in the config but was given by the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_network: Option<String>,
    /// The name of a strategy that is not in the config but was given by the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_strategy: Option<String>,
    /// Hash over the rows that count less in the loss, as sixteen hexadecimal digits; `None` without a list of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down_weighted: Option<String>,
    /// SHA-256 of the file of weights to start from, as 64 hexadecimal digits; `None` without one, and in runs of older programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial_weights_sha256: Option<String>,
}

impl RunRecord {
    /// The record of a run that starts now.
    pub(crate) fn starting(
        dataset: &Dataset,
        config: &TrainConfig,
        own_network: Option<&str>,
        custom_strategy: Option<&str>,
        device: &Device,
    ) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            program: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
            started: now.map_or(0, |elapsed| elapsed.as_secs()),
            device: describe_device(device),
            kernels: is_cpu(device).then(|| SimdLevel::best().name().to_owned()),
            data: DataRecord::of(dataset),
            config: config.clone(),
            own_network: own_network.map(str::to_owned),
            custom_strategy: custom_strategy.map(str::to_owned),
            down_weighted: None,
            initial_weights_sha256: None,
        }
    }

    /// Reads the record of a run.
    ///
    /// # Errors
    /// [`TrainError::Io`] or [`TrainError::BadRunFile`] with the file.
    pub fn read(folder: &RunFolder) -> Result<Self, TrainError> {
        read_json(&folder.record_path(), "the record of a run")
    }

    /// Writes the record into its run folder.
    pub(crate) fn write(&self, folder: &RunFolder) -> Result<(), TrainError> {
        write_json(&folder.record_path(), self)
    }

    /// Refuses to go on with other settings or other data than the run was started with.
    pub(crate) fn check_same(&self, now: &Self, folder: &RunFolder) -> Result<(), TrainError> {
        let mismatch = |what, expected: String, found: String| {
            Err(TrainError::RunMismatch { path: folder.record_path(), what, expected, found })
        };
        self.data.check_same(&now.data, folder.record_path())?;
        if self.custom_strategy != now.custom_strategy {
            let text = |name: &Option<String>| name.clone().unwrap_or("none".to_owned());
            let (expected, found) = (text(&now.custom_strategy), text(&self.custom_strategy));
            return mismatch("custom strategy", expected, found);
        }
        if self.own_network != now.own_network {
            let text = |name: &Option<String>| name.clone().unwrap_or("none".to_owned());
            let (expected, found) = (text(&now.own_network), text(&self.own_network));
            return mismatch("network of a program's own", expected, found);
        }
        if self.down_weighted != now.down_weighted {
            let text = |hash: &Option<String>| hash.clone().unwrap_or("none".to_owned());
            let (expected, found) = (text(&now.down_weighted), text(&self.down_weighted));
            return mismatch("list of down-weighted rows", expected, found);
        }
        if let (Some(then), Some(now)) = (self.weights_hash(folder)?, &now.initial_weights_sha256)
            && then != *now
        {
            return mismatch("file of weights", now.clone(), then);
        }
        let then = self.config.comparable_with(&now.config);
        if then != now.config {
            let (expected, found) = difference(&now.config, &then);
            return mismatch("config", expected, found);
        }
        Ok(())
    }
}

impl RunRecord {
    /// The hash of the weights that the run started from. Older programs noted it beside the networks only.
    fn weights_hash(&self, folder: &RunFolder) -> Result<Option<String>, TrainError> {
        if self.initial_weights_sha256.is_some() || self.config.initial_weights.is_none() {
            return Ok(self.initial_weights_sha256.clone());
        }
        let networks = std::fs::read_dir(folder.path().join("models")).into_iter().flatten();
        let networks = networks.flatten().map(|network| RunFolder::new(network.path()));
        let noted =
            |network: RunFolder| Some(network.initial_weights_path()).filter(|path| path.exists());
        match std::iter::once(folder.clone()).chain(networks).find_map(noted) {
            None => Ok(None),
            Some(path) => {
                let noted: InitialWeights = read_json(&path, "what the network started from")?;
                Ok(Some(noted.sha256))
            }
        }
    }
}

/// Names the first field in which two configs differ, with both values.
fn difference(now: &TrainConfig, then: &TrainConfig) -> (String, String) {
    let found = first_difference(&to_json(now), &to_json(then), "");
    let (field, now, then) = found.unwrap_or_default();
    let text = |value: Value| format!("{field} {}", beginning(&value.to_string()));
    (text(now), text(then))
}

/// What fits into a line of an error: lists of rows can be long.
fn beginning(value: &str) -> String {
    const FITS: usize = 120;
    match value.char_indices().nth(FITS) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}
