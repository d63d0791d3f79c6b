//! How many faces, and with which habits.

use serde::{Deserialize, Serialize};

/// What [`generate`](super::generate) is to make. The shares are taken as within `0.0..=1.0`.
///
/// ```
/// use keypoints_data::synth::SynthConfig;
///
/// let config = SynthConfig { training: 100, ..SynthConfig::default() };
/// assert_eq!((config.test, config.seed), (250, 42));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SynthConfig {
    /// Rows of the training data.
    pub training: usize,
    /// Test images.
    pub test: usize,
    /// Two sets with the same seed are the same.
    pub seed: u64,
    /// Share of rows labelled at four points only. The real training data has 4765 of 7049.
    pub four_point_share: f64,
    /// Share of full rows of which some points are missing all the same. Four-point rows miss one at a
    /// twenty-fifth of this rate.
    pub odd_gap_share: f64,
    /// Share of training rows that show the picture of an earlier row of the same label source.
    pub duplicate_share: f64,
}

impl Default for SynthConfig {
    fn default() -> Self {
        Self {
            training: 1000,
            test: 250,
            seed: 42,
            four_point_share: 4765.0 / 7049.0,
            odd_gap_share: 0.06,
            duplicate_share: 0.08,
        }
    }
}
