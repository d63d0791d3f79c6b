//! Settings of the compact network.

use keypoints_core::{PictureShape, REFERENCE_SIDE};
use serde::{Deserialize, Serialize};

use crate::error::ModelError;
use crate::network::NetworkSettings;

/// How [`CompactNet`](super::CompactNet) turns its features into coordinates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompactHead {
    /// A heat map per keypoint, read by [`soft_argmax`](fn@super::soft_argmax). The answers are places on the picture: −1 is the
    /// centre of the first pixel, 1 that of the pixel after the last.
    #[default]
    HeatMap,
    /// A linear layer. The outputs are numbers of any unit.
    Regression,
}

/// Settings of [`CompactNet`](super::CompactNet).
///
/// ```
/// use burn::tensor::Device;
/// use keypoints_models::{compact::CompactConfig, trained_parameters};
///
/// let device = Device::flex().autodiff();
/// let wide = CompactConfig { outputs: 30, ..Default::default() };
/// assert_eq!(trained_parameters(&wide.init(&device)?), 757_072);
/// let narrow = CompactConfig { width: 8, ..wide };
/// assert_eq!(trained_parameters(&narrow.init(&device)?), 190_120);
/// # Ok::<(), keypoints_models::ModelError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompactConfig {
    /// Regressed values: two per keypoint and head. 0, the default, until a schema says how many. With heat maps they come in pairs, x
    /// before y, one map per pair (of an odd number, the last pair's y is left out).
    pub outputs: usize,
    /// Channels of the pictures: 1 or 3.
    pub input_channels: usize,
    /// Width and height that the network works at; a multiple of 16. Larger pictures are averaged down to it if it
    /// divides their width. `null` is the side of the pictures.
    pub image_side: Option<usize>,
    /// Channels at half the side; doubled at each of the three halvings after it.
    pub width: usize,
    /// Residual blocks at each of the four sizes.
    pub blocks: usize,
    /// How features become coordinates.
    pub head: CompactHead,
}

impl Default for CompactConfig {
    fn default() -> Self {
        Self {
            outputs: 0,
            input_channels: 1,
            image_side: None,
            width: 16,
            blocks: 2,
            head: CompactHead::HeatMap,
        }
    }
}

impl CompactConfig {
    /// Checks the settings: see [`init`](Self::init).
    pub(super) fn check(&self) -> Result<(), ModelError> {
        let invalid = |field, expected, found: usize| {
            let found = found.to_string();
            Err(ModelError::InvalidConfig { network: "compact", field, expected, found })
        };
        // Upper ends, far beyond use, so that a slip of the keyboard is no failed allocation.
        if !matches!(self.input_channels, 1 | 3) {
            return invalid("input_channels", "1 or 3", self.input_channels);
        }
        if !is_side(self.image_side()) {
            let expected = "at most 4096 and a positive multiple of 16";
            return invalid("image_side", expected, self.image_side());
        }
        for (field, count, most, expected) in [
            ("outputs", self.outputs, 4096, "in 1..=4096"),
            ("width", self.width, 1024, "in 1..=1024"),
            ("blocks", self.blocks, 64, "in 1..=64"),
        ] {
            if !(1..=most).contains(&count) {
                return invalid(field, expected, count);
            }
        }
        Ok(())
    }
}

impl NetworkSettings for CompactConfig {
    fn image_side(&self) -> usize {
        self.image_side.unwrap_or(REFERENCE_SIDE)
    }

    fn set_pictures(&mut self, shape: PictureShape) {
        self.input_channels = shape.channels;
        self.image_side.get_or_insert(shape.side);
    }

    /// Heat maps have as many cells as the pictures allow; a regression head is made for one size.
    fn takes_side(&self, side: usize) -> bool {
        self.answers_in_places() && is_side(side)
    }

    fn answers_in_places(&self) -> bool {
        self.head == CompactHead::HeatMap
    }
}

/// Returns whether a picture of that side can be halved four times.
pub(super) fn is_side(side: usize) -> bool {
    (1..=4096).contains(&side) && side.is_multiple_of(16)
}
