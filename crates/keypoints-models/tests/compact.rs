//! `CompactNet`: its size, its answers, its gradients.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

#[path = "common/seeded.rs"]
mod seeded;

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Distribution, Tensor, TensorData, Tolerance};
use keypoints_models::compact::{CompactConfig, CompactHead, cells_to_normalised, soft_argmax};
use keypoints_models::{KeypointNetwork, trained_parameters};
use seeded::seeded;

/// Small enough for a test to run it forwards and backwards.
fn tiny() -> CompactConfig {
    CompactConfig { outputs: 4, image_side: Some(32), width: 4, blocks: 1, ..Default::default() }
}

/// What the layers must add up to, counted layer by layer: a convolution has no bias, a norm has two numbers per
/// channel.
fn expected_parameters(config: &CompactConfig) -> usize {
    let conv_norm = |from: usize, to: usize, kernel: usize| from * to * kernel * kernel + 2 * to;
    let w = config.width;
    let mut sum = conv_norm(1, w, 3);
    for level in 0..4 {
        let (from, to) = (w << level >> 1, w << level);
        sum += 2 * config.blocks * conv_norm(to, to, 3);
        if level > 0 {
            sum += conv_norm(from, to, 3) - conv_norm(to, to, 3) + conv_norm(from, to, 1);
        }
    }
    sum += conv_norm(8 * w, 4 * w, 1) + conv_norm(4 * w, 4 * w, 3);
    sum += conv_norm(4 * w, 2 * w, 1) + conv_norm(2 * w, 2 * w, 3);
    sum + match config.head {
        CompactHead::HeatMap => 2 * w * config.outputs.div_ceil(2),
        CompactHead::Regression => {
            (2 * w * (config.image_side.unwrap_or(96) / 16).pow(2) + 1) * config.outputs
        }
    }
}

#[test]
fn has_the_parameters_of_its_layers() {
    let _drawing = seeded(1);
    let default = CompactConfig { outputs: 30, ..Default::default() };
    for config in [
        default.clone(),
        CompactConfig { outputs: 60, ..default.clone() },
        CompactConfig { width: 8, blocks: 3, outputs: 7, ..default.clone() },
        CompactConfig { head: CompactHead::Regression, ..default },
        tiny(),
    ] {
        let network = config.init(&Device::flex().autodiff()).unwrap();
        assert_eq!(trained_parameters(&network), expected_parameters(&config), "{config:?}");
    }
}

#[test]
fn answers_as_many_values_as_asked_for() {
    let _drawing = seeded(1);
    let device = Device::flex();
    for (outputs, head) in [
        (30, CompactHead::HeatMap),
        (7, CompactHead::HeatMap),
        (30, CompactHead::Regression),
        (7, CompactHead::Regression),
    ] {
        for (image_side, picture) in [(32, 32), (32, 64), (96, 96)] {
            let config = CompactConfig {
                outputs,
                image_side: Some(image_side),
                head,
                width: 2,
                blocks: 1,
                ..Default::default()
            };
            let network = config.init(&device).unwrap();
            let faces = Tensor::random([3, 1, picture, picture], Distribution::Default, &device);
            let answers = network.forward(faces.clone());
            assert_eq!(answers.dims(), [3, outputs], "{config:?}");
            let maps = network.heat_maps(faces).map(|maps| maps.dims());
            let side = image_side / 4;
            let expected = [3, outputs.div_ceil(2), side, side];
            assert_eq!(maps, (head == CompactHead::HeatMap).then_some(expected));
        }
    }
}

#[test]
fn answers_where_its_heat_maps_are_hot() {
    let _drawing = seeded(1);
    let device = Device::flex();
    let network = tiny().init(&device).unwrap();
    // Twice the side that the network works at: its 8 cells cover 8 pixels each.
    let faces = Tensor::random([2, 1, 64, 64], Distribution::Default, &device);
    let (places, _) = soft_argmax(network.heat_maps(faces.clone()).unwrap());
    let expected = cells_to_normalised(places, 8, 64).reshape([2, 4]);
    let found = network.forward(faces).into_data();
    found.assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(1e-6));
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
        .assert_approx_eq::<f32>(&alone.into_data(), Tolerance::rel_abs(1e-4, 1e-6));
}

#[test]
fn every_parameter_gets_a_gradient() {
    let _drawing = seeded(1);
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
    // The stem's 3, 3 norms and convolutions more per halving block than a plain one's 6, two merges of 6.
    let shared = 3 + 6 + 3 * 9 + 2 * 6;
    for (head, last) in [(CompactHead::HeatMap, 1), (CompactHead::Regression, 2)] {
        device.seed(5);
        let network = CompactConfig { head, ..tiny() }.init(&device).unwrap();
        let faces = Tensor::random([4, 1, 32, 32], Distribution::Default, &device);
        let gradients = network.forward(faces).powi_scalar(2).mean().backward();
        let mut seen = Gradients(&gradients, Vec::new(), 0);
        network.visit(&mut seen);
        assert!(seen.1.is_empty(), "parameters without a gradient: {:?}", seen.1);
        assert_eq!(seen.2, shared + last);
    }
}

/// Pictures of 32×32 pixels with a bright dot each, and where the dot is.
fn dots(count: usize, device: &Device) -> (Tensor<4>, Tensor<2>) {
    let mut pixels = Vec::new();
    let mut places = Vec::new();
    for index in 0..count {
        let (x, y) = (3 + index * 11 % 26, 3 + index * 7 % 26);
        let near = |value: usize, middle: usize| value.abs_diff(middle) <= 1;
        let pixel = |i: usize| f32::from(u8::from(near(i % 32, x) && near(i / 32, y)));
        pixels.extend((0..1024).map(pixel));
        places.extend([x, y].map(|place| (place as f32 - 16.0) / 16.0));
    }
    (
        Tensor::from_data(TensorData::new(pixels, [count, 1, 32, 32]), device),
        Tensor::from_data(TensorData::new(places, [count, 2]), device),
    )
}

#[test]
fn learns_to_point_between_its_cells() {
    let _drawing = seeded(3);
    let device = Device::flex().autodiff();
    let mut network = CompactConfig { outputs: 2, ..tiny() }.init(&device).unwrap();
    let mut optimizer = AdamConfig::new().init();
    let (images, places) = dots(26, &device);
    let mut pixels = Vec::new();
    for _ in 0..150 {
        let loss = (network.forward(images.clone()) - places.clone()).powi_scalar(2).mean();
        pixels.push(16.0 * loss.clone().into_scalar::<f32>().sqrt());
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        network = optimizer.step(1e-2, network, gradients);
    }
    // A cell is four pixels wide: the centre of the right one would be wrong by 1.1 pixels.
    let (first, last) = (pixels[0], pixels[149]);
    assert!(first > 4.0 && last < 0.5, "{first} pixels, then {last}");
}

#[test]
fn refuses_settings_that_cannot_be_built() {
    let device = Device::flex();
    let cases = [
        (
            CompactConfig { outputs: 0, ..tiny() },
            "compact: `outputs` must be in 1..=4096, but is 0",
        ),
        (CompactConfig { image_side: Some(40), ..tiny() }, "multiple of 16, but is 40"),
        (CompactConfig { image_side: Some(0), ..tiny() }, "multiple of 16, but is 0"),
        (CompactConfig { width: 0, ..tiny() }, "`width` must be in 1..=1024"),
        (CompactConfig { blocks: 0, ..tiny() }, "`blocks` must be in 1..=64"),
    ];
    for (config, message) in cases {
        let error = config.init(&device).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}
