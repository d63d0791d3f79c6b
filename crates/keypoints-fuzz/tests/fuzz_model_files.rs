//! Model files: `Predictor::from_model_bytes`, and the face finders' files.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device;
use keypoints_core::{CoordinateScale, LabelShifts, PictureShape, Pictures, Schema};
use keypoints_finder::{CascadeFinder, YuNet};
use keypoints_fuzz::{Meter, Seeds};
use keypoints_models::{NetworkConfig, compact::CompactConfig};
use keypoints_predict::{
    Heads, Model, ModelRecord, NetworkRecord, Predictor, TestTimeAugmentation,
};

#[global_allocator]
static METER: Meter = Meter;

fn model_file(device: &Device) -> Vec<u8> {
    let (schema, pictures) =
        (Schema::new("ears", ["left", "right"]).unwrap(), PictureShape::grey(32));
    let config =
        NetworkConfig::CompactNet(CompactConfig { width: 2, blocks: 1, ..Default::default() });
    let calibration = serde_json::from_str(r#"{ "all": [[1.0, 0.5], [2.0, 0.75]] }"#).unwrap();
    let record = ModelRecord {
        network: NetworkRecord::of(&config, 4, pictures),
        coordinates: schema.coordinates().collect(),
        heads: Heads::Shared,
        scale: CoordinateScale::centred(32),
        tta: TestTimeAugmentation { flip_average: true, shift_average: 1 },
        label_shifts: LabelShifts::default(),
        sources: schema.source_indices().collect(),
        training: Default::default(),
        crop: None,
        margin: Some(0.2),
        calibration: Some(calibration),
        pictures,
        schema: Arc::new(schema),
    };
    let network = record.init(&config, device).unwrap();
    let predictor = Predictor::of_model(Model { network, record, epoch: 1 }, None, device);
    predictor.to_model_bytes(Path::new("seed")).unwrap()
}

#[test]
fn model_files() {
    let device = Device::flex();
    let words: [&[u8]; 16] = [
        b"\"schema\"",
        b"\"sources\"",
        b"\"side\":",
        b"\"channels\":",
        b"4294967295",
        b"-1",
        b"1e39",
        b"null",
        b"[]",
        b"\"width\":1000000",
        b"\"blocks\":1000000",
        b"\"shift_average\":",
        b"efficientnet_b0",
        b"simple_cnn",
        b"\\u0000",
        b"}",
    ];
    let files = vec![model_file(&device)];
    assert!(Predictor::from_model_bytes(Path::new("seed"), files[0].clone(), &device).is_ok());
    Seeds { name: "model_files", files, words: &words, memory: 1 << 30 }.fuzz(|bytes| {
        let Ok(predictor) = Predictor::from_model_bytes(Path::new("it"), bytes.to_vec(), &device)
        else {
            return;
        };
        // A file that opens predicts.
        let shape = predictor.record().pictures;
        if let Some(picture) = Pictures::new(shape, vec![7; shape.bytes()]) {
            let _ = predictor.predict(&picture);
        }
    });
}

#[test]
fn finder_files() {
    let device = Device::flex();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("finder");
    let built_in =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../keypoints-finder/models/finder.safetensors");
    let files = vec![std::fs::read(built_in).unwrap()];
    let words: [&[u8]; 6] =
        [b"\"shape\":[", b"data_offsets", b"F16", b"__metadata__", b"\"proposer", b"-"];
    Seeds { name: "finder_files", files, words: &words, memory: 1 << 30 }.fuzz(|bytes| {
        std::fs::write(&path, bytes).unwrap();
        let _ = CascadeFinder::open(&path, &device);
        let _ = YuNet::from_bytes(Path::new("it"), bytes, &device);
    });
}
