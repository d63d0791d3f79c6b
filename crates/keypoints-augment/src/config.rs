//! Which steps, and how strong.

use keypoints_core::REFERENCE_SIDE;
use serde::{Deserialize, Serialize};

use crate::error::AugmentError;

/// What each step may do at most; a picture draws its own share of it. Every step is off by default.
///
/// Lengths are in pixels of a picture with the [reference side](keypoints_core::REFERENCE_SIDE): a shift of 8 is a twelfth of
/// the side, however large the pictures are.
///
/// "±" numbers are drawn evenly between the two signs; factors so that ×f and ÷f are as likely.
///
/// ```
/// use keypoints_augment::AugmentConfig;
///
/// let config: AugmentConfig = serde_json::from_str(r#"{ "flip": 0.5, "rotation": 10, "elastic": { "amplitude": 2 } }"#)?;
/// assert_eq!((config.rotation, config.elastic.grid), (10.0, 4));
/// assert_eq!(config.scale, 1.0); // off
/// assert!(AugmentConfig::default().is_none());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AugmentConfig {
    /// Probability of a mirror image, `0..=1`. Left and right keypoints change places with it.
    pub flip: f64,
    /// ± degrees about the image centre, `0..=180`.
    pub rotation: f64,
    /// Larger or smaller by up to this factor, `1..=2`.
    pub scale: f64,
    /// ± degrees by which vertical lines lean, `0..=45`.
    pub shear: f64,
    /// ± so far, in either direction, `0..=48`.
    pub shift: f64,
    /// ± share by which the magnification changes from the image centre to an edge, in either direction,
    /// `0..=0.2`.
    pub perspective: f64,
    /// A smooth random field that bends the face.
    pub elastic: ElasticConfig,
    /// Standard deviation of a Gaussian blur, evenly from 0 up to this; `0..=8`.
    pub blur: f64,
    /// Grey values to the power of up to this or one over it, `1..=10`.
    pub gamma: f64,
    /// Distance from mid-grey multiplied or divided by up to this, `1..=10`.
    pub contrast: f64,
    /// ± grey, of white 1, `0..=1`.
    pub brightness: f64,
    /// Standard deviation of Gaussian noise, in grey of white 1, evenly from 0 up to this; `0..=1`.
    pub noise: f64,
    /// A grey square somewhere on the image.
    pub cutout: CutoutConfig,
}

/// Control points on a grid are pushed at random, and a cubic B-spline makes a smooth field of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ElasticConfig {
    /// ± so far is a control point pushed in either direction; at most `19 / grid`, so that the image
    /// never folds over itself.
    pub amplitude: f64,
    /// Cells of the grid along a side, `1..=16`: the more, the finer the waves.
    pub grid: usize,
}

impl Default for ElasticConfig {
    fn default() -> Self {
        Self { amplitude: 0.0, grid: 4 }
    }
}

/// A square of mid-grey over the face. Points below it keep their labels: the rest of the face tells where
/// they are.
///
/// Source: DeVries and Taylor, "Improved Regularization of Convolutional Neural Networks with Cutout" (2017).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CutoutConfig {
    /// How many of the faces get one, `0..=1`.
    pub probability: f64,
    /// Side of the square, `1..=96`, a picture being 96 wide; its middle lies anywhere on the image.
    pub size: f64,
}

impl Default for CutoutConfig {
    fn default() -> Self {
        Self { probability: 0.0, size: 24.0 }
    }
}

impl Default for AugmentConfig {
    fn default() -> Self {
        Self::none()
    }
}

impl AugmentConfig {
    /// The names of the presets.
    pub const NAMES: &'static [&'static str] = &["none", "standard", "no_flip"];

    /// The preset of that name, if there is one.
    ///
    /// ```
    /// use keypoints_augment::AugmentConfig;
    ///
    /// assert_eq!(AugmentConfig::by_name("standard"), Some(AugmentConfig::standard()));
    /// assert_eq!(AugmentConfig::by_name("wild"), None);
    /// ```
    pub fn by_name(name: &str) -> Option<Self> {
        match name {
            "none" => Some(Self::none()),
            "standard" => Some(Self::standard()),
            "no_flip" => Some(Self { flip: 0.0, ..Self::standard() }),
            _ => None,
        }
    }

    /// Faces as they are.
    pub fn none() -> Self {
        Self {
            flip: 0.0,
            rotation: 0.0,
            scale: 1.0,
            shear: 0.0,
            shift: 0.0,
            perspective: 0.0,
            elastic: ElasticConfig::default(),
            blur: 0.0,
            gamma: 1.0,
            contrast: 1.0,
            brightness: 0.0,
            noise: 0.0,
            cutout: CutoutConfig::default(),
        }
    }

    /// What suits faces that stand upright and fill the image: flip, some rotation, scale and shift, other
    /// light.
    pub fn standard() -> Self {
        Self {
            flip: 0.5,
            rotation: 18.0,
            scale: 1.16,
            shift: 8.0,
            contrast: 1.2,
            brightness: 0.1,
            ..Self::none()
        }
    }

    /// Whether no step does anything.
    pub fn is_none(&self) -> bool {
        let none = Self::none();
        // What says how, not how much.
        let elastic = ElasticConfig { grid: none.elastic.grid, ..self.elastic };
        let cutout = CutoutConfig { size: none.cutout.size, ..self.cutout };
        Self { elastic, cutout, ..*self } == none
    }

    /// Whether anything but a flip moves pixels.
    pub(super) fn moves(&self) -> bool {
        self.scale != 1.0 || self.shift != 0.0 || self.mixes_axes()
    }

    /// Whether the new x of a point may depend on its y, or the other way round.
    pub(super) fn mixes_axes(&self) -> bool {
        self.axis_mixing().into_iter().any(|(_, strength)| strength != 0.0)
    }

    /// The steps that do so.
    pub(super) fn axis_mixing(&self) -> [(&'static str, f64); 4] {
        [
            ("augment.rotation", self.rotation),
            ("augment.shear", self.shear),
            ("augment.perspective", self.perspective),
            ("augment.elastic.amplitude", self.elastic.amplitude),
        ]
    }

    /// Refuses strengths that make no sense.
    ///
    /// # Errors
    /// [`AugmentError::InvalidConfig`] with the first such field, `augment.scale` for example.
    pub fn check(&self) -> Result<(), AugmentError> {
        let limits = [
            ("augment.flip", "in 0..=1", self.flip, 0.0..=1.0),
            ("augment.rotation", "in 0..=180", self.rotation, 0.0..=180.0),
            ("augment.scale", "in 1..=2", self.scale, 1.0..=SCALE),
            ("augment.shear", "in 0..=45", self.shear, 0.0..=SHEAR),
            ("augment.shift", "in 0..=48", self.shift, 0.0..=SHIFT),
            ("augment.perspective", "in 0..=0.2", self.perspective, 0.0..=PERSPECTIVE),
            ("augment.blur", "in 0..=8", self.blur, 0.0..=8.0),
            ("augment.gamma", "in 1..=10", self.gamma, 1.0..=10.0),
            ("augment.contrast", "in 1..=10", self.contrast, 1.0..=10.0),
            ("augment.brightness", "in 0..=1", self.brightness, 0.0..=1.0),
            ("augment.noise", "in 0..=1", self.noise, 0.0..=1.0),
            ("augment.cutout.probability", "in 0..=1", self.cutout.probability, 0.0..=1.0),
        ];
        let invalid = |field, expected, found: String| {
            Err(AugmentError::InvalidConfig { field, expected, found })
        };
        for (field, expected, found, range) in limits {
            if !range.contains(&found) {
                return invalid(field, expected, found.to_string());
            }
        }
        if !(1.0..=REFERENCE_SIDE as f64).contains(&self.cutout.size) {
            return invalid("augment.cutout.size", "in 1..=96", self.cutout.size.to_string());
        }
        let ElasticConfig { amplitude, grid } = self.elastic;
        if !(1..=16).contains(&grid) {
            return invalid("augment.elastic.grid", "in 1..=16", grid.to_string());
        }
        if !(0.0..=STRONGEST / grid as f64).contains(&amplitude) {
            let found = format!("{amplitude} with a grid of {grid}");
            return invalid("augment.elastic.amplitude", "in 0..=19/grid", found);
        }
        Ok(())
    }
}

/// The largest push of an elastic field times the number of its cells.
const STRONGEST: f64 = 19.0;
/// The largest factor of a warp.
pub(super) const SCALE: f64 = 2.0;
/// The steepest shear, in degrees.
pub(super) const SHEAR: f64 = 45.0;
/// The furthest shift: half of the side.
const SHIFT: f64 = 48.0;
/// The strongest perspective. Together with the limits of shifts and elastic fields it keeps every pixel of the image in
/// front of the viewer: `1 − 2 · 0.2 · (1 + (48 + 19) / 47.5) > 0`.
pub(super) const PERSPECTIVE: f64 = 0.2;

#[cfg(test)]
mod tests;
