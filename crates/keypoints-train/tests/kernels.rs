//! Training with our kernels beside training with Burn's own operations.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, AdamWConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Distribution, Tensor, Tolerance};
use common::alone;
use keypoints_kernels::without_kernels;
use keypoints_models::compact::CompactConfig;
use keypoints_models::efficientnet::EfficientNetConfig;
use keypoints_models::simple_cnn::SimpleCnnConfig;
use keypoints_models::{KeypointNetwork, Network, NetworkConfig};
use keypoints_train::{OptimizerConfig, masked_mse};

fn step(model: Linear, x: &Tensor<2>, optimizer: &mut ModuleOptimizer) -> Linear {
    let loss = model.forward(x.clone()).powi_scalar(2).sum();
    let gradients = GradientsParams::from_grads(loss.backward(), &model);
    optimizer.step(1e-2, model, gradients)
}

#[track_caller]
fn assert_same(ours: &Linear, theirs: &Linear) {
    let tolerance = Tolerance::rel_abs(1e-5, 1e-6);
    let weights = |layer: &Linear| layer.weight.val().into_data();
    weights(ours).assert_approx_eq::<f32>(&weights(theirs), tolerance);
    for (ours, theirs) in ours.bias.iter().zip(&theirs.bias) {
        ours.val().into_data().assert_approx_eq::<f32>(&theirs.val().into_data(), tolerance);
    }
}

/// Ours and Burn's optimizer with the same settings.
fn pairs() -> [(OptimizerConfig, ModuleOptimizer); 3] {
    use burn::optim::decay::WeightDecayConfig;
    let penalised =
        OptimizerConfig::Adam { beta_1: 0.8, beta_2: 0.99, epsilon: 1e-6, weight_decay: 0.1 };
    [
        (OptimizerConfig::adam(), AdamConfig::new().with_epsilon(1e-8).init()),
        (
            penalised,
            AdamConfig::new()
                .with_beta_1(0.8)
                .with_beta_2(0.99)
                .with_epsilon(1e-6)
                .with_weight_decay(Some(WeightDecayConfig::new(0.1)))
                .init(),
        ),
        (
            OptimizerConfig::adam_w(),
            AdamWConfig::new().with_epsilon(1e-8).with_weight_decay(1e-2).init(),
        ),
    ]
}

#[test]
fn optimizers_do_what_burns_do_and_read_their_states() {
    let _alone = alone();
    let device = Device::flex().autodiff();
    device.seed(1);
    let x = Tensor::<2>::random([8, 37], Distribution::Default, &device);
    let start = LinearConfig::new(37, 11).init(&device);
    for (config, mut burns) in pairs() {
        let mut optimizer = config.init();
        let (mut ours, mut theirs) = (start.clone(), start.clone());
        for _ in 0..20 {
            ours = step(ours, &x, &mut optimizer);
            theirs = step(theirs, &x, &mut burns);
        }
        assert_same(&ours, &theirs);
        assert_ne!(ours.weight.val().into_data(), start.weight.val().into_data());
        // The state of either goes on in the other.
        let mut optimizer = config.init().from_bytes(burns.into_bytes().unwrap()).unwrap();
        let mut slow = config.init().from_bytes(burns.into_bytes().unwrap()).unwrap();
        let ours = step(theirs.clone(), &x, &mut optimizer);
        let by_burn = without_kernels(|| step(theirs.clone(), &x, &mut slow));
        theirs = step(theirs, &x, &mut burns);
        assert_same(&ours, &theirs);
        assert_same(&by_burn, &theirs);
    }
}

/// 200 steps on eight noisy pictures: the losses stay together as long as rounding lets them. Differences of one in
/// ten million grow from step to step, faster where the loss is steep; what must not differ is where it goes.
fn the_loss_falls_along_the_same_curve(config: &NetworkConfig) {
    let device = Device::flex();
    device.seed(7);
    let training = device.clone().autodiff();
    let images = Tensor::<4>::random([8, 1, 32, 32], Distribution::Default, &device);
    let targets = Tensor::<2>::random([8, 30], Distribution::Uniform(-0.5, 0.5), &device);
    let mask = Tensor::<2>::ones([8, 30], &device);
    let start = config.clone().with_outputs(30).init(&training).unwrap();
    // Weights are drawn when first looked at: now, for both.
    let start = start.clone().load_record(start.into_record());
    let run = || {
        let mut optimizer = OptimizerConfig::adam_w().init();
        let mut network: Network = start.clone();
        let mut losses = Vec::new();
        for _ in 0..200 {
            let output = network.forward(images.clone().autodiff());
            let loss = masked_mse(output, targets.clone().autodiff(), mask.clone().autodiff());
            losses.push(loss.clone().into_scalar::<f32>());
            let gradients = GradientsParams::from_grads(loss.backward(), &network);
            network = optimizer.step(1e-3, network, gradients);
        }
        losses
    };
    let (ours, theirs) = (run(), without_kernels(run));
    assert!(theirs[199] < 0.3 * theirs[0], "{config:?}: {} to {}", theirs[0], theirs[199]);
    for (step, (ours, at)) in ours.iter().zip(&theirs).enumerate() {
        let allowed = if step < 10 { 1e-3 * at } else { 0.1 * at + 1e-3 * theirs[0] };
        assert!((ours - at).abs() < allowed, "{config:?}, step {step}: {ours}, with Burn's {at}");
    }
}

#[test]
fn the_loss_of_every_network_falls_along_the_same_curve() {
    let _alone = alone();
    let networks = [
        NetworkConfig::CompactNet(CompactConfig {
            image_side: Some(32),
            width: 12,
            blocks: 1,
            ..Default::default()
        }),
        NetworkConfig::SimpleCnn(SimpleCnnConfig {
            image_side: Some(32),
            // Fewer, and nothing gets through its small initial weights.
            channels: [32, 32, 48],
            hidden: 24,
            dropout: 0.0,
            ..Default::default()
        }),
        NetworkConfig::EfficientNet(EfficientNetConfig {
            input_side: Some(32),
            stages: 4,
            width: 0.5,
            dropout: 0.0,
            stochastic_depth: 0.0,
            ..Default::default()
        }),
    ];
    for network in &networks {
        the_loss_falls_along_the_same_curve(network);
    }
}
