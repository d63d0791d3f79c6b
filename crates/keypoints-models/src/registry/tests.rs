use super::*;
use crate::compact::{CompactConfig, CompactHead};

#[test]
fn settings_know_which_sides_their_network_takes() {
    let by_name = |name: &&str| NetworkConfig::by_name(name).unwrap();
    let mut configs: Vec<NetworkConfig> = NetworkConfig::NAMES.iter().map(by_name).collect();
    let regression = CompactConfig { head: CompactHead::Regression, ..Default::default() };
    configs.push(NetworkConfig::CompactNet(regression));
    for config in configs {
        let mut network = config.clone().with_outputs(30).init(&Device::flex()).unwrap();
        let settings = config.settings();
        assert!(settings.scales(settings.image_side(), settings.image_side()), "{config:?}");
        for side in [0, 8, 16, 32, 40, 48, 64, 96, 100] {
            let takes = settings.takes_side(side);
            assert_eq!(takes, network.set_image_side(side), "{config:?}, {side}");
        }
    }
}
