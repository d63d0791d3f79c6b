use super::*;

fn network(name: &str) -> NetworkConfig {
    NetworkConfig::by_name(name).unwrap()
}

fn near(found: &TrainConfig, wanted: f64) -> bool {
    (found.learning_rate / wanted - 1.0).abs() < 1e-12
}

#[test]
fn the_rate_goes_along() {
    let fast = || TrainConfig::preset("fast").unwrap();
    assert_eq!(fast().with_network(network("compact")), fast());
    assert_eq!(fast().with_optimizer(OptimizerConfig::muon()).learning_rate, 0.02);
    assert!(near(&fast().with_optimizer(OptimizerConfig::adam()), 0.003));
    let simple = fast().with_network(network("simple_cnn"));
    assert!(near(&simple, 0.003));

    // Whatever the order.
    let adam = OptimizerConfig::adam_w();
    assert!(near(&simple.clone().with_optimizer(adam), 0.003));
    assert!(near(&fast().with_optimizer(adam).with_network(network("simple_cnn")), 0.003));
    assert!(near(&simple.with_network(network("compact")), 0.02));

    let notebook = TrainConfig::default();
    let rate = notebook.learning_rate;
    assert_eq!(notebook.with_optimizer(OptimizerConfig::muon()).learning_rate, rate);
}
