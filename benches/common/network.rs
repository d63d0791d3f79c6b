//! Networks, devices and faces for the benchmarks that compute.

use burn::tensor::{Device, Tensor};
use keypoints_core::{Coordinate, CoordinateScale, Schema};
use keypoints_data::synth::{SynthConfig, generate};
use keypoints_models::{Network, NetworkConfig};
use keypoints_predict::{DevicePictures, Heads, Outputs};
use keypoints_train::{describe_device, parse_device};

/// The device that `BENCH_DEVICE` names, the CPU where it names none.
pub(crate) fn device() -> Device {
    // As the programs do.
    keypoints_cli::keep_freed_memory();
    let name = std::env::var("BENCH_DEVICE").unwrap_or_else(|_| "flex".to_owned());
    match parse_device(&name) {
        Ok(device) => {
            eprintln!("device {}", describe_device(&device));
            device
        }
        Err(error) => panic!("BENCH_DEVICE: {error}"),
    }
}

/// Whose operations a network is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kernels {
    Ours,
    Burns,
}

impl Kernels {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Burns => "burn",
        }
    }

    pub(crate) fn run<R>(self, body: impl FnOnce() -> R) -> R {
        match self {
            Self::Ours => body(),
            Self::Burns => keypoints_kernels::without_kernels(body),
        }
    }
}

/// Ours and Burn's where there are ours, on the CPU.
pub(crate) fn kernels(device: &Device) -> &'static [Kernels] {
    #[cfg(feature = "flex")]
    if *device == Device::flex() {
        return &[Kernels::Ours, Kernels::Burns];
    }
    let _ = device;
    &[Kernels::Ours]
}

/// A network to measure: its label and its settings.
pub(crate) struct Candidate {
    pub(crate) label: String,
    pub(crate) config: NetworkConfig,
}

impl Candidate {
    /// All registered networks with their default settings, for the points of synthetic faces, and EfficientNet at 224×224 as well.
    pub(crate) fn all() -> Vec<Self> {
        let outputs = 2 * Schema::kaggle15().len();
        let of = |name: &str| {
            let config = NetworkConfig::by_name(name).unwrap_or_else(|error| panic!("{error}"));
            Self { label: name.to_owned(), config: config.with_outputs(outputs) }
        };
        let mut all: Vec<Self> = NetworkConfig::NAMES.iter().map(|name| of(name)).collect();
        let mut large = of("efficientnet_b0");
        if let NetworkConfig::EfficientNet(config) = &mut large.config {
            config.input_side = Some(224);
            large.label.push_str("_224");
        }
        all.push(large);
        all
    }

    pub(crate) fn init(&self, device: &Device) -> Network {
        device.seed(1);
        self.config.init(device).unwrap_or_else(|error| panic!("{error}"))
    }
}

/// Synthetic faces on the device, `[batch, 1, 96, 96]`, with targets and mask.
pub(crate) fn batch(size: usize, device: &Device) -> (Tensor<4>, Tensor<2>, Tensor<2>) {
    let set = generate(&SynthConfig { training: size, test: 1, ..Default::default() }).training;
    let rows: Vec<usize> = (0..size).collect();
    let coordinates: Vec<Coordinate> = set.schema().coordinates().collect();
    let scale = CoordinateScale::centred(set.pictures().shape().side);
    let outputs =
        Outputs { schema: set.schema(), coordinates: &coordinates, heads: Heads::Shared, scale };
    let targets = keypoints_train::Targets::upload(&outputs, set.labels(), set.sources(), device);
    let (values, mask) = targets.gather(&rows);
    (DevicePictures::upload(set.pictures(), device).gather(&rows), values, mask)
}

/// Waits until the device has done what it was asked to: GPUs compute behind the caller's back.
pub(crate) fn sync(device: &Device) {
    if let Err(error) = device.sync() {
        panic!("the device failed: {error}");
    }
}
