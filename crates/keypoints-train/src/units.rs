//! What the numbers that a network predicts mean.

use keypoints_core::{CoordinateScale, PictureShape};
use serde::{Deserialize, Serialize};

/// The unit of a network's outputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoordinateUnits {
    /// −1..1 about the middle of the picture.
    #[default]
    Centred,
    /// Pixels of the picture.
    Pixels,
}

impl CoordinateUnits {
    /// The scale for pictures of this shape.
    ///
    /// ```
    /// use keypoints_core::PictureShape;
    /// use keypoints_train::CoordinateUnits;
    ///
    /// let scale = CoordinateUnits::Centred.scale(PictureShape::grey(64));
    /// assert_eq!((scale.normalize(0.0), scale.normalize(48.0)), (-1.0, 0.5));
    /// ```
    pub const fn scale(self, pictures: PictureShape) -> CoordinateScale {
        match self {
            Self::Centred => CoordinateScale::centred(pictures.side),
            Self::Pixels => CoordinateScale::PIXELS,
        }
    }
}
