//! Golden values from PyTorch, and how near ours have to be.
#![allow(dead_code, unreachable_pub)] // Each test file uses its own part.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use burn::store::{ModuleStore, SafetensorsStore, bridge};
use burn::tensor::{Device, Tensor, TensorData};
use keypoints_models::efficientnet::EfficientNetConfig;

/// A file beside the script that wrote it.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/efficientnet").join(name)
}

/// The network of the fixtures: three stages at a quarter of the width, nothing random.
pub fn narrow() -> EfficientNetConfig {
    EfficientNetConfig {
        outputs: 6,
        input_side: Some(32),
        width: 0.25,
        stages: 3,
        dropout: 0.0,
        stochastic_depth: 0.0,
        ..Default::default()
    }
}

/// Tensors by name.
pub struct Golden(BTreeMap<String, TensorData>);

impl Golden {
    pub fn read(path: &Path) -> Self {
        let mut store = SafetensorsStore::from_file(path);
        let tensors = store.get_all_tensors().unwrap();
        Self(tensors.iter().map(|(n, t)| (n.clone(), bridge::to_data(t).unwrap())).collect())
    }

    pub fn tensor<const D: usize>(&self, name: &str, device: &Device) -> Tensor<D> {
        Tensor::from_data(self.0[name].clone(), device)
    }

    pub fn values(&self, name: &str) -> Vec<f32> {
        self.0[name].clone().try_to_vec::<f32>().unwrap()
    }

    pub fn number(&self, name: &str) -> i64 {
        self.0[name].clone().try_to_vec::<i64>().unwrap()[0]
    }

    pub fn names(&self, prefix: &str) -> Vec<String> {
        self.0.keys().filter_map(|name| name.strip_prefix(prefix)).map(str::to_owned).collect()
    }

    /// Compares with our values: the largest difference may be `share` of the largest expected value. Single values can
    /// not be compared relatively, as those near 0 are differences of large ones.
    pub fn assert_near<const D: usize>(&self, name: &str, found: Tensor<D>, share: f32) {
        let data = found.into_data();
        assert_eq!(data.shape().to_vec(), self.0[name].shape().to_vec(), "{name}");
        let (found, expected) = (data.try_to_vec::<f32>().unwrap(), self.values(name));
        let largest = expected.iter().fold(0.0_f32, |max, v| max.max(v.abs()));
        let off = found.iter().zip(&expected).fold(0.0_f32, |max, (a, b)| max.max((a - b).abs()));
        println!("{name}: off by {:.1e} of {largest:.3}", off / largest);
        assert!(off <= share * largest, "{name}: off by {off}, largest value {largest}");
    }
}
