//! ONNX files in tract.

use std::collections::HashMap;
use std::io::Cursor;

use keypoints_core::Pictures;
use tract_onnx::pb::tensor_shape_proto::dimension::Value;
use tract_onnx::pb::type_proto::Value as Kind;
use tract_onnx::pb::{ModelProto, ValueInfoProto};
use tract_onnx::prelude::*;

/// An ONNX file.
pub(super) struct File {
    bytes: Vec<u8>,
    pub(super) metadata: HashMap<String, String>,
    /// The input, then the outputs.
    pub(super) names: Vec<String>,
    /// Their shapes: `batch 1 64 64`.
    pub(super) shapes: Vec<String>,
}

/// What a file makes of pictures.
pub(super) struct Found {
    pub(super) points: Vec<f32>,
    pub(super) uncertainty: Option<Vec<f32>>,
}

impl File {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let proto: ModelProto =
            tract_onnx::onnx().proto_model_for_read(&mut Cursor::new(bytes)).unwrap();
        let graph = proto.graph.unwrap();
        let ends = || graph.input.iter().chain(&graph.output);
        let names = ends().map(|one| one.name.clone()).collect();
        let shapes = ends().map(shape).collect();
        let metadata = proto.metadata_props.into_iter().map(|one| (one.key, one.value)).collect();
        Self { bytes: bytes.to_vec(), metadata, names, shapes }
    }

    pub(super) fn run(&self, pictures: &Pictures) -> Found {
        let shape = pictures.shape();
        let dims = [pictures.len(), shape.channels, shape.side, shape.side];
        let model = tract_onnx::onnx()
            .model_for_read(&mut Cursor::new(&self.bytes))
            .and_then(|model| model.with_input_fact(0, f32::fact(dims).into()))
            // As it stands: tract 0.23 fails while optimising the product of a batch with one matrix for all.
            .and_then(|model| model.into_typed())
            .and_then(|model| model.into_runnable())
            .unwrap();
        let pixels: Vec<f32> = pictures.as_bytes().iter().map(|&byte| f32::from(byte)).collect();
        let input = Tensor::from_shape(&dims, &pixels).unwrap();
        let outputs = model.run(tvec!(input.into())).unwrap();
        let numbers = |output: &TValue| {
            output.to_plain_array_view::<f32>().unwrap().iter().copied().collect()
        };
        let mut outputs = outputs.iter();
        let points = outputs.next().unwrap();
        assert_eq!((points.shape()[0], points.shape()[2]), (pictures.len(), 2));
        Found { points: numbers(points), uncertainty: outputs.next().map(numbers) }
    }
}

fn shape(value: &ValueInfoProto) -> String {
    let Some(Kind::TensorType(tensor)) = value.r#type.clone().unwrap().value else {
        panic!("no tensor")
    };
    let length = |value: Option<Value>| match value.unwrap() {
        Value::DimValue(length) => length.to_string(),
        Value::DimParam(name) => name,
    };
    let lengths: Vec<String> =
        tensor.shape.unwrap().dim.into_iter().map(|one| length(one.value)).collect();
    lengths.join(" ")
}

/// The largest difference.
pub(super) fn spread(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max)
}
