//! Settings of EfficientNet.

use keypoints_core::{PictureShape, REFERENCE_SIDE};
use serde::{Deserialize, Serialize};

use super::table::{STAGES, VARIANTS, Variant};
use crate::error::ModelError;
use crate::network::NetworkSettings;

/// Settings of [`EfficientNet`](super::EfficientNet); the defaults are B0's.
///
/// ```
/// use burn::tensor::Device;
/// use keypoints_models::efficientnet::EfficientNetConfig;
/// use keypoints_models::trained_parameters;
///
/// let device = Device::flex().autodiff();
/// let imagenet = EfficientNetConfig { outputs: 1000, ..Default::default() };
/// assert_eq!(trained_parameters(&imagenet.init(&device)?), 5_288_548);
/// let narrow = EfficientNetConfig { outputs: 30, width: 0.25, stages: 3, ..Default::default() };
/// assert_eq!(trained_parameters(&narrow.init(&device)?), 16_418);
/// # Ok::<(), keypoints_models::ModelError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EfficientNetConfig {
    /// Regressed values: two per keypoint. 0, the default, until a schema says how many.
    pub outputs: usize,
    /// Width and height that the network works at; a multiple of 32. Pictures of another size are resized. `null` is the side of
    /// the pictures, rounded up to such a multiple.
    ///
    /// 224 is what the ImageNet weights were trained at, 96 costs less than a fifth of that.
    pub input_side: Option<usize>,
    /// Factor on the channels of B0.
    pub width: f64,
    /// Factor on the blocks of B0, rounded up stage by stage.
    pub depth: f64,
    /// How many of the seven stages there are, from the first. Less than seven for a smaller network.
    pub stages: usize,
    /// The Lite form: ReLU6 in the place of SiLU, and no squeeze-and-excitation.
    pub lite: bool,
    /// Share of the features dropped before the head, in `0..1`.
    pub dropout: f64,
    /// Probability that a picture does without the last block, in `0..1`; it grows from 0 at the first.
    pub stochastic_depth: f64,
}

impl Default for EfficientNetConfig {
    fn default() -> Self {
        Self {
            outputs: 0,
            input_side: None,
            width: 1.0,
            depth: 1.0,
            stages: STAGES.len(),
            lite: false,
            dropout: 0.2,
            stochastic_depth: 0.2,
        }
    }
}

impl EfficientNetConfig {
    /// A member of the family by its name, `b0` to `b4` or `lite0`, at the side of the pictures.
    ///
    /// # Errors
    /// [`ModelError::UnknownNetwork`] with the names there are.
    ///
    /// ```
    /// use keypoints_models::efficientnet::EfficientNetConfig;
    ///
    /// assert_eq!(EfficientNetConfig::variant("b1")?.depth, 1.1);
    /// assert_eq!(EfficientNetConfig::variant("b0")?, EfficientNetConfig::default());
    /// # Ok::<(), keypoints_models::ModelError>(())
    /// ```
    pub fn variant(name: &str) -> Result<Self, ModelError> {
        let Some(row) = VARIANTS.iter().find(|row| row.name == name) else {
            let known = VARIANTS.iter().map(|row| row.name).collect();
            return Err(ModelError::UnknownNetwork { name: name.to_owned(), known });
        };
        let Variant { width, depth, dropout, lite, .. } = *row;
        Ok(Self { width, depth, dropout, lite, ..Self::default() })
    }

    /// Checks the settings: see [`init`](Self::init).
    pub(super) fn check(&self) -> Result<(), ModelError> {
        let invalid = |field, expected, found: String| {
            Err(ModelError::InvalidConfig { network: "efficientnet", field, expected, found })
        };
        // Upper ends, far beyond use, so that a slip of the keyboard is no failed allocation.
        if !(1..=4096).contains(&self.outputs) {
            return invalid("outputs", "in 1..=4096", self.outputs.to_string());
        }
        if !is_side(self.image_side()) {
            let expected = "at most 4096 and a positive multiple of 32";
            return invalid("input_side", expected, self.image_side().to_string());
        }
        for (field, factor) in [("width", self.width), ("depth", self.depth)] {
            // The largest published member is twice as wide and 3.1 times as deep.
            if !(factor > 0.0 && factor <= 8.0) {
                return invalid(field, "above 0 and at most 8", factor.to_string());
            }
        }
        if !(1..=STAGES.len()).contains(&self.stages) {
            return invalid("stages", "in 1..=7", self.stages.to_string());
        }
        for (field, share) in
            [("dropout", self.dropout), ("stochastic_depth", self.stochastic_depth)]
        {
            if !(0.0..1.0).contains(&share) {
                return invalid(field, "in 0..1", share.to_string());
            }
        }
        Ok(())
    }
}

impl NetworkSettings for EfficientNetConfig {
    fn image_side(&self) -> usize {
        self.input_side.unwrap_or(REFERENCE_SIDE)
    }

    /// Takes grey and colour alike: see [`imagenet_input`](super::imagenet_input).
    fn set_pictures(&mut self, shape: PictureShape) {
        self.input_side.get_or_insert(shape.side.next_multiple_of(32));
    }

    /// Maps are averaged at the end, whatever their size.
    fn takes_side(&self, side: usize) -> bool {
        is_side(side)
    }

    /// Pictures are resized, up or down.
    fn scales(&self, _picture: usize, _side: usize) -> bool {
        true
    }
}

/// Returns whether a picture of that side can be halved five times.
pub(super) fn is_side(side: usize) -> bool {
    (1..=4096).contains(&side) && side.is_multiple_of(32)
}
