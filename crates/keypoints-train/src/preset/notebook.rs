//! The notebook's network.

use crate::config::TrainConfig;

/// `SimpleCnn` at full width on complete rows with Adam: the notebook's first strategy (section 3.3).
pub(super) fn notebook() -> TrainConfig {
    TrainConfig::default()
}
