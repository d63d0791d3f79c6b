//! From file units to the numbers that networks like, and back.

use serde::{Deserialize, Serialize};

/// Brings a grey value from `0..=255` to `0.0..=1.0`.
///
/// ```
/// use keypoints_data::normalize_pixel;
///
/// assert_eq!(normalize_pixel(0), 0.0);
/// assert_eq!(normalize_pixel(51), 0.2);
/// assert_eq!(normalize_pixel(255), 1.0);
/// ```
pub const fn normalize_pixel(grey: u8) -> f32 {
    grey as f32 / 255.0
}

/// Brings grey values from `0..=255` to `0.0..=1.0`, in the same order.
pub fn normalize_pixels(grey: &[u8]) -> Vec<f32> {
    grey.iter().copied().map(normalize_pixel).collect()
}

/// How a coordinate in pixels becomes the number that a network is trained to say.
///
/// `normalize` is `(pixels − offset) / scale`; `denormalize` undoes it up to rounding. An error in
/// normalised units times `scale` is the error in pixels.
///
/// ```
/// use keypoints_data::CoordinateScale;
///
/// let scale = CoordinateScale::CENTERED;
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
    /// `(v − 48) / 48`: the 96×96 image becomes `-1.0..=1.0`.
    pub const CENTERED: Self = Self { offset: 48.0, scale: 48.0 };
    /// Pixels as they are.
    pub const PIXELS: Self = Self { offset: 0.0, scale: 1.0 };

    /// From pixels to network units.
    pub const fn normalize(self, pixels: f32) -> f32 {
        (pixels - self.offset) / self.scale
    }

    /// From network units back to pixels.
    pub const fn denormalize(self, value: f32) -> f32 {
        value * self.scale + self.offset
    }
}

impl Default for CoordinateScale {
    /// [`CoordinateScale::CENTERED`].
    fn default() -> Self {
        Self::CENTERED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_come_back_within_a_rounding_error() {
        for scale in [CoordinateScale::CENTERED, CoordinateScale::PIXELS] {
            for tenth in 0..=960 {
                let pixels = tenth as f32 / 10.0;
                let back = scale.denormalize(scale.normalize(pixels));
                // Half a unit in the last place of 96, twice.
                assert!((back - pixels).abs() <= 8e-6, "{pixels} came back as {back}");
            }
        }
    }

    #[test]
    fn every_grey_value_comes_back() {
        let all: Vec<u8> = (0..=255).collect();
        let back: Vec<u8> =
            normalize_pixels(&all).iter().map(|value| (value * 255.0).round() as u8).collect();
        assert_eq!(back, all);
    }
}
