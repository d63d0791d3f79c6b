//! The ONNX files of the face finder's networks answer what the networks do. They run in tract.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use std::io::Cursor;

use burn::tensor::TensorData;
use keypoints_detect::{CascadeFinder, Device, FinderOnnx};
use keypoints_finder::networks::WindowNetwork;
use tract_onnx::prelude::*;

/// Grey values of noise on a ramp.
fn pixels(count: usize) -> Vec<f32> {
    let value = |index: usize| ((index * 7919) % 131 + index % 120) as f32;
    (0..count).map(value).collect()
}

fn assert_same(network: &impl WindowNetwork, file: &[u8], dims: [usize; 4]) {
    let pixels = pixels(dims.iter().product());
    let data = TensorData::new(pixels.clone(), dims);
    let pictures = burn::tensor::Tensor::<4>::from_data(data, &Device::flex()) / 255.0;
    let ours = network.forward(pictures);
    let shape = ours.dims();
    let ours = ours.try_into_vec_as::<f32>().unwrap();
    let model = tract_onnx::onnx()
        .model_for_read(&mut Cursor::new(file))
        .and_then(|model| model.with_input_fact(0, f32::fact(dims).into()))
        .and_then(|model| model.into_typed())
        .and_then(|model| model.into_runnable())
        .unwrap();
    let input = Tensor::from_shape(&dims, &pixels).unwrap();
    let outputs = model.run(tvec!(input.into())).unwrap();
    assert_eq!(outputs[0].shape(), shape);
    let found = outputs[0].to_plain_array_view::<f32>().unwrap();
    let worst = found.iter().zip(&ours).map(|(one, other)| (one - other).abs());
    let worst = worst.fold(0.0, f32::max);
    println!("{dims:?}: {worst:.6}");
    assert!(worst < 1e-3, "{dims:?}: {worst}");
}

#[test]
fn both_networks_answer_alike() {
    let finder = CascadeFinder::pretrained(&Device::flex()).unwrap();
    let networks = finder.networks();
    let files = FinderOnnx::of(networks).unwrap();
    assert_same(&networks.proposer, &files.proposer, [1, 1, 19, 19]);
    assert_same(&networks.proposer, &files.proposer, [2, 1, 60, 81]);
    assert_same(&networks.verifier, &files.verifier, [1, 1, 40, 40]);
    assert_same(&networks.verifier, &files.verifier, [3, 1, 40, 40]);
    // Their own work is as it was.
    assert_eq!(burn::module::Module::devices(networks), [Device::flex()]);
}
