//! Strategies against a trainer without a network.

use std::collections::BTreeMap;

use keypoints_core::{Coordinate, Dataset, Labels, Pictures, Source, kaggle15};
use keypoints_data::impute::ImputerConfig;
use keypoints_data::kaggle;
use keypoints_predict::Heads;
use serde_json::Value;

use super::pseudo_labels::{ROUNDS_FILE, Round};
use super::*;

/// Remembers what it was asked for; its networks predict `answer(row)`.
struct Fake<'a> {
    plans: Vec<(ModelId, TrainingPlan)>,
    /// The rows of each question.
    asked: Vec<Vec<usize>>,
    files: BTreeMap<String, Value>,
    answer: &'a dyn Fn(usize) -> Labels,
}

impl<'a> Fake<'a> {
    fn new(answer: &'a dyn Fn(usize) -> Labels) -> Self {
        Self { plans: Vec::new(), asked: Vec::new(), files: BTreeMap::new(), answer }
    }
}

impl Trainer for Fake<'_> {
    fn train(&mut self, model: ModelId, plan: TrainingPlan) -> Result<ModelId, TrainError> {
        self.plans.push((model.clone(), plan));
        Ok(model)
    }
    fn predict(
        &mut self,
        model: &ModelId,
        rows: &[usize],
        sources: &[Source],
    ) -> Result<Vec<Labels>, TrainError> {
        assert_eq!(rows.len(), sources.len());
        assert!(self.plans.iter().any(|(trained, _)| trained == model), "{model} is not trained");
        self.asked.push(rows.to_vec());
        Ok(rows.iter().map(|&row| (self.answer)(row)).collect())
    }
    fn keep(&mut self, file: &str, contents: Value) -> Result<(), TrainError> {
        self.files.insert(file.to_owned(), contents);
        Ok(())
    }
}

fn all(value: f32) -> Labels {
    Labels::new(vec![Some(value); 30])
}

fn four(value: f32) -> Labels {
    kaggle15::FOUR_POINTS.into_iter().flat_map(|one| [(one.x(), value), (one.y(), value)]).collect()
}

fn dataset(labels: Vec<Labels>) -> Dataset {
    let images =
        Pictures::new(kaggle15::SHAPE, vec![0; labels.len() * kaggle15::SHAPE.bytes()]).unwrap();
    kaggle::dataset(images, labels).unwrap()
}

/// Complete faces at 0 and 4, four-point faces at 1, 2, 3, 5, 6, a face with 29 labels at 7, one with none at 8.
fn mixed() -> Dataset {
    let mut gap = all(47.0);
    gap.set(kaggle15::MOUTH_CENTER_TOP_LIP.y(), None);
    dataset(vec![
        all(40.0),
        four(41.0),
        four(42.0),
        four(43.0),
        all(44.0),
        four(45.0),
        four(46.0),
        gap,
        Labels::default(),
    ])
}

fn run(strategy: &dyn Strategy, rows: &[usize]) -> (Vec<(ModelId, TrainingPlan)>, Answers) {
    let nothing = |_| Labels::default();
    let mut trainer = Fake::new(&nothing);
    let answers = strategy.train(&mixed(), rows, &mut trainer).unwrap();
    (trainer.plans, answers)
}

#[test]
fn drop_incomplete_keeps_complete_training_rows_only() {
    let (plans, answers) = run(&DropIncomplete {}, &[0, 1, 3, 7]);
    let [(model, plan)] = plans.as_slice() else { panic!("{plans:?}") };
    assert_eq!(plan.rows, [0]);
    assert_eq!(plan.targets, [all(40.0)]);
    assert_eq!(plan.coordinates.len(), 30);
    assert_eq!(answers, Answers::by(model.clone()));
}

#[test]
fn masked_keeps_every_label_and_every_gap() {
    let (plans, _) = run(&Masked::default(), &[1, 4, 7, 8]);
    assert_eq!(plans[0].1.rows, [1, 4, 7], "a face without a label teaches nothing");
    assert_eq!(plans[0].1.targets[0], four(41.0));
    assert_eq!(plans[0].1.labels(), 8 + 30 + 29);
}

#[test]
fn masked_can_have_a_head_per_source() {
    let (shared, _) = run(&Masked::default(), &[0, 1]);
    let (plans, _) = run(&StrategyConfig::by_name("masked_two_head").unwrap(), &[0, 1]);
    assert_eq!(shared[0].1.heads, Heads::Shared);
    assert_eq!(plans[0].1, shared[0].1.clone().with_heads(Heads::PerSource));
    let json = r#"{"strategy":"masked","heads":"per_regime"}"#;
    let config: StrategyConfig = serde_json::from_str(json).unwrap();
    assert_eq!(config.name(), "masked_two_head");
}

#[test]
fn impute_fills_from_the_training_rows_alone() {
    let imputer = ImputerConfig::by_name("column_mean").unwrap();
    let (plans, _) = run(&Impute { imputer }, &[0, 1]);
    let plan = &plans[0].1;
    assert_eq!(plan.rows, [0, 1]);
    assert_eq!(plan.targets[1].get(kaggle15::NOSE_TIP.x()), Some(41.0), "a label stays");
    // Row 4 has 44.0 there, but is not to be trained on.
    assert_eq!(plan.targets[1].get(kaggle15::MOUTH_LEFT_CORNER.x()), Some(40.0));
}

#[test]
fn two_models_split_the_rows_and_the_sources() {
    let (plans, answers) = run(&TwoModels {}, &[0, 1, 2, 3, 4, 7, 8]);
    let [(full, full_plan), (second, four_plan)] = plans.as_slice() else { panic!("{plans:?}") };
    assert_eq!(full_plan.rows, [0, 4]);
    assert_eq!((full_plan.coordinates.len(), &full_plan.sources[..]), (30, &[kaggle15::FULL][..]));
    assert_eq!(four_plan.rows, [1, 2, 3]);
    assert_eq!(four_plan.coordinates.len(), 8);
    assert_eq!(four_plan.sources, [kaggle15::FOUR_POINT]);
    assert_eq!((full_plan.budget_share, four_plan.budget_share), (0.4, 0.6));
    assert_eq!(answers.model(kaggle15::FULL), full);
    assert_eq!(answers.model(kaggle15::FOUR_POINT), second);
}

#[test]
fn pseudo_labels_take_the_best_rows_first_and_fill_only_gaps() {
    // Off by the row's number: row 1 is predicted best, row 8 has nothing to compare with.
    let answer = |row: usize| all(40.0 + 2.0 * row as f32);
    let mut trainer = Fake::new(&answer);
    let strategy = PseudoLabels { rounds: 3, share: 0.4, ..Default::default() };
    let faces = mixed();
    let rows: Vec<usize> = (0..9).collect();
    let answers = strategy.train(&faces, &rows, &mut trainer).unwrap();

    let names: Vec<&str> = trainer.plans.iter().map(|(model, _)| model.as_str()).collect();
    assert_eq!(names, ["round-00", "round-01", "round-02", "round-03"]);
    let plans: Vec<&TrainingPlan> = trainer.plans.iter().map(|(_, plan)| plan).collect();
    // Seven incomplete rows, three per round, best first.
    assert_eq!(plans[0].rows, [0, 4]);
    assert_eq!(plans[1].rows, [0, 4, 1, 2, 3]);
    assert_eq!(plans[2].rows, [0, 4, 1, 2, 3, 5, 6, 7]);
    assert_eq!(plans[3].rows, [0, 4, 1, 2, 3, 5, 6, 7, 8]);
    let second = &plans[1].targets[2];
    assert_eq!(second.get(kaggle15::NOSE_TIP.x()), Some(41.0), "the label of row 1");
    assert_eq!(second.get(kaggle15::MOUTH_LEFT_CORNER.x()), Some(42.0), "the prediction for row 1");
    assert!(plans[3].targets.iter().all(|labels| labels.count() == 30));
    assert_eq!(plans[0].targets, plans[1].targets[..2], "complete rows stay as they are");

    assert_eq!(plans[0].start, None);
    assert_eq!(plans[2].start, Some(ModelId::named("round-01")));
    let shares: f64 = plans.iter().map(|plan| plan.budget_share).sum();
    assert!((shares - 1.0).abs() < 1e-12);
    assert_eq!(answers, Answers::by(ModelId::named("round-03")));

    let rounds: Vec<Round> = serde_json::from_value(trainer.files[ROUNDS_FILE].clone()).unwrap();
    let taken: Vec<(usize, usize)> = rounds.iter().map(|one| (one.taken, one.left)).collect();
    assert_eq!(taken, [(3, 4), (3, 1), (1, 0)]);
    // Row 1 is 41 where 42 was predicted, rows 2 and 3 are off by 2 and 3: (1 + 4 + 9) / 3.
    assert_eq!(rounds[0].mean_known_mse, Some(14.0 / 3.0));
    assert_eq!((rounds[0].best[0].row, rounds[0].worst[0].row), (1, 3));
    assert_eq!(rounds[2].best[0].known_mse, None, "row 8 has no label to judge by");
}

#[test]
fn pseudo_labels_can_start_anew_and_refuse_nonsense() {
    let answer = |_| all(50.0);
    let rows: Vec<usize> = (0..9).collect();
    let mut trainer = Fake::new(&answer);
    let anew = PseudoLabels { rounds: 1, warm_start: false, ..Default::default() };
    anew.train(&mixed(), &rows, &mut trainer).unwrap();
    assert_eq!(trainer.plans[1].1.start, None);

    for (strategy, message) in [
        (PseudoLabels { share: 0.0, ..Default::default() }, "`strategy.share` must be above 0"),
        (
            PseudoLabels { epochs_factor: f64::NAN, ..Default::default() },
            "`strategy.epochs_factor` must be a positive number, but is NaN",
        ),
    ] {
        let error = strategy.check().unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn every_name_leads_to_a_strategy_and_back() {
    for name in StrategyConfig::names() {
        let strategy = StrategyConfig::by_name(name).unwrap();
        assert_eq!(strategy.name(), name);
        let json = serde_json::to_string(&strategy).unwrap();
        assert_eq!(serde_json::from_str::<StrategyConfig>(&json).unwrap(), strategy);
        // A strategy plans with the rows it is given and with no others.
        let answer = |_| all(50.0);
        let mut trainer = Fake::new(&answer);
        let rows = [0, 1, 2, 7];
        strategy.train(&mixed(), &rows, &mut trainer).unwrap();
        for (_, plan) in &trainer.plans {
            assert!(plan.rows.iter().all(|row| rows.contains(row)), "{name}: {:?}", plan.rows);
            assert_eq!(plan.rows.len(), plan.targets.len());
        }
    }
    assert_eq!(StrategyConfig::by_name("hope"), None);
    let unknown = serde_json::from_str::<StrategyConfig>(r#"{"strategy":"masked","depth":3}"#);
    assert!(unknown.is_err(), "a setting that does not exist");
}

#[test]
fn a_plan_is_known_by_its_hash() {
    let faces = mixed();
    let plan = TrainingPlan::of_rows(&faces, vec![0, 1]);
    assert_eq!(plan.fingerprint(), plan.clone().fingerprint());
    let other_rows = TrainingPlan::of_rows(&faces, vec![0, 2]);
    let mut other_label = plan.clone();
    other_label.targets[1].set(kaggle15::NOSE_TIP.x(), None);
    let fewer = plan.clone().for_coordinates(Coordinate::all(15).take(4).collect());
    let two_heads = plan.clone().with_heads(Heads::PerSource);
    let sources = vec![kaggle15::FULL, kaggle15::FOUR_POINT];
    let as_labelled = two_heads.clone().taught_as(sources);
    let as_full = two_heads.clone().taught_as(vec![kaggle15::FULL; 2]);
    assert_ne!(as_labelled.fingerprint(), as_full.fingerprint());
    for other in [other_rows, other_label, fewer, two_heads, as_full] {
        assert_ne!(plan.fingerprint(), other.fingerprint());
    }
}
