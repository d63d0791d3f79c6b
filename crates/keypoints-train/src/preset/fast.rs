//! Minutes on a CPU.

use keypoints_models::NetworkConfig;
use keypoints_models::compact::CompactConfig;

use crate::augment::AugmentConfig;
use crate::config::TrainConfig;
use crate::label_shift::LabelShift;
use crate::loss::LossConfig;
use crate::optimizer::OptimizerConfig;
use crate::schedule::Schedule;
use crate::strategy::{Masked, StrategyConfig};

/// The compact network with a head per label regime, on all rows, augmented; its heat maps are taught to be bells on the
/// labels.
pub(super) fn fast() -> TrainConfig {
    TrainConfig {
        network: NetworkConfig::CompactNet(CompactConfig::default()),
        strategy: StrategyConfig::Masked(Masked::TWO_HEAD),
        epochs: 16,
        // Many small steps: 45,000 faces in batches of 64, 32 and 16 came to 1.46, 1.38 and 1.30 pixels on held-out ones.
        batch_size: 16,
        loss: LossConfig::HeatMapKl { spread: 2.0 },
        optimizer: OptimizerConfig::adam_w().with_weight_decay(0.05),
        learning_rate: 3e-3,
        schedule: Schedule::Cosine { warmup: 0.1 },
        weight_average: Some(0.998),
        augment: AugmentConfig::standard(),
        flip_average: true,
        label_shift: LabelShift::Measured,
        validate_every: 4,
        ..TrainConfig::default()
    }
}
