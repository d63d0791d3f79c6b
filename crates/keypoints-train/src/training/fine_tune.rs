//! What is trained when, and how fast, where a network starts from weights of another task.

use burn::lr_scheduler::module_lr_scheduler::{ModuleLearningRate, ModuleLrSchedulerConfig};
use burn::module::{Module, ParamGroup};
use keypoints_models::{KeypointNetwork, backbone_group};

use crate::config::TrainConfig;
use crate::error::TrainError;

/// Freezes or frees the backbone for an epoch, counted from 1. Frozen batch norms keep their statistics, too.
pub(super) fn for_epoch<N: KeypointNetwork + Module>(
    network: N,
    config: &TrainConfig,
    epoch: usize,
) -> N {
    if config.frozen_epochs == 0 {
        return network;
    }
    let backbone = backbone_group(&network);
    match epoch <= config.frozen_epochs {
        true => network.freeze_group(backbone),
        false => network.unfreeze_group(backbone),
    }
}

/// The backbone, where it has a learning rate of its own.
pub(super) fn slower_part<N: KeypointNetwork + Module>(
    network: &N,
    config: &TrainConfig,
) -> Option<ParamGroup> {
    (config.backbone_rate != 1.0).then(|| backbone_group(network))
}

/// The learning rates of a step: `rate` for the head, and for the backbone too unless it has its own.
pub(super) fn rates(
    rate: f64,
    backbone: Option<&ParamGroup>,
    config: &TrainConfig,
) -> Result<ModuleLearningRate, TrainError> {
    let Some(backbone) = backbone else {
        return Ok(rate.into());
    };
    ModuleLrSchedulerConfig::new(rate.into())
        .with_group(backbone.clone(), rate * config.backbone_rate)
        .init()
        .map(|mut scheduler| scheduler.step())
        .map_err(TrainError::device)
}

#[cfg(test)]
mod tests;
