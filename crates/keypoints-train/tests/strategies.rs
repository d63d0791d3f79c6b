//! Strategies with several networks, from training to prediction.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};

use burn::tensor::Device;
use common::{DieAfter, alone, config, faces};
use keypoints_core::{Coordinate, Dataset, ErrorReport, kaggle15};
use keypoints_predict::KeypointPredictor;
use keypoints_train::strategy::pseudo_labels::{ROUNDS_FILE, Round};
use keypoints_train::strategy::{
    Answers, ModelId, PseudoLabels, Strategy, StrategyConfig, Trainer, TrainingPlan, TwoModels,
};
use keypoints_train::{Checkpoint, NoObserver, RunFolder, TrainConfig, TrainError, Training};

fn by(strategy: StrategyConfig, epochs: usize) -> TrainConfig {
    TrainConfig { strategy, ..config(epochs) }
}

#[test]
fn two_models_answer_for_their_sources() {
    let _alone = alone();
    let (dataset, split) = faces(150);
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path());
    let device = Device::flex();
    let config = by(StrategyConfig::TwoModels(TwoModels {}), 2);
    let training = Training::new(&dataset, split.clone(), config);
    let outcome = training.run(&run, &device, &mut NoObserver).unwrap();

    let names: Vec<&str> = outcome.models.iter().map(|model| model.model.as_str()).collect();
    assert_eq!(names, ["full", "four_point"]);
    let record = run.model(&ModelId::named("four_point")).model_record().unwrap();
    assert_eq!((record.network.outputs(), record.coordinates.len()), (8, 8));
    let best = |index: usize| outcome.models[index].selected.clone().unwrap();
    assert_eq!(best(0).source("four_point"), None, "judged by the faces that it answers for");
    assert_eq!(best(1).source("full"), None);

    // The whole is made of the parts.
    let report = outcome.report.clone().unwrap();
    assert_eq!(report.source("full"), best(0).source("full"));
    assert_eq!(report.source("four_point"), best(1).source("four_point"));
    assert!(report.weighted_rmse.is_some());

    let predictor = run.predictor(Checkpoint::Best, &device).unwrap();
    let images = dataset.pictures().select(&split.validation);
    let full = predictor.predict(&images).unwrap();
    let four = predictor
        .predict_as(&images, &vec![kaggle15::FOUR_POINT; images.len()], &mut |_| ())
        .unwrap();
    let same = |coordinate| full[0].get(coordinate) == four[0].get(coordinate);
    let four_points: Vec<Coordinate> =
        kaggle15::FOUR_POINTS.into_iter().flat_map(|one| [one.x(), one.y()]).collect();
    assert!(four_points.iter().all(|&one| !same(one)), "another network answers for these");
    let others = predictor.coordinates().into_iter().filter(|one| !four_points.contains(one));
    assert!(others.into_iter().all(same), "the first network lends what the second does not know");
    let held_out = dataset.select(&split.validation);
    let (truth, sources) = (held_out.labels(), held_out.sources());
    let routed = predictor.predict_as(&images, sources, &mut |_| ()).unwrap();
    assert_eq!(
        Some(ErrorReport::compare(dataset.schema(), sources, truth, &routed)),
        outcome.report
    );
}

#[test]
fn pseudo_labels_survive_a_kill_between_and_within_rounds() {
    let _alone = alone();
    let (dataset, split) = faces(100);
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str| RunFolder::new(folder.path().join(name));
    let device = Device::flex();
    let strategy = PseudoLabels { rounds: 2, share: 0.5, ..Default::default() };
    let config = TrainConfig {
        // What dropout draws after a kill depends on nothing but the step, and still: one thing less to go wrong.
        network: match config(1).network {
            keypoints_models::NetworkConfig::SimpleCnn(network) => {
                keypoints_models::NetworkConfig::SimpleCnn(
                    keypoints_models::simple_cnn::SimpleCnnConfig { dropout: 0.0, ..network },
                )
            }
            other => other,
        },
        ..by(StrategyConfig::PseudoLabels(strategy), 2)
    };
    let training = Training::new(&dataset, split, config);
    let whole = training.run(&run("whole"), &device, &mut NoObserver).unwrap();
    let killed = run("killed");
    for survive in [3, 9] {
        let attempt = AssertUnwindSafe(|| training.run(&killed, &device, &mut DieAfter(survive)));
        assert!(catch_unwind(attempt).is_err());
    }
    let unfinished = killed.predictor(Checkpoint::Best, &device).unwrap_err().to_string();
    assert!(unfinished.contains("not all of its networks are trained yet"), "{unfinished}");
    let resumed = training.run(&killed, &device, &mut NoObserver).unwrap();
    assert_eq!(resumed.models.len(), 3);
    for (resumed, whole) in resumed.models.iter().zip(&whole.models) {
        assert_eq!(resumed.weights, whole.weights, "{}", whole.model);
    }
    assert!(resumed.models[0].records[0].images < resumed.models[2].records[0].images);

    let text = std::fs::read(killed.path().join(ROUNDS_FILE)).unwrap();
    let rounds: Vec<Round> = serde_json::from_slice(&text).unwrap();
    assert_eq!(rounds.last().map(|round| round.left), Some(0));
    let labels = dataset.labels();
    for taken in rounds.iter().flat_map(|round| &round.best) {
        assert!(taken.labels.count() == 30);
        for (coordinate, label) in labels[taken.row].present() {
            assert_eq!(taken.labels.get(coordinate), Some(label), "a known label is kept");
        }
    }
    let again = training.run(&killed, &device, &mut NoObserver).unwrap();
    assert_eq!(format!("{again:?}"), format!("{resumed:?}"), "nothing is left to do");
}

#[test]
fn an_image_budget_replaces_the_number_of_epochs() {
    let _alone = alone();
    let (dataset, split) = faces(100);
    let device = Device::flex();
    for name in ["masked", "two_models"] {
        let folder = tempfile::tempdir().unwrap();
        let strategy = StrategyConfig::by_name(name).unwrap();
        let config = TrainConfig { image_budget: Some(240), ..by(strategy, 99) };
        let training = Training::new(&dataset, split.clone(), config);
        let outcome =
            training.run(&RunFolder::new(folder.path()), &device, &mut NoObserver).unwrap();
        assert!((160..=320).contains(&outcome.images()), "{name}: {}", outcome.images());
    }
}

/// Asks for whatever its function returns.
struct Wants<F: Fn(&[usize]) -> (ModelId, TrainingPlan)>(F);

impl<F: Fn(&[usize]) -> (ModelId, TrainingPlan)> Strategy for Wants<F> {
    fn train(
        &self,
        _: &Dataset,
        rows: &[usize],
        trainer: &mut dyn Trainer,
    ) -> Result<Answers, TrainError> {
        let (model, plan) = (self.0)(rows);
        trainer.train(model, plan)?;
        Ok(Answers::by(ModelId::named("elsewhere")))
    }
}

#[test]
fn plans_that_cannot_be_trained_are_refused() {
    let _alone = alone();
    let (dataset, split) = faces(40);
    let held_out = split.validation[0];
    let plan = |rows: Vec<usize>| TrainingPlan::of_rows(&dataset, rows);
    let attempt = |strategy: &dyn Strategy| {
        let folder = tempfile::tempdir().unwrap();
        let training = Training::new(&dataset, split.clone(), config(1));
        let training = training.with_strategy("mine", strategy);
        let run = RunFolder::new(folder.path());
        training.run(&run, &Device::flex(), &mut NoObserver).unwrap_err().to_string()
    };
    let cheat = Wants(|_| (ModelId::only(), plan(vec![held_out])));
    let error = attempt(&cheat);
    assert!(error.contains(&format!("row {held_out} (counted from 0), held out")), "{error}");
    let escape = Wants(|rows| (ModelId::named("../up"), plan(rows.to_vec())));
    assert!(attempt(&escape).contains("found `../up`"));
    let short =
        Wants(|rows| (ModelId::only(), TrainingPlan::new(dataset.schema(), rows.to_vec(), vec![])));
    assert!(attempt(&short).contains("labels for every row expected, but found 0 for"));
    let unread = Wants(|rows| (ModelId::only(), plan(rows.to_vec()).taught_as(vec![])));
    assert!(attempt(&unread).contains("a source for every row expected, but found 0 for"));
    let empty = Wants(|_| (ModelId::only(), plan(vec![])));
    assert!(attempt(&empty).contains("strategy `mine` leaves no row to train its network `model`"));
    let blind = Wants(|rows| (ModelId::only(), plan(rows.to_vec()).for_coordinates(vec![])));
    assert!(attempt(&blind).contains("at least one coordinate expected"));
    let absent = Wants(|rows| (ModelId::only(), plan(rows.to_vec())));
    assert!(attempt(&absent).contains("predictions by networks that it trained expected"));
}
