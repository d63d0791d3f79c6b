//! A comparison from its cells to its tables.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use burn::tensor::Device;
use common::{Watch, config, faces};
use keypoints_models::{NetworkConfig, simple_cnn::SimpleCnnConfig};
use keypoints_study::{Share, State, Study, StudyConfig, StudyError, StudyFolder};
use keypoints_train::strategy::StrategyConfig;
use keypoints_train::{NoObserver, RunFolder, TrainConfig, TrainError};

fn study(names: &[&str], seeds: Vec<u64>) -> StudyConfig {
    let by_name = |name: &&str| StrategyConfig::by_name(name);
    let strategies: Vec<StrategyConfig> = names.iter().filter_map(by_name).collect();
    let networks = [config(1).network];
    StudyConfig {
        seeds,
        folds: 4,
        folds_run: Some(1),
        suspicious_rows: (1..=40).collect(),
        ..StudyConfig::of_strategies(config(1), &strategies, &networks)
    }
}

#[test]
fn compares_on_the_same_folds_and_goes_on_with_what_is_missing() {
    let (dataset, _) = faces(80);
    let folder = tempfile::tempdir().unwrap();
    let device = Device::flex();
    let mut first = Watch::default();
    let names = ["drop_incomplete", "two_models"];
    let run = |study: StudyConfig, watch: &mut Watch| {
        Study::new(&dataset, study).run(folder.path(), Share::default(), &device, watch)
    };
    let summary = run(study(&names, vec![1, 2]), &mut first).unwrap();
    assert_eq!(first.cells.len(), 4);
    assert_eq!(first.cells[1], "2 two_models.fold-1.seed-1");
    let [drop, two] = summary.rows.as_slice() else { panic!("{summary:?}") };
    assert_eq!((drop.finished, two.finished), (2, 2));
    assert_eq!(two.measured["networks"].mean, Some(2.0));
    let score = |index: usize| first.results[index].score().unwrap();
    assert!((drop.score().unwrap() - (score(0) + score(2)) / 2.0).abs() < 1e-12);
    let scores = &first.results[0].scores;
    assert!(scores.clean.labels < scores.raw.labels, "half of the rows are suspicious");
    assert_eq!(scores.face_errors.len(), scores.nme.rows);
    assert!(scores.face_errors.is_sorted());
    // The first strategy is the base of the others.
    assert_eq!(summary.reference.as_deref(), Some("drop_incomplete"));
    let [effect] = summary.effects.as_slice() else { panic!("{:?}", summary.effects) };
    assert!((effect.raw.values[0] - (score(1) - score(0))).abs() < 1e-12);
    assert!(effect.raw_error.unwrap() > 0.0);

    // A third seed joins; what is there is not trained again.
    let mut second = Watch::default();
    let summary = run(study(&names, vec![1, 2, 3]), &mut second).unwrap();
    assert_eq!(second.results.len(), 6);
    assert_eq!(second.results[..4], first.results[..4]);
    assert!(second.steps < first.steps, "{} steps, then {}", first.steps, second.steps);
    assert_eq!(StudyFolder::open(folder.path()).unwrap().summarise().unwrap(), summary);

    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(read("summary.md").contains("| two_models | "), "{}", read("summary.md"));
    let csv = read("summary.csv");
    assert_eq!(csv.lines().count(), 3, "{csv}");

    // Another list of suspicious rows needs no training.
    let mut third = Watch::default();
    let all = StudyConfig { suspicious_rows: Vec::new(), ..study(&names, vec![1, 2, 3]) };
    let summary = run(all, &mut third).unwrap();
    assert_eq!((third.steps, summary.rows[0].clean().mean), (0, None));
    assert_eq!(third.results[0].scores.raw, first.results[0].scores.raw);
    assert_eq!(third.results[0].scores.clean, first.results[0].scores.raw);

    let other = StudyConfig { base: config(2), ..study(&names, vec![1]) };
    let error = run(other, &mut Watch::default()).unwrap_err().to_string();
    assert!(error.contains("another `study.base.epochs` (1, now 2)"), "{error}");
    // The same name for other settings.
    let mut other = study(&names, vec![1]);
    other.changes[1].set.insert("batch_size".to_owned(), 4.into());
    let error = run(other, &mut Watch::default()).unwrap_err().to_string();
    assert!(error.contains("another config (batch_size 8, now batch_size 4)"), "{error}");
}

#[test]
fn what_no_cell_could_be_trained_with_is_said_before_any_is() {
    let (dataset, _) = faces(40);
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("study");
    let mut seen = Watch::default();
    let mut refused = |study: StudyConfig| {
        let study = Study::new(&dataset, study);
        let error = study.run(&folder, Share::default(), &Device::flex(), &mut seen).unwrap_err();
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        (error.to_string(), cause.unwrap_or_default())
    };
    let names = ["drop_incomplete", "masked"];
    let strategies = names.map(|name| StrategyConfig::by_name(name).unwrap());
    let pixels = SimpleCnnConfig { image_side: Some(12), ..Default::default() };
    let networks = [config(1).network, NetworkConfig::SimpleCnn(pixels)];
    let two = StudyConfig::of_strategies(config(1), &strategies, &networks);
    let (cell, cause) = refused(two);
    assert_eq!(cell, "change `drop_incomplete, simple_cnn-2` cannot be trained");
    assert!(cause.contains("multiple of 8, but is 12"), "{cause}");
    let base = TrainConfig { batch_size: 0, ..study(&names, vec![1]).base };
    let (error, _) = refused(StudyConfig { base, ..study(&names, vec![1]) });
    assert!(error.contains("`batch_size` must be at least 1"), "{error}");
    for row in [0, 41] {
        let (error, _) =
            refused(StudyConfig { suspicious_rows: vec![row], ..study(&names, vec![1]) });
        assert!(error.contains(&format!("counted from 1, but is {row} with 40 rows")), "{error}");
    }
    let dropout = r#"{ "samples": { "method": "random", "trials": 2, "parameters": { "network.dropout": { "uniform": [0, 1] } } } }"#;
    let (error, _) = refused(StudyConfig::from_json(dropout).unwrap());
    assert_eq!(error, "samples: network.dropout=1 cannot be trained");
    assert!(seen.cells.is_empty() && !folder.exists());
}

#[test]
fn a_diverged_cell_is_noted_and_the_study_goes_on() {
    let (dataset, _) = faces(40);
    let folder = tempfile::tempdir().unwrap();
    let mut wild = study(&["drop_incomplete", "masked"], vec![1]);
    wild.base.learning_rate = 1e30;
    wild.suspicious_rows.clear();
    let summary = common::run(&dataset, wild, folder.path());
    for row in &summary.rows {
        assert_eq!((row.finished, row.failed, row.score()), (0, 1, None));
    }
    assert!(summary.to_markdown().contains("1 (1 failed)"), "{}", summary.to_markdown());
}

/// A search that trains, is killed and goes on to the same result.
#[test]
fn a_search_goes_on_inside_a_trial() {
    let place = tempfile::tempdir().unwrap();
    let (dataset, _) = faces(60);
    let base = TrainConfig { network: common::tiny(2, 0.0).network, ..config(2) };
    let text = serde_json::json!({
        "base": base,
        "grid": {
            "learning_rate": { "values": [5e-3, 1e30] },
            "batch_size": { "values": [4, 8] },
        },
        "validation": 0.2,
        "split_seed": 3,
    });
    let study = StudyConfig::from_json(&text.to_string()).unwrap();
    let device = Device::flex();
    let go = |name: &str, watch: &mut Watch| {
        let folder = place.path().join(name);
        Study::new(&dataset, study.clone()).run(&folder, Share::default(), &device, watch)
    };
    let whole = go("whole", &mut Watch::default()).unwrap();
    assert_eq!(whole.status(), "2 of 4 cells finished, 2 failed");
    let [first, second, failed, _] = &whole.rows[..] else { panic!("four trials") };
    assert_ne!(first.score(), second.score(), "every setting leads elsewhere");
    assert!(first.measured["minutes"].mean.unwrap() > 0.0);
    assert_eq!(failed.set["learning_rate"], 1e30);
    assert!(failed.failure.as_deref().unwrap().starts_with("the loss became"));

    let mut dying = Watch { die_in: Some(("3 ", 2)), ..Default::default() };
    let died = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| go("cut", &mut dying)));
    assert!(died.is_err() && dying.results.len() == 2, "{:?}", dying.cells);
    let mut rest = Watch::default();
    let cut = go("cut", &mut rest).unwrap();
    assert_eq!(rest.epochs, [2], "an epoch of the third trial was kept");
    assert_eq!(rest.results[1].state, State::Failed);
    let figures = |summary: &keypoints_study::Summary| {
        let one = |row: &keypoints_study::SummaryRow| (row.name.clone(), row.score());
        summary.rows.iter().map(one).collect::<Vec<_>>()
    };
    assert_eq!(figures(&cut), figures(&whole));
}

#[test]
fn the_ready_files_are_fine() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let cells = |name: &str| StudyConfig::read(&folder.join(name)).unwrap().cells().unwrap().len();
    assert_eq!(cells("sweeps/learning_rate_beta1.json"), 4);
    assert_eq!(cells("sweeps/tpe.json"), 20);
    assert_eq!(cells("sweeps/efficientnet_learning_rate_beta1.json"), 4);
    // The recipe and four changes to it.
    assert_eq!(cells("configs/efficientnet_study.json"), 5);
    // Eleven strategies, twice.
    assert_eq!(cells("configs/strategies.json"), 22);
    assert!(cells("configs/ideas.json") > 25);
    // What is not changed is `fast`.
    let study = StudyConfig::read(&folder.join("configs/fast_ideas.json")).unwrap();
    assert_eq!(study.base.network, TrainConfig::preset("fast").unwrap().network);
    for name in ["efficientnet_notebook.json", "efficientnet_fine_tune.json"] {
        let text = std::fs::read_to_string(folder.join("configs").join(name)).unwrap();
        let config = TrainConfig::from_json(&text).unwrap();
        assert_eq!(config.network.name(), "efficientnet_b0", "{name}");
    }
}

#[test]
fn a_study_refuses_the_folder_of_a_run() {
    let (dataset, split) = faces(40);
    let folder = tempfile::tempdir().unwrap();
    let run = keypoints_train::RunFolder::new(folder.path());
    let training = keypoints_train::Training::new(&dataset, split, config(1));
    training.run(&run, &Device::flex(), &mut NoObserver).unwrap();
    let study = Study::new(&dataset, study(&["masked"], vec![1]));
    let error = study
        .run(folder.path(), Share::default(), &Device::flex(), &mut NoObserver)
        .unwrap_err()
        .to_string();
    assert!(error.ends_with("this folder holds a run; a study needs another folder"), "{error}");
}

#[test]
fn a_cell_in_which_another_process_is_at_work_is_left_alone() {
    let (dataset, _) = faces(40);
    let folder = tempfile::tempdir().unwrap();
    let run = |study: StudyConfig| {
        let study = Study::new(&dataset, study);
        study.run(folder.path(), Share::default(), &Device::flex(), &mut NoObserver)
    };
    let masked = || study(&["masked"], vec![1]);
    let cell = RunFolder::new(folder.path().join("cells/masked.fold-1.seed-1"));
    let lock = cell.lock().unwrap();
    let in_use = |error: &StudyError| matches!(error, StudyError::Train(TrainError::FolderInUse { path }) if path == cell.path());
    let error = run(masked()).unwrap_err();
    assert!(in_use(&error), "{error}");
    assert_eq!(std::fs::read_dir(cell.path()).unwrap().count(), 1, "the lock");
    // Other settings would delete the cells, as long as none has a result.
    let longer = StudyConfig { base: config(2), ..masked() };
    let error = run(longer).unwrap_err();
    assert!(in_use(&error) && cell.path().exists(), "{error}");
    drop(lock);
    assert_eq!(run(masked()).unwrap().rows[0].finished, 1);
}
