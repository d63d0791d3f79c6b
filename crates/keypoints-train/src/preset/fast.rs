//! Minutes on a CPU.

use keypoints_models::NetworkConfig;
use keypoints_models::compact::CompactConfig;

use crate::augment::AugmentConfig;
use crate::config::TrainConfig;
use crate::loss::LossConfig;
use crate::optimizer::OptimizerConfig;
use crate::schedule::Schedule;
use crate::strategy::{Masked, StrategyConfig};

/// The compact network with a head per label regime, on all rows, augmented.
pub(super) fn fast() -> TrainConfig {
    TrainConfig {
        network: NetworkConfig::CompactNet(CompactConfig::default()),
        strategy: StrategyConfig::Masked(Masked::TWO_HEAD),
        epochs: 16,
        batch_size: 64,
        loss: LossConfig::SmoothL1 { beta: 2.0 },
        optimizer: OptimizerConfig::adam_w().with_weight_decay(0.05),
        learning_rate: 3e-3,
        schedule: Schedule::Cosine { warmup: 0.1 },
        weight_average: Some(0.998),
        augment: AugmentConfig::standard(),
        flip_average: true,
        validate_every: 4,
        ..TrainConfig::default()
    }
}
