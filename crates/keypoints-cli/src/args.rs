//! Flags that several programs take.

use std::path::PathBuf;

use burn::tensor::Device;
use clap::Args;
use keypoints_train::{DEVICE_NAMES, TrainError, parse_device};

/// Where the data lies when nobody says otherwise.
pub const DEFAULT_DATA: &str = "data";

/// `--data`: where the competition's files are.
#[derive(Args, Clone, Debug)]
pub struct DataArgs {
    /// Folder with training.csv, test.csv and IdLookupTable.csv, or with Kaggle's zips of them.
    ///
    /// Without any of them in the default folder, 1000 synthetic training faces are made in data/synthetic
    /// and used instead.
    #[arg(long, value_name = "DIR", default_value = DEFAULT_DATA)]
    pub data: PathBuf,
}

/// `--device`: where to compute.
#[derive(Args, Clone, Debug)]
pub struct DeviceArgs {
    /// Where to compute. `auto` takes the first GPU backend of this build that works, else the CPU.
    ///
    /// Builds have `flex` (the CPU) and whatever GPU features they were made with: --features cuda, wgpu or
    /// vulkan.
    #[arg(long, value_name = "NAME", default_value = "auto", value_parser = device_names())]
    pub device: String,
}

/// Only the names that this build understands pass; clap lists them on a mistake.
fn device_names() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(DEVICE_NAMES)
}

impl DeviceArgs {
    /// Opens the device and makes sure that it computes; from now on, freed memory is [kept](crate::keep_freed_memory).
    ///
    /// # Errors
    /// [`TrainError::DeviceUnavailable`] where the driver or the hardware is missing.
    pub fn open(&self) -> Result<Device, TrainError> {
        crate::keep_freed_memory();
        parse_device(&self.device)
    }
}
