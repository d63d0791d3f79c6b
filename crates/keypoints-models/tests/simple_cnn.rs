//! `SimpleCnn` against the notebook's definition.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

#[path = "common/seeded.rs"]
mod seeded;

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Device, Distribution, Tensor};
use keypoints_models::simple_cnn::{SimpleCnn, SimpleCnnConfig};
use keypoints_models::{KeypointNetwork, ModelError, Network, NetworkConfig, trained_parameters};
use seeded::seeded;

/// Counted by PyTorch: `sum(p.numel() for p in net.parameters())`.
const PARAMETERS_30: usize = 20_035_422;
const PARAMETERS_8: usize = 20_024_136;

fn notebook(outputs: usize) -> SimpleCnn {
    SimpleCnnConfig { outputs, ..Default::default() }.init(&Device::flex()).unwrap()
}

/// Small enough for a test to run it forwards and backwards.
fn tiny() -> SimpleCnnConfig {
    SimpleCnnConfig {
        outputs: 30,
        channels: [4, 6, 8],
        hidden: 16,
        image_side: Some(32),
        ..Default::default()
    }
}

#[derive(Default)]
struct Spread {
    path: Vec<String>,
    rows: Vec<(String, Vec<usize>, f64, f64)>,
}

impl ModuleVisitor for Spread {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }
    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let values = param.val().into_data().try_to_vec::<f32>().unwrap();
        // In f64: nineteen million f32 values lose two percent when summed in f32.
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let std = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt();
        self.rows.push((self.path.join("."), param.val().dims().to_vec(), mean, std));
    }
}

#[test]
fn has_the_notebooks_parameter_counts() {
    let _drawing = seeded(1);
    for (outputs, expected) in [(30, PARAMETERS_30), (8, PARAMETERS_8)] {
        let config = SimpleCnnConfig { outputs, ..Default::default() };
        let network = config.init(&Device::flex().autodiff()).unwrap();
        assert_eq!(trained_parameters(&network), expected);
        // The running means and variances of 64 + 128 + 256 channels are no parameters.
        assert_eq!(network.num_params(), expected + 2 * 448);
    }
}

#[test]
fn starts_with_the_notebooks_distributions() {
    let _drawing = seeded(1);
    let mut spread = Spread::default();
    notebook(30).visit(&mut spread);
    let row = |name: &str| {
        let row = spread.rows.iter().find(|row| row.0 == name);
        row.unwrap_or_else(|| panic!("no parameter {name} in {:?}", spread.rows)).clone()
    };
    let (_, shape, mean, std) = row("block3.conv2.weight");
    assert_eq!(shape, [256, 256, 3, 3]);
    assert!(mean.abs() < 1e-4 && (std - 0.02).abs() < 1e-4, "N(0, .02), but {mean} {std}");
    let (_, _, mean, std) = row("block3.norm.gamma");
    assert!(mean.abs() < 0.006 && (std - 0.02).abs() < 0.005, "N(0, .02), but {mean} {std}");
    let (_, _, mean, std) = row("block3.norm.beta");
    assert_eq!((mean, std), (0.0, 0.0));
    // PyTorch's default: uniform within ±1/√fan_in has a standard deviation of 1/√(3 fan_in).
    let (_, _, mean, std) = row("hidden.weight");
    let expected = 1.0 / (3.0 * 36_864.0_f64).sqrt();
    assert!(mean.abs() < 1e-5 && (std / expected - 1.0).abs() < 0.01, "{std} is not {expected}");
    let (_, _, _, std) = row("block3.conv2.bias");
    let expected = 1.0 / (3.0 * 2_304.0_f64).sqrt();
    assert!((std / expected - 1.0).abs() < 0.2, "{std} is not {expected}");
}

#[test]
fn answers_one_row_per_face() {
    let _drawing = seeded(1);
    let network = notebook(8);
    let faces = Tensor::random([2, 1, 96, 96], Distribution::Default, &Device::flex());
    assert_eq!(network.forward(faces).dims(), [2, 8]);
}

#[test]
fn a_face_gets_the_same_answer_alone_and_in_company() {
    let _drawing = seeded(1);
    let device = Device::flex();
    let network = tiny().init(&device).unwrap();
    let faces = Tensor::random([3, 1, 32, 32], Distribution::Default, &device);
    let together = network.forward(faces.clone()).narrow(0, 1, 1);
    let alone = network.forward(faces.narrow(0, 1, 1));
    // Batch sizes may be summed in another order: a few units in the last place.
    together
        .into_data()
        .assert_approx_eq::<f32>(&alone.into_data(), burn::tensor::Tolerance::rel_abs(1e-4, 1e-6));
}

#[test]
fn every_parameter_gets_a_gradient() {
    let _drawing = seeded(5);
    struct Gradients<'a>(&'a burn::tensor::Gradients, Vec<String>, usize);
    impl ModuleVisitor for Gradients<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if !param.val().is_require_grad() {
                return;
            }
            self.2 += 1;
            let gradient = param.val().grad(self.0).map(|g| g.abs().sum().into_scalar::<f32>());
            if gradient.is_none_or(|sum| !sum.is_finite() || sum == 0.0) {
                self.1.push(format!("{:?}: {gradient:?}", param.val().dims()));
            }
        }
    }
    let device = Device::flex().autodiff();
    let network = SimpleCnnConfig { dropout: 0.0, ..tiny() }.init(&device).unwrap();
    let faces = Tensor::random([4, 1, 32, 32], Distribution::Default, &device);
    let gradients = network.forward(faces).powi_scalar(2).mean().backward();
    let mut seen = Gradients(&gradients, Vec::new(), 0);
    network.visit(&mut seen);
    assert!(seen.1.is_empty(), "parameters without a gradient: {:?}", seen.1);
    assert_eq!(seen.2, 22, "6 convolutions, 3 norms and 2 linears, two parameters each");
}

#[test]
fn refuses_settings_that_cannot_be_built() {
    let device = Device::flex();
    let cases = [
        (SimpleCnnConfig { outputs: 0, ..tiny() }, "`outputs` must be in 1..=4096, but is 0"),
        (SimpleCnnConfig { image_side: Some(100), ..tiny() }, "multiple of 8, but is 100"),
        (SimpleCnnConfig { channels: [4, 0, 8], ..tiny() }, "in 1..=4096 each, but is [4, 0, 8]"),
        (SimpleCnnConfig { hidden: 0, ..tiny() }, "`hidden` must be in 1..=65536, but is 0"),
        (SimpleCnnConfig { hidden: usize::MAX, ..tiny() }, "`hidden` must be in 1..=65536"),
        (SimpleCnnConfig { channels: [1, 1 << 40, 1], ..tiny() }, "`channels` must be in 1..=4096"),
        (SimpleCnnConfig { dropout: 1.0, ..tiny() }, "`dropout` must be in 0..1, but is 1"),
        (SimpleCnnConfig { dropout: f64::NAN, ..tiny() }, "but is NaN"),
    ];
    for (config, message) in cases {
        let error = config.init(&device).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn every_registered_network_starts_and_reads_back() {
    let _drawing = seeded(1);
    let device = Device::flex();
    for name in NetworkConfig::NAMES {
        let config = NetworkConfig::by_name(name).unwrap().with_outputs(7);
        assert_eq!((config.name(), config.outputs()), (*name, 7));
        let json = serde_json::to_string(&config).unwrap();
        assert!(json.contains(&format!("\"network\":\"{name}\"")), "{json}");
        assert_eq!(serde_json::from_str::<NetworkConfig>(&json).unwrap(), config);
        let network: Network = config.init(&device).unwrap();
        assert_eq!(network.forward(Tensor::zeros([1, 1, 96, 96], &device)).dims(), [1, 7]);
    }
    let error = NetworkConfig::by_name("resnet").unwrap_err();
    assert!(matches!(error, ModelError::UnknownNetwork { .. }));
    assert!(error.to_string().contains("simple_cnn"), "{error}");
}
