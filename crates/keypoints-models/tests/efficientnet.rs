//! `EfficientNet` against torchvision's. `efficientnet/golden.py` made the golden values.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.
#![cfg(feature = "weights")]

mod common;
#[path = "common/seeded.rs"]
mod seeded;

use std::path::PathBuf;

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Device, Distribution, Gradients, Tensor, TensorData, Tolerance};
use common::{Golden, fixture, narrow};
use keypoints_models::efficientnet::{EfficientNet, EfficientNetConfig, imagenet_input};
use keypoints_models::layers::resize;
use keypoints_models::weights::{Head, load};
use keypoints_models::{KeypointNetwork, backbone_group, head_group, trained_parameters};
use seeded::seeded;

/// Both compute in f32 (24 bits, 6e-8) and add up to some hundred products in another order, layer after layer.
const FORWARD: f32 = 1e-5;

/// In training every layer is also divided by a spread taken over as few as 18 values, and gradients pass all of that twice.
const BACKWARD: f32 = 1e-4;

fn golden() -> Golden {
    Golden::read(&fixture("golden.safetensors"))
}

fn loaded(device: &Device) -> EfficientNet {
    let network = narrow().init(device).unwrap();
    load(network, &fixture("narrow.safetensors"), Head::Keep).unwrap().0
}

#[test]
fn has_torchvisions_parameter_counts() {
    let _drawing = seeded(1);
    // `sum(p.numel() for p in efficientnet_bN().parameters())`; Lite 0 is B0 without its squeeze layers.
    for (name, expected) in [
        ("b0", 5_288_548),
        ("b1", 7_794_184),
        ("b2", 9_109_994),
        ("b3", 12_233_232),
        ("b4", 19_341_616),
        ("lite0", 4_652_008),
    ] {
        let config =
            EfficientNetConfig { outputs: 1000, ..EfficientNetConfig::variant(name).unwrap() };
        let network = config.init(&Device::flex().autodiff()).unwrap();
        assert_eq!(trained_parameters(&network), expected, "{name}");
    }
    let network = narrow().init(&Device::flex().autodiff()).unwrap();
    assert_eq!(trained_parameters(&network) as i64, golden().number("parameters"));
}

#[test]
fn every_stage_is_torchvisions() {
    let device = Device::flex();
    let (golden, network) = (golden(), loaded(&device));
    let images: Tensor<4> = golden.tensor("images", &device);
    let maps = network.feature_maps(images.clone());
    assert_eq!(maps.len(), golden.names("eval.maps.").len());
    for (index, map) in maps.into_iter().enumerate() {
        golden.assert_near(&format!("eval.maps.{index}"), map, FORWARD);
    }
    golden.assert_near("eval.maps.4", network.features(images.clone()), FORWARD);
    golden.assert_near("eval.logits", network.logits(images.clone()), FORWARD);
    // On a device with gradients too, if the network is frozen there.
    let training = device.clone().autodiff();
    let frozen = loaded(&training).freeze();
    golden.assert_near("eval.logits", frozen.logits(images.autodiff()).inner(), FORWARD);
}

/// Compares gradients by torchvision's names.
struct Gradient<'a> {
    golden: &'a Golden,
    network: &'a EfficientNet,
    gradients: &'a Gradients,
    path: Vec<String>,
    compared: usize,
}

impl ModuleVisitor for Gradient<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }
    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let path = self.path.join(".").replace("gamma", "weight").replace("beta", "bias");
        let name = format!("train.grad.{}", self.network.weight_name(&path));
        if !self.golden.names("").contains(&name) {
            return;
        }
        let gradient = param.val().grad(self.gradients).unwrap();
        match path.as_str() {
            "head.weight" => self.golden.assert_near(&name, gradient.transpose(), BACKWARD),
            _ => self.golden.assert_near(&name, gradient, BACKWARD),
        }
        self.compared += 1;
    }
}

#[test]
fn a_training_step_is_torchvisions() {
    let device = Device::flex().autodiff();
    let (golden, network) = (golden(), loaded(&device));
    let logits = network.logits(golden.tensor("images", &device));
    golden.assert_near("train.logits", logits.clone().inner(), BACKWARD);
    let targets: Tensor<2> = golden.tensor("train.targets", &device);
    let loss = (logits - targets).powi_scalar(2).mean();
    golden.assert_near("train.loss", loss.clone().inner(), BACKWARD);

    let gradients = loss.backward();
    let (golden, gradients) = (&golden, &gradients);
    let mut seen = Gradient { golden, network: &network, gradients, path: Vec::new(), compared: 0 };
    network.visit(&mut seen);
    assert_eq!(seen.compared, 15, "a gradient per kind of layer");

    // The running statistics of every batch norm, unbiased variances included.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("after.safetensors");
    keypoints_models::weights::save(&network, &path).unwrap();
    let after = Golden::read(&path);
    let states = golden.names("train.state.");
    assert_eq!(states.len(), 32);
    for name in states {
        let found: Tensor<1> = after.tensor(&name, &Device::flex());
        golden.assert_near(&format!("train.state.{name}"), found, FORWARD);
    }
}

#[test]
fn resizes_as_torchvision_does() {
    let (device, golden) = (Device::flex(), golden());
    for from in [12, 23, 40] {
        let images = golden.tensor(&format!("resize.{from}.in"), &device);
        // torchvision rounds the weights to f32 before it adds them up, ours after.
        golden.assert_near(&format!("resize.{from}.out"), resize(images, 32), 1e-6);
    }
}

#[test]
fn grey_faces_take_the_same_way() {
    let _drawing = seeded(1);
    let device = Device::flex();
    let network = loaded(&device);
    let faces = Tensor::<4>::random([3, 1, 96, 96], Distribution::Default, &device);
    let answers = network.forward(faces.clone());
    let expected = network.logits(imagenet_input(faces.clone(), 32));
    assert_eq!(answers.clone().into_data(), expected.into_data());
    // And each by itself as in company.
    let alone = network.forward(faces.narrow(0, 1, 1)).into_data();
    let together = answers.narrow(0, 1, 1).into_data();
    together.assert_approx_eq::<f32>(&alone, Tolerance::rel_abs(1e-4, 1e-5));
}

#[test]
fn starts_with_torchvisions_distributions() {
    let _drawing = seeded(3);
    let device = Device::flex();
    let config = EfficientNetConfig { outputs: 100, stages: 5, ..Default::default() };
    let network = config.init(&device).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fresh.safetensors");
    keypoints_models::weights::save(&network, &path).unwrap();
    let fresh = Golden::read(&path);
    let spread = |name: &str| {
        let values = fresh.values(name);
        (values.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
    };
    // √(2 / fan_out): a pointwise, a depthwise and a squeeze layer; four standard deviations of 2,600 draws or more.
    for (name, fan_out) in [
        ("features.5.1.block.0.0.weight", 672.0),
        ("features.5.1.block.1.0.weight", 672.0 * 25.0),
        ("features.5.1.block.2.fc1.weight", 28.0),
        ("features.2.0.block.2.fc2.weight", 96.0),
    ] {
        let expected = f64::sqrt(2.0 / fan_out);
        let share = spread(name) / expected;
        let count = fresh.values(name).len() as f64;
        assert!((share - 1.0).abs() < 4.0 / (2.0 * count).sqrt(), "{name}: {share}");
    }
    assert!(fresh.values("classifier.1.weight").iter().all(|v| v.abs() <= 0.1));
    assert!((spread("classifier.1.weight") - 0.1 / f64::sqrt(3.0)).abs() < 1e-3);
    for name in ["classifier.1.bias", "features.5.1.block.2.fc1.bias", "features.0.1.bias"] {
        assert!(fresh.values(name).iter().all(|&v| v == 0.0), "{name}");
    }
}

#[test]
fn a_frozen_backbone_stays_as_it_is() {
    let _drawing = seeded(1);
    let device = Device::flex().autodiff();
    let network = loaded(&device);
    let (backbone, head) = (backbone_group(&network), head_group(&network));
    let frozen = network.clone().freeze_group(backbone.clone());
    assert_eq!(trained_parameters(&frozen), 6 * 65);
    assert_eq!(trained_parameters(&network.freeze_group(head)), 14_858 - 6 * 65);

    let before = frozen.valid();
    let images = Tensor::<4>::random([4, 3, 32, 32], Distribution::Default, &device);
    let features = |network: &EfficientNet| network.features(images.clone().inner()).into_data();
    let loss = frozen.logits(images.clone()).powi_scalar(2).mean();
    let gradients = loss.backward();
    assert!(frozen.clone().unfreeze_group(backbone).valid().num_params() == before.num_params());
    let mut seen = GradientCount(&gradients, 0);
    frozen.visit(&mut seen);
    assert_eq!(seen.1, 2, "the head's weight and bias");
    // Neither have the running statistics moved.
    assert_eq!(features(&frozen.valid()), features(&before));
}

struct GradientCount<'a>(&'a Gradients, usize);

impl ModuleVisitor for GradientCount<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.1 += usize::from(param.val().grad(self.0).is_some());
    }
}

#[test]
fn folding_batch_norms_changes_only_rounding() {
    let _drawing = seeded(1);
    let device = Device::flex();
    let network = loaded(&device);
    let images: Tensor<4> = golden().tensor("images", &device);
    let folded = network.folded();
    golden().assert_near("eval.logits", folded.logits(images), 1e-4);
    // Gone are two parameters and two statistics per channel, and a bias has come.
    assert!(folded.num_params() < network.num_params());
    assert_eq!(folded.folded().num_params(), folded.num_params());

    let lite = EfficientNetConfig { lite: true, ..narrow() }.init(&device).unwrap();
    let images = Tensor::<4>::random([2, 3, 32, 32], Distribution::Default, &device);
    let expected = lite.logits(images.clone()).into_data();
    let found = lite.folded().logits(images).into_data();
    found.assert_approx_eq::<f32>(&expected, Tolerance::rel_abs(1e-4, 1e-4));
}

#[test]
fn refuses_settings_that_cannot_be_built() {
    let cases = [
        (EfficientNetConfig { outputs: 0, ..narrow() }, "`outputs` must be in 1..=4096, but is 0"),
        (EfficientNetConfig { input_side: Some(100), ..narrow() }, "multiple of 32, but is 100"),
        (EfficientNetConfig { width: 0.0, ..narrow() }, "`width` must be above 0"),
        (EfficientNetConfig { depth: f64::NAN, ..narrow() }, "at most 8, but is NaN"),
        (EfficientNetConfig { stages: 8, ..narrow() }, "`stages` must be in 1..=7, but is 8"),
        (EfficientNetConfig { dropout: 1.0, ..narrow() }, "`dropout` must be in 0..1"),
        (EfficientNetConfig { stochastic_depth: -0.1, ..narrow() }, "but is -0.1"),
    ];
    for (config, message) in cases {
        let error = config.init(&Device::flex()).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
    let error = EfficientNetConfig::variant("b9").unwrap_err().to_string();
    assert!(error.contains("b0, b1") && error.contains("lite0"), "{error}");
}

/// The real weights on a photograph. `efficientnet/golden.py WEIGHTS PICTURE OUT` writes what torchvision says of it:
/// `KEYPOINTS_WEIGHTS=WEIGHTS KEYPOINTS_GOLDEN=OUT`.
#[test]
fn real_weights_see_what_torchvision_sees() {
    let path = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let (Some(weights), Some(golden)) = (path("KEYPOINTS_WEIGHTS"), path("KEYPOINTS_GOLDEN"))
    else {
        println!("skipped: KEYPOINTS_WEIGHTS and KEYPOINTS_GOLDEN are not both set");
        return;
    };
    let device = Device::flex();
    let config = EfficientNetConfig { outputs: 1000, input_side: Some(224), ..Default::default() };
    let (network, loaded) = load(config.init(&device).unwrap(), &weights, Head::Keep).unwrap();
    println!("{} tensors, SHA-256 {}", loaded.tensors, loaded.sha256);
    let golden = Golden::read(&golden);
    let expected = golden.values("logits");
    for network in [network.folded(), network] {
        let data = network.logits(golden.tensor("images", &device)).into_data();
        let found = data.try_to_vec::<f32>().unwrap();
        let off = found.iter().zip(&expected).fold(0.0_f32, |max, (a, b)| max.max((a - b).abs()));
        println!("top five {:?}, logits off by at most {off:.1e}", top_five(&found));
        assert_eq!(top_five(&found), top_five(&expected));
        assert!(off < 1e-3, "logits off by {off}");
    }
}

fn top_five(logits: &[f32]) -> Vec<usize> {
    let mut classes: Vec<usize> = (0..logits.len()).collect();
    classes.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
    classes.truncate(5);
    classes
}

#[test]
fn normalises_for_imagenet() {
    let device = Device::flex();
    let white = Tensor::<4>::ones([1, 1, 32, 32], &device);
    let values = imagenet_input(white, 32).mean_dims(&[2, 3]).into_data();
    let expected =
        TensorData::from([[[[0.515 / 0.229]], [[0.544 / 0.224]], [[0.594 / 0.225_f32]]]]);
    values.assert_approx_eq::<f32>(&expected, Tolerance::absolute(1e-5));
}
