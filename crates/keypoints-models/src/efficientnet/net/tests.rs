use super::*;

#[test]
fn stochastic_depth_grows_from_block_to_block() {
    let config = EfficientNetConfig { outputs: 30, ..Default::default() };
    let network = config.init(&Device::flex()).unwrap();
    let found: Vec<f64> =
        network.trunk.stages.iter().flatten().map(|block| block.depth.prob()).collect();
    let expected: Vec<f64> = (0..16).map(|index| 0.2 * f64::from(index) / 16.0).collect();
    assert_eq!(found, expected);
    assert_eq!(network.dropout.prob, 0.2);
}
