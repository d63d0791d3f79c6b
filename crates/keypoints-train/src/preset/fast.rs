//! Minutes on a CPU.

use keypoints_models::NetworkConfig;
use keypoints_models::compact::CompactConfig;

use crate::augment::AugmentConfig;
use crate::checkpoint::Checkpoint;
use crate::config::TrainConfig;
use crate::label_shift::LabelShift;
use crate::loss::LossConfig;
use crate::optimizer::OptimizerConfig;
use crate::schedule::Schedule;
use crate::strategy::{Masked, StrategyConfig};

/// The compact network with a head per label source, on all rows, augmented; its heat maps learn Gaussian targets on the
/// labels.
pub(super) fn fast() -> TrainConfig {
    TrainConfig {
        network: NetworkConfig::CompactNet(CompactConfig::default()),
        strategy: StrategyConfig::Masked(Masked::TWO_HEAD),
        epochs: 16,
        batch_size: 32,
        loss: LossConfig::HeatMapKl { spread: 2.0 },
        // Five folds came to 1.43 pixels with AdamW at 3e-3 in batches of 16, which took as long, and to 1.35 with this.
        optimizer: OptimizerConfig::muon().with_weight_decay(0.05),
        learning_rate: 0.02,
        schedule: Schedule::Cosine { warmup: 0.1 },
        weight_average: Some(0.998),
        augment: AugmentConfig::standard(),
        flip_average: true,
        label_shift: LabelShift::Measured,
        validate_every: 4,
        // The rate ends at zero, and wrong held-out labels select badly.
        checkpoint: Checkpoint::Last,
        ..TrainConfig::default()
    }
}
