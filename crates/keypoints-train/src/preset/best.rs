//! As far as one network goes.

use keypoints_models::NetworkConfig;
use keypoints_models::compact::CompactConfig;

use super::fast::fast;
use crate::config::TrainConfig;

/// [`fast()`] with a wider network and more time.
pub(super) fn best() -> TrainConfig {
    TrainConfig {
        network: NetworkConfig::CompactNet(CompactConfig { width: 24, ..Default::default() }),
        epochs: 100,
        weight_average: Some(0.9995),
        ..fast()
    }
}
