//! A comparison from its cells to its tables.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use burn::tensor::Device;
use common::{config, faces};
use keypoints_models::{NetworkConfig, simple_cnn::SimpleCnnConfig};
use keypoints_train::strategy::StrategyConfig;
use keypoints_train::study::{Cell, CellResult, Study, StudyConfig, StudyObserver};
use keypoints_train::{NoObserver, StepInfo, TrainConfig, TrainObserver};

fn study(names: &[&str], seeds: Vec<u64>) -> StudyConfig {
    StudyConfig {
        base: config(1),
        strategies: names.iter().filter_map(|name| StrategyConfig::by_name(name)).collect(),
        networks: vec![config(1).network],
        seeds,
        folds: 4,
        suspicious_rows: (1..=40).collect(),
        ..Default::default()
    }
}

#[derive(Default)]
struct Watch {
    steps: usize,
    cells: Vec<String>,
    results: Vec<CellResult>,
}

impl TrainObserver for Watch {
    fn on_step(&mut self, _step: &StepInfo) {
        self.steps += 1;
    }
}

impl StudyObserver for Watch {
    fn on_cell(&mut self, number: usize, total: usize, cell: &Cell) {
        self.cells.push(format!("{number}/{total} {}", cell.path()));
    }
    fn on_result(&mut self, result: &CellResult) {
        self.results.push(result.clone());
    }
}

#[test]
fn compares_on_the_same_folds_and_goes_on_with_what_is_missing() {
    let (dataset, _) = faces(80);
    let folder = tempfile::tempdir().unwrap();
    let device = Device::flex();
    let mut first = Watch::default();
    let names = ["drop_incomplete", "two_models"];
    let summary = Study::new(&dataset, study(&names, vec![1, 2]))
        .run(folder.path(), &device, &mut first)
        .unwrap();
    assert_eq!(first.cells.len(), 4);
    assert_eq!(first.cells[1], "2/4 cells/two_models/simple_cnn/fold-1-seed-1");
    let [drop, two] = summary.rows.as_slice() else { panic!("{summary:?}") };
    assert_eq!((drop.cells, two.cells), (2, 2));
    assert_eq!((drop.notebook, two.notebook), (Some(3.36), Some(2.54)));
    assert_eq!(two.networks_trained.mean, Some(2.0));
    let mean = (first.results[0].raw.weighted_rmse.unwrap()
        + first.results[2].raw.weighted_rmse.unwrap())
        / 2.0;
    assert!((drop.weighted.mean.unwrap() - mean).abs() < 1e-12);
    let result = &first.results[0];
    assert!(result.clean.labels < result.raw.labels, "half of the rows are suspicious");
    assert_eq!(result.face_errors.len(), result.nme.faces);
    assert!(result.face_errors.is_sorted());

    // A third seed joins; what is there is not trained again.
    let mut second = Watch::default();
    let more = Study::new(&dataset, study(&names, vec![1, 2, 3]));
    let summary = more.run(folder.path(), &device, &mut second).unwrap();
    assert_eq!(second.results.len(), 6);
    assert_eq!(second.results[..4], first.results[..4]);
    assert!(second.steps < first.steps, "{} steps, then {}", first.steps, second.steps);
    assert_eq!(Study::summarise(folder.path()).unwrap(), summary);

    let markdown = std::fs::read_to_string(folder.path().join("comparison.md")).unwrap();
    assert!(markdown.contains("| two_models | simple_cnn | "), "{markdown}");
    let csv = std::fs::read_to_string(folder.path().join("comparison.csv")).unwrap();
    let fields: Vec<usize> = csv.lines().map(|line| line.split(',').count()).collect();
    assert_eq!(fields, [fields[0]; 3], "{csv}");

    let other = StudyConfig { base: config(2), ..study(&names, vec![1]) };
    let error = Study::new(&dataset, other).run(folder.path(), &device, &mut NoObserver);
    let error = error.unwrap_err().to_string();
    assert!(error.contains("another study (epochs 1, now epochs 2)"), "{error}");
    let list = StudyConfig { suspicious_rows: (1..=80).collect(), ..study(&names, vec![1]) };
    let error = Study::new(&dataset, list).run(folder.path(), &device, &mut NoObserver);
    let error = error.unwrap_err().to_string();
    assert!(error.contains("suspicious_rows [1,2,3") && error.len() < 400, "{error}");
}

#[test]
fn what_no_cell_could_be_trained_with_is_said_before_any_is() {
    let (dataset, _) = faces(40);
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("study");
    let mut seen = Watch::default();
    let mut refused = |config: StudyConfig| {
        let study = Study::new(&dataset, config);
        let error = study.run(&folder, &Device::flex(), &mut seen).unwrap_err();
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        (error.to_string(), cause.unwrap_or_default())
    };
    let names = ["drop_incomplete", "masked"];
    let pixels = SimpleCnnConfig { image_side: 12, ..Default::default() };
    let networks = vec![config(1).network, NetworkConfig::SimpleCnn(pixels)];
    let (cell, cause) = refused(StudyConfig { networks, ..study(&names, vec![1]) });
    assert_eq!(cell, "drop_incomplete with simple_cnn-2");
    assert!(cause.contains("multiple of 8, but is 12"), "{cause}");
    let base = TrainConfig { batch_size: 0, ..config(1) };
    let (cell, cause) = refused(StudyConfig { base, ..study(&names, vec![1]) });
    assert_eq!(
        (cell.as_str(), cause.contains("`batch_size`")),
        ("drop_incomplete with simple_cnn", true)
    );
    for row in [0, 41] {
        let (error, _) =
            refused(StudyConfig { suspicious_rows: vec![row], ..study(&names, vec![1]) });
        assert!(error.contains(&format!("counted from 1, but is {row} with 40 rows")), "{error}");
    }
    assert!(seen.cells.is_empty() && !folder.exists());
}

#[test]
fn a_diverged_cell_is_noted_and_the_study_goes_on() {
    let (dataset, _) = faces(40);
    let folder = tempfile::tempdir().unwrap();
    let wild = TrainConfig { learning_rate: 1e30, ..config(1) };
    let config = StudyConfig { base: wild, ..study(&["drop_incomplete", "masked"], vec![1]) };
    let summary =
        Study::new(&dataset, config).run(folder.path(), &Device::flex(), &mut NoObserver).unwrap();
    for row in &summary.rows {
        assert_eq!((row.cells, row.diverged, row.weighted.mean), (0, 1, None));
    }
    assert!(summary.to_markdown().contains("1 (1 diverged)"));
}
