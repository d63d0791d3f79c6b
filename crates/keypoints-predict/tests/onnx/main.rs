//! ONNX files predict what the predictor predicts. They run in tract, an inference engine that shares no code with Burn.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod networks;
mod runtime;

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::{Device, Tensor};
use keypoints_core::{Coordinate, LabelShifts, PictureShape, Source, kaggle15};
use keypoints_models::KeypointNetwork;
use keypoints_models::NetworkConfig;
use keypoints_models::compact::{CompactConfig, CompactHead};
use keypoints_models::efficientnet::EfficientNetConfig;
use keypoints_models::simple_cnn::SimpleCnnConfig;
use keypoints_predict::onnx::OnnxError;
use keypoints_predict::{Heads, KeypointPredictor, Model, Predictor, TestTimeAugmentation};
use networks::{pictures, predictor};
use runtime::{File, spread};

/// Pixels of a crop.
const TOLERANCE: f32 = 0.01;

/// The file predicts what the predictor does, for one picture and for three.
fn assert_same(predictor: &Predictor, what: &str) {
    let file = File::of(&predictor.to_onnx_bytes(None).unwrap());
    for count in [1, 3] {
        let pictures = pictures(predictor.pictures(), count);
        let ours = predictor.predict_on_picture(&pictures, &mut |_| ()).unwrap();
        let found = file.run(&pictures);
        let known: Vec<Coordinate> = predictor.coordinates();
        assert_eq!(found.points.len(), known.len() * count, "{what}");
        let expected = ours.iter().flat_map(|row| known.iter().map(|&one| row.get(one).unwrap()));
        let expected: Vec<f32> = expected.collect();
        assert_close(&found.points, &expected, what);
        // Or all is well because nothing depends on the picture: a constant would not pass.
        if count > 1 {
            let apart = spread(&expected[..known.len()], &expected[known.len()..2 * known.len()]);
            println!("{what}: pictures {apart:.3} px apart");
            assert!(apart > 5.0 * TOLERANCE, "{what}: {apart}");
        }
        let sources = vec![Source::default(); count];
        let unsure = predictor.uncertainty(&pictures, &sources, &mut |_| ()).unwrap();
        assert_eq!(found.uncertainty.is_some(), unsure.is_some(), "{what}");
        if let Some((found, unsure)) = found.uncertainty.zip(unsure) {
            let expected: Vec<f32> = unsure.iter().flat_map(|row| row.values().copied()).collect();
            assert_close(&found, &expected, what);
        }
    }
}

fn assert_close(found: &[f32], expected: &[f32], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let worst = spread(found, expected);
    let largest = expected.iter().map(|one| one.abs()).fold(0.0, f32::max);
    println!("{what}: {worst:.6} px of {largest:.1}");
    assert!(worst <= TOLERANCE, "{what}: {worst} pixels apart");
}

fn compact(head: CompactHead) -> NetworkConfig {
    NetworkConfig::CompactNet(CompactConfig { width: 4, blocks: 1, head, ..Default::default() })
}

fn efficientnet(lite: bool) -> NetworkConfig {
    let (width, stages) = (0.25, 3);
    NetworkConfig::EfficientNet(EfficientNetConfig { width, stages, lite, ..Default::default() })
}

fn simple_cnn() -> NetworkConfig {
    let (channels, hidden) = ([4, 4, 8], 8);
    NetworkConfig::SimpleCnn(SimpleCnnConfig { channels, hidden, ..Default::default() })
}

#[test]
fn every_network_with_either_set_of_heads_and_every_augmentation() {
    let networks = [
        ("simple_cnn", simple_cnn()),
        ("compact", compact(CompactHead::HeatMap)),
        ("compact, regression", compact(CompactHead::Regression)),
        ("efficientnet", efficientnet(false)),
        ("efficientnet lite", efficientnet(true)),
    ];
    for (name, config) in &networks {
        for heads in [Heads::Shared, Heads::PerSource] {
            for versions in [1, 2, 10] {
                let tta = TestTimeAugmentation::of_count(versions).unwrap();
                let shape = PictureShape::grey(64);
                let predictor = predictor(config, shape, heads).with_tta(tta);
                assert_same(&predictor, &format!("{name}, {heads:?}, {versions} versions"));
            }
        }
    }
}

#[test]
fn the_uncertainty_is_calibrated() {
    let plain = predictor(&compact(CompactHead::HeatMap), PictureShape::grey(64), Heads::PerSource);
    // Entries below, among and beyond the spreads of such maps, one without a slope.
    let table = "[[1.0, 0.25], [12.0, 1.5], [15.0, 1.5], [17.0, 4.0], [19.0, 4.5], [21.0, 6.0], [60.0, 7.0]]";
    for text in [format!(r#"{{ "full": {table} }}"#), r#"{ "full": [[14.0, 2.0]] }"#.to_owned()] {
        let calibration = serde_json::from_str(&text).unwrap();
        assert_same(&plain.clone().with_calibration(Some(&calibration)), &text);
    }
}

#[test]
fn colour_pictures_that_the_network_sees_smaller_or_larger() {
    let half = CompactConfig { width: 4, blocks: 1, image_side: Some(32), ..Default::default() };
    let large =
        EfficientNetConfig { width: 0.25, stages: 2, input_side: Some(96), ..Default::default() };
    for (name, config) in [
        ("compact", NetworkConfig::CompactNet(half)),
        ("efficientnet", NetworkConfig::EfficientNet(large)),
    ] {
        let tta = TestTimeAugmentation::of_count(2).unwrap();
        let predictor = predictor(&config, PictureShape::colour(64), Heads::Shared).with_tta(tta);
        assert_same(&predictor, name);
    }
}

/// The predictor with other coordinates, and another set of them.
fn with_coordinates(coordinates: Vec<Coordinate>) -> Predictor {
    networks::predictor_of(&simple_cnn(), PictureShape::grey(64), Heads::Shared, coordinates)
}

#[test]
fn points_are_in_the_schemas_order_and_half_of_one_is_refused() {
    let [nose, mouth] = [kaggle15::NOSE_TIP, kaggle15::MOUTH_LEFT_CORNER];
    // y before x, a later point before an earlier one.
    let turned = vec![mouth.y(), nose.y(), nose.x(), mouth.x()];
    assert_same(&with_coordinates(turned), "turned coordinates");
    let error = with_coordinates(vec![nose.x(), nose.y(), mouth.y()]).to_onnx_bytes(None);
    let error = error.unwrap_err().to_string();
    assert!(
        error.contains("predicts `mouth_left_corner_y` but not `mouth_left_corner_x`"),
        "{error}"
    );
}

#[test]
fn one_point_alone() {
    let config = compact(CompactHead::HeatMap);
    let nose = vec![kaggle15::NOSE_TIP.x(), kaggle15::NOSE_TIP.y()];
    let shape = PictureShape::grey(64);
    assert_same(&networks::predictor_of(&config, shape, Heads::Shared, nose), "one point");
}

#[test]
fn label_shifts_stay_outside() {
    let predictor =
        predictor(&compact(CompactHead::HeatMap), PictureShape::grey(64), Heads::PerSource);
    let mut model = predictor.models()[0].clone();
    model.record.label_shifts = LabelShifts::new(vec![0.3, 1.2]);
    assert_same(&Predictor::of_model(model, None, &Device::flex()), "label shifts");
}

#[test]
fn the_metadata_says_what_goes_in_and_out() {
    let predictor =
        predictor(&compact(CompactHead::HeatMap), PictureShape::grey(64), Heads::Shared);
    let mut model = predictor.models()[0].clone();
    model.record.crop = Some(kaggle15::crop_template());
    model.record.margin = Some(0.25);
    let predictor = Predictor::of_model(model, None, &Device::flex());
    let file = File::of(&predictor.to_onnx_bytes(Some("CC0-1.0")).unwrap());
    let json = |key: &str| serde_json::from_str::<serde_json::Value>(&file.metadata[key]).unwrap();
    assert_eq!(json("points")[10], "nose_tip");
    assert_eq!(json("schema")["name"], "kaggle-15");
    assert_eq!(json("pictures"), serde_json::json!({ "side": 64, "channels": 1 }));
    assert!(json("crop")["left_eye_center"].is_array());
    let texts = ["margin", "license", "version"].map(|key| file.metadata[key].as_str());
    assert_eq!(texts, ["0.25", "CC0-1.0", env!("CARGO_PKG_VERSION")]);
    assert_eq!(file.names, ["pictures", "points", "uncertainty"]);
    let shapes = ["batch 1 64 64", "batch 15 2", "batch 15"];
    assert_eq!(file.shapes, shapes);
}

#[test]
fn the_predictor_is_as_it_was() {
    let predictor = predictor(&efficientnet(false), PictureShape::grey(64), Heads::Shared);
    let pictures = pictures(predictor.pictures(), 2);
    let before = predictor.predict(&pictures).unwrap();
    predictor.to_onnx_bytes(None).unwrap();
    assert_eq!(predictor.predict(&pictures).unwrap(), before);
    assert_eq!(predictor.models()[0].network.devices(), [Device::flex()]);
}

/// A network with an operation that cannot be exported, behind its second layer.
#[derive(Module, Debug)]
struct Sorted {
    first: Conv2d,
    head: Conv2d,
}

impl KeypointNetwork for Sorted {
    fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        let maps = self.head.forward(self.first.forward(images)).flatten::<3>(2, 3);
        maps.sort(2).sum_dim(2).flatten(1, 2)
    }
}

#[test]
fn an_operation_that_cannot_be_exported_is_named_with_its_layer() {
    let device = Device::flex();
    let known = with_coordinates(vec![kaggle15::NOSE_TIP.x(), kaggle15::NOSE_TIP.y()]);
    let network = Sorted {
        first: Conv2dConfig::new([1, 2], [3, 3]).init(&device),
        head: Conv2dConfig::new([2, 2], [1, 1]).init(&device),
    };
    let record = known.record().clone();
    let predictor = Predictor::of_model(Model { network, record, epoch: 1 }, None, &device);
    let error = predictor.to_onnx_bytes(None).unwrap_err();
    let text = error.to_string();
    let OnnxError::UnsupportedOperation { operation, layer, .. } = error else { panic!("{text}") };
    assert_eq!((operation.as_str(), layer.as_deref()), ("Sort", Some("head")), "{text}");
    assert!(
        text.contains("no ONNX form of its operation `Sort`, at or after layer `head`"),
        "{text}"
    );
}

#[test]
fn several_networks_are_refused() {
    let one = predictor(&simple_cnn(), PictureShape::grey(64), Heads::Shared);
    let two = vec![one.models()[0].clone(), one.models()[0].clone()];
    let two = Predictor::of_models(two, vec![0, 1], None, &Device::flex());
    let error = two.to_onnx_bytes(None).unwrap_err().to_string();
    assert!(error.contains("this predictor has 2"), "{error}");
}
