//! Points, pictures and label sources of a program's own, from the dataset to the model file.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::sync::Arc;

use burn::tensor::Device;
use common::{alone, config, faces};
use keypoints_core::{
    Dataset, ErrorReport, Keypoint, Labels, PictureShape, Pictures, Point, Schema, Source, Split,
    hold_out,
};
use keypoints_models::{NetworkConfig, compact::CompactConfig};
use keypoints_predict::{Heads, KeypointPredictor, PredictError, Predictor};
use keypoints_train::augment::AugmentConfig;
use keypoints_train::strategy::StrategyConfig;
use keypoints_train::{
    Checkpoint, LossConfig, NoObserver, RunFolder, TrainConfig, TrainError, Training, save_model,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Four corners of something and its middle, with a colour each.
const PAW: &str = r#"{
    "name": "paw-5",
    "keypoints": ["left_top", "right_top", "left_bottom", "right_bottom", "middle"],
    "mirror_pairs": [["left_top", "right_top"], ["left_bottom", "right_bottom"]],
    "unit": ["left_top", "right_top"]
}"#;

const CORNERS: [[f32; 2]; 5] = [[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0], [0.0, 0.0]];

/// Red, green and blue.
const COLOURS: [[u8; 3]; 5] =
    [[250, 40, 40], [250, 40, 40], [40, 250, 40], [40, 250, 40], [40, 40, 250]];

/// Dots on noise, about a fifth of the side apart, anywhere on the picture; each with its place.
fn draw(shape: PictureShape, random: &mut ChaCha8Rng) -> (Vec<u8>, Vec<Point>) {
    let mut pixels: Vec<u8> = (0..shape.bytes()).map(|_| random.random_range(60..120)).collect();
    let side = shape.side as f32;
    let reach = side * random.random_range(0.12..0.22);
    let [x, y] = [(); 2].map(|()| random.random_range(0.3 * side..0.7 * side));
    let mut place = |[right, down]: [f32; 2]| Point {
        x: x + right * reach + random.random_range(-1.0..1.0),
        y: y + down * reach + random.random_range(-1.0..1.0),
    };
    let points: Vec<Point> = CORNERS.iter().map(|&corner| place(corner)).collect();
    for (point, colour) in points.iter().zip(COLOURS) {
        for at in 0..shape.area() {
            let here = Point { x: (at % shape.side) as f32, y: (at / shape.side) as f32 };
            if here.distance(*point) < f64::from(side) / 25.0 {
                for channel in 0..shape.channels {
                    pixels[channel * shape.area() + at] = colour[channel];
                }
            }
        }
    }
    (pixels, points)
}

/// So many pictures; `mark` says what their sources mark.
fn dataset(
    schema: &Arc<Schema>,
    shape: PictureShape,
    sources: &[Source],
    mark: impl Fn(usize, &[Point]) -> Labels,
) -> Dataset {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for row in 0..sources.len() {
        let (picture, points) = draw(shape, &mut random);
        pixels.extend(picture);
        labels.push(mark(row, &points));
    }
    let pictures = Pictures::new(shape, pixels).unwrap();
    Dataset::new(Arc::clone(schema), pictures, labels, sources.to_vec()).unwrap()
}

/// The error of whoever predicts each coordinate's mean over the training rows.
fn rmse_of_the_mean(dataset: &Dataset, split: &Split) -> f64 {
    let train = dataset.select(&split.train);
    let mean = |one| {
        let marked: Vec<f32> = train.labels().iter().filter_map(|row| row.get(one)).collect();
        (one, marked.iter().sum::<f32>() / marked.len() as f32)
    };
    let mean: Labels = dataset.schema().coordinates().map(mean).collect();
    let held_out = dataset.select(&split.validation);
    let guesses = vec![mean; held_out.len()];
    let (schema, sources) = (held_out.schema(), held_out.sources());
    ErrorReport::compare(schema, sources, held_out.labels(), &guesses).rmse.unwrap()
}

fn largest_difference(one: &[Labels], other: &[Labels]) -> f32 {
    assert_eq!(one.len(), other.len());
    let mut largest = 0.0_f32;
    for (one, other) in one.iter().zip(other) {
        assert_eq!(one.count(), other.count());
        for (coordinate, value) in one.present() {
            largest = largest.max((value - other.get(coordinate).unwrap()).abs());
        }
    }
    largest
}

#[test]
fn five_points_on_colour_pictures() {
    let _alone = alone();
    let schema: Arc<Schema> = Arc::new(serde_json::from_str(PAW).unwrap());
    let shape = PictureShape::colour(64);
    // A corner is missing on every third picture, and an x without its y on every seventh.
    let dataset = dataset(&schema, shape, &[Source::default(); 160], |row, points| {
        let mut labels = Labels::default();
        for (keypoint, &point) in schema.keypoints().zip(points) {
            labels.set_point(keypoint, point);
        }
        if row % 3 == 0 {
            let missing = Keypoint::new((row % 5) as u16);
            labels.set(missing.x(), None);
            labels.set(missing.y(), None);
        }
        if row % 7 == 0 {
            labels.set(Keypoint::new(4).x(), None);
        }
        labels
    });
    assert!(dataset.complete_rows().len() < 120);
    let split = hold_out(&dataset, 0.2, 1).unwrap();
    let compact = CompactConfig { width: 4, blocks: 1, ..Default::default() };
    let config = TrainConfig {
        network: NetworkConfig::CompactNet(compact),
        strategy: StrategyConfig::by_name("masked").unwrap(),
        augment: AugmentConfig { flip: 0.5, ..AugmentConfig::none() },
        flip_average: true,
        loss: LossConfig::HeatMapKl { spread: 4.0 },
        learning_rate: 2e-2,
        ..config(12)
    };
    let (folder, device) = (tempfile::tempdir().unwrap(), Device::flex());
    let run = RunFolder::new(folder.path().join("run"));
    let training = Training::new(&dataset, split.clone(), config);
    let outcome = training.run(&run, &device, &mut NoObserver).unwrap();
    let report = outcome.report.unwrap();
    let (rmse, mean) = (report.rmse.unwrap(), rmse_of_the_mean(&dataset, &split));
    assert!(rmse < 0.4 * mean, "{rmse} px, {mean} px by the mean");
    assert_eq!(report.per_keypoint.len(), 5);
    assert!(report.sources.is_empty() && report.weighted_rmse.is_none(), "there is one source");

    let predictor = run.predictor(Checkpoint::Best, &device).unwrap();
    let file = folder.path().join("paw.safetensors");
    save_model(&predictor, &file).unwrap();
    let opened = Predictor::open_model(&file, &device).unwrap();
    assert_eq!(**opened.schema(), *schema);
    assert_eq!((opened.schema().name(), opened.pictures()), ("paw-5", shape));
    let held_out = dataset.pictures().select(&split.validation);
    let found = predictor.predict(&held_out).unwrap();
    assert_eq!(found, outcome.predictions);
    assert!(found.iter().all(|labels| labels.count() == 10));
    let off = largest_difference(&found, &opened.predict(&held_out).unwrap());
    assert!(off < 0.2, "the file's predictions are off by {off} px");

    let grey = Pictures::new(PictureShape::grey(64), vec![0; 64 * 64]).unwrap();
    let error = opened.predict(&grey).unwrap_err();
    assert!(matches!(error, PredictError::WrongShape { .. }), "{error}");
    let error = error.to_string();
    assert!(error.contains("64×64 colour") && error.contains("64×64 grey"), "{error}");
}

#[test]
fn flips_need_a_schema_with_mirror_pairs() {
    let _alone = alone();
    let schema = Arc::new(Schema::new("dots", ["a", "b", "c", "d", "e"]).unwrap());
    let dataset =
        dataset(&schema, PictureShape::grey(32), &[Source::default(); 20], |_, points| {
            schema.keypoints().zip(points).map(|(one, point)| (one.x(), point.x)).collect()
        });
    let split = hold_out(&dataset, 0.2, 1).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let attempt = |config: TrainConfig| {
        let strategy = StrategyConfig::by_name("masked").unwrap();
        Training::new(&dataset, split.clone(), TrainConfig { strategy, ..config })
            .run(&RunFolder::new(folder.path().join("run")), &Device::flex(), &mut NoObserver)
            .unwrap_err()
    };
    let augment = AugmentConfig { flip: 0.5, ..AugmentConfig::none() };
    let errors = [
        attempt(TrainConfig { augment, ..config(1) }),
        attempt(TrainConfig { flip_average: true, ..config(1) }),
    ];
    for error in errors {
        assert!(!matches!(error, TrainError::Device(_)), "{error}");
        let error = error.to_string();
        assert!(error.contains("has no `mirror_pairs`") && error.contains("`dots`"), "{error}");
    }
}

#[test]
fn two_sources_on_small_grey_pictures() {
    let _alone = alone();
    let mut schema: serde_json::Value = serde_json::from_str(PAW).unwrap();
    schema["sources"] = serde_json::json!([
        { "name": "vet", "weight": 0.5 },
        { "name": "owner", "weight": 0.5, "marks": ["left_top", "right_top", "middle"] }
    ]);
    let schema: Arc<Schema> = Arc::new(serde_json::from_value(schema).unwrap());
    let shape = PictureShape::grey(48);
    let sources: Vec<Source> = (0..240).map(|row| Source::new(row % 2)).collect();
    let [vet, owner] = [Source::new(0), Source::new(1)];
    // Owners mark the same points five pixels lower.
    let dataset = dataset(&schema, shape, &sources, |row, points| {
        let lower = if sources[row] == owner { 5.0 } else { 0.0 };
        let mut labels = Labels::default();
        for (keypoint, point) in schema.keypoints().zip(points) {
            if schema.source(sources[row]).marks(keypoint) {
                labels.set_point(keypoint, Point { x: point.x, y: point.y + lower });
            }
        }
        labels
    });
    let split = hold_out(&dataset, 0.2, 1).unwrap();
    let network = CompactConfig { width: 4, blocks: 1, ..Default::default() };
    let config = TrainConfig {
        network: NetworkConfig::CompactNet(network),
        strategy: StrategyConfig::by_name("masked_two_head").unwrap(),
        learning_rate: 2e-2,
        ..config(20)
    };
    let (folder, device) = (tempfile::tempdir().unwrap(), Device::flex());
    let run = RunFolder::new(folder.path().join("run"));
    let training = Training::new(&dataset, split.clone(), config);
    let outcome = training.run(&run, &device, &mut NoObserver).unwrap();
    let report = outcome.report.unwrap();
    let (rmse, mean) = (report.rmse.unwrap(), rmse_of_the_mean(&dataset, &split));
    assert!(rmse < 0.6 * mean, "{rmse} px, {mean} px by the mean");
    let [of_vet, of_owner] = ["vet", "owner"].map(|name| report.source(name).unwrap());
    let weighted = ((of_vet.powi(2) + of_owner.powi(2)) / 2.0).sqrt();
    assert!((report.weighted_rmse.unwrap() - weighted).abs() < 1e-9);

    let predictor = run.predictor(Checkpoint::Best, &device).unwrap();
    let record = predictor.record();
    assert_eq!((record.heads, record.network.outputs()), (Heads::PerSource, 20));
    let file = folder.path().join("paw.safetensors");
    save_model(&predictor, &file).unwrap();
    let opened = Predictor::open_model(&file, &device).unwrap();
    assert_eq!((opened.schema().name(), opened.pictures()), ("paw-5", shape));
    let held_out = dataset.pictures().select(&split.validation);
    let ask = |predictor: &Predictor, source: Source| {
        predictor.predict_as(&held_out, &vec![source; held_out.len()], &mut |_| ()).unwrap()
    };
    for source in [vet, owner] {
        let off = largest_difference(&ask(&predictor, source), &ask(&opened, source));
        assert!(off < 0.2, "the file's predictions are off by {off} px");
    }
    let (by_vet, by_owner) = (ask(&opened, vet), ask(&opened, owner));
    let mean_difference = |name: &str| {
        let one = schema.keypoint(name).unwrap().y();
        let pairs = by_vet.iter().zip(&by_owner);
        let all = pairs.map(|(vet, owner)| owner.get(one).unwrap() - vet.get(one).unwrap());
        all.sum::<f32>() / held_out.len() as f32
    };
    let marked = mean_difference("middle");
    assert!((3.5..6.5).contains(&marked), "an owner marks it {marked} px lower");
    assert_eq!(
        mean_difference("left_bottom"),
        0.0,
        "the vets' head predicts what owners never mark"
    );

    let unknown = vec![Source::new(2); held_out.len()];
    let error = opened.predict_as(&held_out, &unknown, &mut |_| ()).unwrap_err();
    assert!(matches!(error, PredictError::UnknownSource { found: 2, sources: 2 }), "{error}");
}

#[test]
fn networks_that_do_not_belong_together_are_refused() {
    let _alone = alone();
    let (faces, split) = faces(80);
    let (folder, device) = (tempfile::tempdir().unwrap(), Device::flex());
    let run = RunFolder::new(folder.path());
    let strategy = StrategyConfig::by_name("two_models").unwrap();
    let config = TrainConfig { strategy, ..config(1) };
    Training::new(&faces, split, config).run(&run, &device, &mut NoObserver).unwrap();
    run.predictor(Checkpoint::Best, &device).unwrap();

    let compact = NetworkConfig::by_name("compact").unwrap();
    let error = run.own_predictor(&compact, Checkpoint::Best, &device).unwrap_err().to_string();
    assert!(error.contains("trained `simple_cnn`, not `compact`"), "{error}");

    let path = run.path().join("models/four_point/model.json");
    let mut record: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    record["schema"]["name"] = "others".into();
    std::fs::write(&path, serde_json::to_vec(&record).unwrap()).unwrap();
    let error = run.predictor(Checkpoint::Best, &device).unwrap_err().to_string();
    assert!(error.contains("networks for the same points"), "{error}");
}
