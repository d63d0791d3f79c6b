use super::*;
use burn::tensor::Device;
use keypoints_models::compact::CompactConfig;
use keypoints_models::{Network, NetworkConfig, trained_parameters};

#[test]
fn the_backbone_freezes_and_thaws() {
    let config = CompactConfig { outputs: 30, width: 2, blocks: 1, ..Default::default() };
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
    let network = NetworkConfig::by_name("compact").unwrap().with_outputs(30);
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
