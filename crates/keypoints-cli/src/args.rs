//! Flags that several programs take.

use std::path::PathBuf;

use burn::tensor::Device;
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};
use keypoints_core::REFERENCE_SIDE;
use keypoints_data::annotations::{FORMATS, Format};
use keypoints_train::{DEVICE_NAMES, TrainError, parse_device};

/// Where the data lies when nobody says otherwise.
pub const DEFAULT_DATA: &str = "data";

/// `--data`: where the labelled pictures are, and how pictures of the user's own are read.
#[derive(Args, Clone, Debug)]
pub struct DataArgs {
    /// Labelled pictures: a folder with Kaggle's training.csv, test.csv and IdLookupTable.csv (or zips of them), or pictures of your
    /// own: a label file, or the folder with it or with .pts files. `--data-format` lists the formats.
    ///
    /// Where nothing is in the default folder, 1000 synthetic training faces are made in data/synthetic and used instead.
    #[arg(long, value_name = "PATH", default_value = DEFAULT_DATA)]
    pub data: PathBuf,

    /// Format of the labels [default: told by content].
    #[arg(long, value_name = "NAME", help_heading = OWN, value_parser = format_names())]
    pub data_format: Option<String>,

    /// What the points mean: kaggle-15, ibug-68, wflw-98, coco-face-68, or a JSON file with names, mirror pairs and unit [default:
    /// points.json beside the labels, else guessed].
    #[arg(long, value_name = "NAME|FILE", help_heading = OWN)]
    pub schema: Option<String>,

    /// Use only these points: names or numbers from 1, such as 37-48,nose_tip.
    #[arg(long, value_name = "LIST", help_heading = OWN)]
    pub points: Option<String>,

    /// Side of the pictures that the network sees, in pixels. Objects are cut out of photos and brought to this size.
    #[arg(long, value_name = "PIXELS", default_value_t = REFERENCE_SIDE, help_heading = OWN)]
    pub side: usize,

    /// Keep the pictures' colours [default: grey].
    #[arg(long, alias = "color", help_heading = OWN)]
    pub colour: bool,

    /// Space around an object's box, or around the box of its points, as a share of the longer side [default: 0.15].
    #[arg(long, value_name = "SHARE", help_heading = OWN)]
    pub margin: Option<f64>,

    /// Folder that the labels name pictures from [default: the label file's].
    #[arg(long = "pictures", value_name = "DIR", help_heading = OWN)]
    pub picture_folder: Option<PathBuf>,

    /// Whether the labels count from the edge of the first pixel and not from its centre [default: as usual in the format].
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", help_heading = OWN)]
    pub from_edge: Option<bool>,

    /// End at the first picture or label that cannot be used, instead of leaving it out.
    #[arg(long, help_heading = OWN)]
    pub strict: bool,

    /// Folder for cut pictures, which the next start takes from there.
    #[arg(long, value_name = "DIR", default_value = "runs/cache", help_heading = OWN)]
    pub cache: PathBuf,
}

const OWN: &str = "Pictures of your own";

fn format_names() -> PossibleValuesParser {
    let value = |one: &&dyn Format| PossibleValue::new(one.name()).help(one.about());
    FORMATS.iter().map(value).collect::<Vec<_>>().into()
}

/// Reads a number above 0 that a user writes.
///
/// # Errors
/// What was expected, for clap.
pub fn parse_positive(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|one: &f64| one.is_finite() && *one > 0.0);
    number.ok_or_else(|| "expected a number above 0".to_owned())
}

/// Reads a score that a user writes: a number from 0 to 1.
///
/// # Errors
/// What was expected, for clap.
pub fn parse_score(text: &str) -> Result<f32, String> {
    let score = text.parse().ok().filter(|score| (0.0..=1.0).contains(score));
    score.ok_or_else(|| "expected a number from 0 to 1".to_owned())
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
fn device_names() -> PossibleValuesParser {
    PossibleValuesParser::new(DEVICE_NAMES)
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
