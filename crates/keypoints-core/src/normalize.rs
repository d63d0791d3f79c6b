//! From pixels to the numbers that networks like, and back.

use serde::{Deserialize, Serialize};

/// Brings a pixel value from `0..=255` to `0.0..=1.0`.
///
/// ```
/// use keypoints_core::normalize_pixel;
///
/// assert_eq!(normalize_pixel(0), 0.0);
/// assert_eq!(normalize_pixel(51), 0.2);
/// assert_eq!(normalize_pixel(255), 1.0);
/// ```
pub const fn normalize_pixel(value: u8) -> f32 {
    value as f32 / 255.0
}

/// Brings pixel values from `0..=255` to `0.0..=1.0`, in the same order.
pub fn normalize_pixels(values: &[u8]) -> Vec<f32> {
    values.iter().copied().map(normalize_pixel).collect()
}

/// How a coordinate in pixels becomes the number that a network is trained to predict.
///
/// `normalize` is `(pixels − offset) / scale`; `denormalize` undoes it up to rounding. An error in
/// normalised units times `scale` is the error in pixels.
///
/// ```
/// use keypoints_core::CoordinateScale;
///
/// let scale = CoordinateScale::centred(96);
/// assert_eq!(scale.normalize(0.0), -1.0);
/// assert_eq!(scale.normalize(72.0), 0.5);
/// assert_eq!(scale.denormalize(scale.normalize(66.0)), 66.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoordinateScale {
    /// The place, in pixels, that becomes zero.
    pub offset: f32,
    /// The distance, in pixels, that becomes one. Not zero.
    pub scale: f32,
}

impl CoordinateScale {
    /// Pixels as they are.
    pub const PIXELS: Self = Self { offset: 0.0, scale: 1.0 };

    /// `(v − side/2) / (side/2)`: the picture becomes `-1.0..=1.0`.
    pub const fn centred(side: usize) -> Self {
        let half = side as f32 / 2.0;
        Self { offset: half, scale: half }
    }

    /// From pixels to network units.
    pub const fn normalize(self, pixels: f32) -> f32 {
        (pixels - self.offset) / self.scale
    }

    /// From network units back to pixels.
    pub const fn denormalize(self, value: f32) -> f32 {
        value * self.scale + self.offset
    }
}

#[cfg(test)]
mod tests;
