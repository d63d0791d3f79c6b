//! As far as one network goes.

use keypoints_models::NetworkConfig;
use keypoints_models::compact::CompactConfig;

use super::fast::fast;
use crate::config::TrainConfig;

/// [`fast()`] with a wider network and five looks at a face.
///
/// A fold takes twelve minutes on two cores. Five folds came to 1.34 pixels, 1.07 without mislabelled rows, where `fast` has 1.43
/// and 1.14; longer runs have not been measured.
pub(super) fn best() -> TrainConfig {
    TrainConfig {
        // 32 rather than 24: with registers of 16 channels they cost the same.
        network: NetworkConfig::CompactNet(CompactConfig { width: 32, ..Default::default() }),
        weight_average: Some(0.999),
        // Half a cell of its heat maps.
        shift_average: 2,
        ..fast()
    }
}
