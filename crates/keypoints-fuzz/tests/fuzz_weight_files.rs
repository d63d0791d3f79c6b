//! Weights: `keypoints_models::weights`, by content whatever the file is.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use std::path::Path;

use burn::tensor::Device;
use keypoints_fuzz::{Meter, Seeds};
use keypoints_models::NetworkConfig;
use keypoints_models::simple_cnn::SimpleCnnConfig;
use keypoints_models::weights::{Head, load, to_bytes};

#[global_allocator]
static METER: Meter = Meter;

#[test]
fn weight_files() {
    let tiny = SimpleCnnConfig { channels: [1, 1, 1], hidden: 1, outputs: 2, ..Default::default() };
    let network = NetworkConfig::SimpleCnn(tiny).init(&Device::flex()).unwrap();
    let mut files = vec![to_bytes(&network, []).unwrap()];
    // Files of PyTorch, new and legacy, for another network: read, and then refused by their names.
    let fixtures =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../keypoints-models/tests/efficientnet");
    for entry in std::fs::read_dir(fixtures).into_iter().flatten().flatten() {
        let path = entry.path();
        if ["pth", "pt", "safetensors", "tar"]
            .iter()
            .any(|one| path.extension().is_some_and(|end| end == *one))
        {
            files.push(std::fs::read(path).unwrap());
        }
    }
    assert!(files.len() > 1);
    let words: [&[u8]; 12] = [
        b"PK\x03\x04",
        b"PK\x01\x02",
        b"PK\x05\x06",
        b"\x80\x02}q",
        b"state_dict",
        b"__metadata__",
        b"data_offsets",
        b"\"F16\"",
        b"\"shape\":[",
        b"torch._utils\n_rebuild_tensor_v2\n",
        b"ustar",
        b"X\xff\xff\xff\x7f",
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights");
    Seeds { name: "weight_files", files, words: &words, memory: 1 << 30 }.fuzz(|bytes| {
        std::fs::write(&path, bytes).unwrap();
        let _ = load(network.clone(), &path, Head::KeepIfItFits);
    });
}
