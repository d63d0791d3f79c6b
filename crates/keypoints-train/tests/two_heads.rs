//! One network with a head per label source, from the loss to the prediction.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use burn::module::{Module, ModuleVisitor, Param};
use burn::store::ModuleRecord;
use burn::tensor::{Device, Tensor};
use common::{alone, config, faces};
use keypoints_core::{
    Coordinate, CoordinateScale, Dataset, ErrorReport, Keypoint, Labels, Source, Split, kaggle15,
};
use keypoints_models::{KeypointNetwork, NetworkConfig, compact::CompactConfig};
use keypoints_predict::{DevicePictures, Heads, KeypointPredictor, Outputs};
use keypoints_train::strategy::{Answers, Masked, Strategy, StrategyConfig, Trainer, TrainingPlan};
use keypoints_train::{
    Checkpoint, CoordinateUnits, DownWeight, NoObserver, RunFolder, Schedule, Targets, TrainConfig,
    TrainError, Training, masked_mse,
};

fn two_heads(epochs: usize) -> TrainConfig {
    TrainConfig { strategy: StrategyConfig::Masked(Masked::TWO_HEAD), ..config(epochs) }
}

fn compact() -> CompactConfig {
    CompactConfig { width: 2, blocks: 1, ..Default::default() }
}

#[test]
fn a_row_teaches_the_heat_maps_of_its_source_alone() {
    let _alone = alone();
    /// The summed slopes of every heat map's weights.
    struct Maps<'a>(&'a burn::tensor::Gradients, Vec<f32>);
    impl ModuleVisitor for Maps<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let weights = param.val();
            if weights.dims()[0] == 30 {
                let slopes = weights.grad(self.0).unwrap().abs().reshape([30, -1]);
                self.1 = slopes.sum_dim(1).into_data().try_to_vec().unwrap();
            }
        }
    }
    let (dataset, _) = faces(60);
    let training = Device::flex().autodiff();
    let network = CompactConfig { outputs: 60, ..compact() }.init(&training).unwrap();
    let coordinates: Vec<Coordinate> = Coordinate::all(15).collect();
    let scale = CoordinateScale::centred(96);
    let outputs = Outputs {
        schema: dataset.schema(),
        coordinates: &coordinates,
        heads: Heads::PerSource,
        scale,
    };
    let images = DevicePictures::upload(dataset.pictures(), &Device::flex());
    let sources: Vec<Source> = (0..dataset.len()).map(|row| dataset.sources()[row]).collect();
    let targets = Targets::upload(&outputs, dataset.labels(), &sources, &Device::flex());
    for source in [kaggle15::FULL, kaggle15::FOUR_POINT] {
        let rows: Vec<usize> = (0..dataset.len()).filter(|&row| sources[row] == source).collect();
        let rows = &rows[..6];
        let (values, mask) = targets.gather(rows);
        let output = network.forward(images.gather(rows).autodiff());
        let loss = masked_mse(output, values.autodiff(), mask.autodiff());
        let gradients = loss.backward();
        let mut maps = Maps(&gradients, Vec::new());
        network.visit(&mut maps);
        for (map, slope) in maps.1.iter().enumerate() {
            let keypoint = Keypoint::new((map % 15) as u16);
            let marked = rows.iter().any(|&row| {
                let labels = &dataset.labels()[row];
                labels.get(keypoint.x()).or(labels.get(keypoint.y())).is_some()
            });
            let own = map / 15 == source.index();
            assert_eq!(*slope > 0.0, own && marked, "{source:?} {keypoint:?} {map}: {slope}");
        }
        assert_eq!(maps.1.len(), 30);
    }
}

#[test]
fn each_face_is_answered_by_the_head_of_its_source() {
    let _alone = alone();
    let (dataset, split) = faces(120);
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path());
    let device = Device::flex();
    let training = Training::new(&dataset, split.clone(), two_heads(2));
    let outcome = training.run(&run, &device, &mut NoObserver).unwrap();
    let record = run.model_record().unwrap();
    assert_eq!((record.coordinates.len(), record.network.outputs()), (30, 60));
    assert_eq!(record.heads, Heads::PerSource);

    // What the network itself says, by hand.
    let best = outcome.models[0].selected_epoch.unwrap();
    let weights = run.checkpoints_path().join(format!("epoch-{best:04}/model.bpk"));
    let weights = ModuleRecord::load(&weights).unwrap();
    let network =
        record.init(&config(2).network, &device).unwrap().try_load_record(weights).unwrap();
    let images = DevicePictures::upload(dataset.pictures(), &device);
    let raw = network.forward(images.gather(&split.validation));
    let raw = raw.into_data().try_to_vec::<f32>().unwrap();

    let predictor = run.predictor(Checkpoint::Best, &device).unwrap();
    let pictures = dataset.pictures().select(&split.validation);
    let ask = |source| {
        predictor.predict_as(&pictures, &vec![source; pictures.len()], &mut |_| ()).unwrap()
    };
    let (full, four) = (ask(kaggle15::FULL), ask(kaggle15::FOUR_POINT));
    for (face, raw) in raw.chunks(60).enumerate() {
        for coordinate in Coordinate::all(15) {
            let index = coordinate.index();
            let pixels = |value: f32| Some(value * 48.0 + 48.0);
            assert_eq!(full[face].get(coordinate), pixels(raw[index]));
            // Nobody taught the second head the points that four-point faces lack.
            let marked = kaggle15::FOUR_POINTS.contains(&coordinate.keypoint);
            let expected = if marked { raw[30 + index] } else { raw[index] };
            assert_eq!(four[face].get(coordinate), pixels(expected), "{coordinate:?}");
        }
    }
    assert_eq!(full, predictor.predict(&pictures).unwrap());

    // Validation asks each row by its source, and so does the whole run.
    let held_out = dataset.select(&split.validation);
    let (truth, sources) = (held_out.labels(), held_out.sources());
    let routed = predictor.predict_as(&pictures, sources, &mut |_| ()).unwrap();
    for ((routed, source), (full, four)) in routed.iter().zip(sources).zip(full.iter().zip(&four)) {
        assert_eq!(routed, if *source == kaggle15::FULL { full } else { four });
    }
    let report = ErrorReport::compare(dataset.schema(), sources, truth, &routed);
    assert_eq!(outcome.models[0].selected.as_ref(), Some(&report));
    assert_eq!(outcome.report, Some(report));
    assert_eq!(outcome.predictions, routed);

    let few = predictor.predict_as(&pictures, &sources[1..], &mut |_| ()).unwrap_err();
    assert!(few.to_string().contains("23 label sources for 24 pictures: each picture needs one"));
}

/// All thirty values.
fn everywhere(value: f32) -> Labels {
    Labels::new(vec![Some(value); 30])
}

/// Trains two heads on targets that were filled: full faces at 80, four-point faces at 16, whatever the point.
struct Filled;

impl Strategy for Filled {
    fn train(
        &self,
        faces: &Dataset,
        rows: &[usize],
        trainer: &mut dyn Trainer,
    ) -> Result<Answers, TrainError> {
        let fill = |&row: &usize| {
            let full = faces.sources()[row] == kaggle15::FULL;
            everywhere(if full { 80.0 } else { 16.0 })
        };
        let targets = rows.iter().map(fill).collect();
        let plan =
            TrainingPlan::new(faces.schema(), rows.to_vec(), targets).with_heads(Heads::PerSource);
        trainer.train_only(plan)
    }
}

/// Trains two heads on every four-point face, twice: as full faces are marked at 80, as its own annotators mark there.
struct Twice(f32);

impl Strategy for Twice {
    fn train(
        &self,
        faces: &Dataset,
        rows: &[usize],
        trainer: &mut dyn Trainer,
    ) -> Result<Answers, TrainError> {
        let four = rows.iter().filter(|&&row| faces.sources()[row] == kaggle15::FOUR_POINT);
        let rows: Vec<usize> = four.flat_map(|&row| [row, row]).collect();
        let pairs = rows.len() / 2;
        let targets = (0..pairs).flat_map(|_| [everywhere(80.0), everywhere(self.0)]).collect();
        let plan = TrainingPlan::new(faces.schema(), rows, targets)
            .with_heads(Heads::PerSource)
            .taught_as([kaggle15::FULL, kaggle15::FOUR_POINT].repeat(pairs));
        trainer.train_only(plan)
    }
}

/// The nose tips of three faces, asked for as full and as four-point ones.
fn noses_after(strategy: &dyn Strategy, down_weight: Option<DownWeight>) -> [Vec<f32>; 2] {
    let (dataset, split) = faces(100);
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path());
    let device = Device::flex();
    let config = TrainConfig { schedule: Schedule::Constant, down_weight, ..config(6) };
    let training = Training::new(&dataset, split, config).with_strategy("mine", strategy);
    training.run(&run, &device, &mut NoObserver).unwrap();
    let predictor = run.predictor(Checkpoint::Last, &device).unwrap();
    let pictures = dataset.pictures().select(&[0, 1, 2]);
    let nose = |source| {
        let faces = predictor.predict_as(&pictures, &[source; 3], &mut |_| ()).unwrap();
        faces.into_iter().map(|face| face.get(kaggle15::NOSE_TIP.x()).unwrap()).collect::<Vec<_>>()
    };
    [nose(kaggle15::FULL), nose(kaggle15::FOUR_POINT)]
}

#[test]
fn a_filled_row_still_belongs_to_its_own_annotators() {
    let _alone = alone();
    let [full, four] = noses_after(&Filled, None);
    assert!(full.iter().all(|&x| x > 60.0) && four.iter().all(|&x| x < 36.0), "{full:?} {four:?}");
}

#[test]
fn a_row_can_teach_both_heads() {
    let _alone = alone();
    let [full, four] = noses_after(&Twice(16.0), None);
    assert!(full.iter().all(|&x| x > 60.0) && four.iter().all(|&x| x < 36.0), "{full:?} {four:?}");

    // Labels that count for nothing teach nothing; what others have marked on the same rows does.
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("rows.csv");
    let rows: String = (1..=100).map(|row| format!("{row}\n")).collect();
    std::fs::write(&file, format!("row\n{rows}")).unwrap();
    let list = Some(DownWeight { file, weight: 0.0 });
    let [full, four] = noses_after(&Twice(16.0), list.clone());
    assert!(full.iter().all(|&x| x > 60.0), "{full:?}");
    assert_eq!(noses_after(&Twice(30.0), list), [full, four]);
}

#[test]
fn what_heads_and_heat_maps_cannot_do_is_refused() {
    let _alone = alone();
    let (dataset, split) = faces(60);
    let attempt = |config: TrainConfig, split: &Split, strategy: Option<&dyn Strategy>| {
        let folder = tempfile::tempdir().unwrap();
        let training = Training::new(&dataset, split.clone(), config);
        let training = match strategy {
            Some(strategy) => training.with_strategy("mine", strategy),
            None => training,
        };
        let run = RunFolder::new(folder.path());
        training.run(&run, &Device::flex(), &mut NoObserver).unwrap_err().to_string()
    };
    let full = |&row: &usize| dataset.sources()[row] == kaggle15::FULL;
    let train = split.train.iter().copied().filter(full).collect();
    let alone = Split { train, ..split.clone() };
    let error = attempt(two_heads(1), &alone, None);
    assert!(error.contains("training rows of every label source, one head each"), "{error}");
    assert!(error.contains("no row of `four_point`"), "{error}");

    let heat_maps = TrainConfig { network: NetworkConfig::CompactNet(compact()), ..two_heads(1) };
    let pixels = TrainConfig { coordinates: CoordinateUnits::Pixels, ..heat_maps.clone() };
    let error = attempt(pixels, &split, None);
    assert!(
        error.contains("`coordinates` must be `centred` for heat maps, but is `pixels`"),
        "{error}"
    );

    /// Learns all columns and no rows.
    struct Columns;
    impl Strategy for Columns {
        fn train(
            &self,
            faces: &Dataset,
            rows: &[usize],
            trainer: &mut dyn Trainer,
        ) -> Result<Answers, TrainError> {
            let plan = TrainingPlan::of_rows(faces, rows.to_vec());
            trainer.train_only(
                plan.for_coordinates(faces.schema().keypoints().map(Keypoint::x).collect()),
            )
        }
    }
    let error = attempt(heat_maps, &split, Some(&Columns));
    assert!(error.contains("x and y of one keypoint after the other for heat maps"), "{error}");

    for decay in [0.0, 1.0, f64::NAN] {
        let error = attempt(TrainConfig { weight_average: Some(decay), ..config(1) }, &split, None);
        assert!(error.contains("`weight_average` must be between 0 and 1, or null"), "{error}");
    }
}

/// Removes fields of a JSON file, at any depth.
fn strip(path: &std::path::Path, fields: &[&str]) {
    fn walk(value: &mut serde_json::Value, fields: &[&str]) -> usize {
        let Some(object) = value.as_object_mut() else {
            return 0;
        };
        let before = object.len();
        object.retain(|name, _| !fields.contains(&name.as_str()));
        before - object.len() + object.values_mut().map(|value| walk(value, fields)).sum::<usize>()
    }
    let mut value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(walk(&mut value, fields), fields.len(), "{}", path.display());
    std::fs::write(path, serde_json::to_vec(&value).unwrap()).unwrap();
}

#[test]
fn runs_from_before_there_were_heads_go_on() {
    let _alone = alone();
    let (dataset, split) = faces(60);
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path());
    let device = Device::flex();
    let masked = TrainConfig { strategy: StrategyConfig::by_name("masked").unwrap(), ..config(1) };
    let training = Training::new(&dataset, split, masked);
    let first = training.run(&run, &device, &mut NoObserver).unwrap();
    // "heads" once for the strategy; the scores have no such field.
    strip(&run.record_path(), &["loss", "weight_average", "heads"]);
    strip(&run.model_path(), &["heads"]);
    let again = training.run(&run, &device, &mut NoObserver).unwrap();
    assert_eq!(format!("{again:?}"), format!("{first:?}"));
}
