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
mod tests {
    use super::*;
    use burn::tensor::Device;
    use keypoints_models::compact::CompactConfig;
    use keypoints_models::{Network, NetworkConfig, trained_parameters};

    #[test]
    fn the_backbone_freezes_and_thaws() {
        let config = CompactConfig { width: 2, blocks: 1, ..Default::default() };
        let network = NetworkConfig::CompactNet(config);
        let network = network.init(&Device::flex().autodiff()).unwrap();
        let all = trained_parameters(&network);
        let config = TrainConfig { frozen_epochs: 2, ..Default::default() };
        let network = for_epoch(for_epoch(network, &config, 1), &config, 2);
        assert_eq!(trained_parameters(&network), 2 * 2 * 15, "the heat maps' weights");
        assert_eq!(trained_parameters(&for_epoch(network, &config, 3)), all);
    }

    #[test]
    fn head_and_backbone_have_their_rates() {
        let network = NetworkConfig::by_name("compact").unwrap();
        let network = network.init(&Device::flex()).unwrap();
        let config = TrainConfig { backbone_rate: 0.1, ..Default::default() };
        let backbone = slower_part(&network, &config);
        let rates = rates(2e-3, backbone.as_ref(), &config).unwrap();
        let Network::CompactNet(_) = &network else { panic!("another network") };
        struct Rates(burn::lr_scheduler::module_lr_scheduler::ModuleLearningRate, Vec<f64>);
        impl burn::module::ModuleVisitor for Rates {
            fn visit_float<const D: usize>(
                &mut self,
                param: &burn::module::Param<burn::tensor::Tensor<D>>,
            ) {
                self.1.push(self.0.lr_from_param(param.id, None));
            }
        }
        let mut seen = Rates(rates, Vec::new());
        network.visit(&mut seen);
        let slow = seen.1.iter().filter(|&&rate| (rate - 2e-4).abs() < 1e-12).count();
        let fast = seen.1.iter().filter(|&&rate| rate == 2e-3).count();
        assert_eq!((fast, slow + fast), (1, seen.1.len()));
        assert!(slower_part(&network, &TrainConfig::default()).is_none());
    }
}
