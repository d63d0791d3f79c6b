//! The engine over a made-up objective: killed, shared, failing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use keypoints_core::{Dataset, Labels, Source};
use keypoints_data::synth::{SynthConfig, generate};
use keypoints_train::files::write_json;
use keypoints_train::{HeldOutPredictions, NoObserver, TrainConfig, TrainError, TrainObserver};
use serde_json::{Value, json};

use super::trainer::{CellTrainer, Cost, Task};
use super::*;
use crate::error::StudyError;
use crate::summary::Summary;

/// A bowl in the logarithm of the learning rate, lowest at .001, as an offset of the predictions. Dies, diverges and counts as told.
struct Bowl<'a> {
    faces: &'a Dataset,
    /// Learning rates in the order of their training.
    trained: Vec<f64>,
    /// Panics at this training, counted from 1.
    die_at: usize,
    /// Diverges above this rate, if it is not 0.
    diverge_above: f64,
}

impl CellTrainer for Bowl<'_> {
    fn check(&mut self, config: &TrainConfig) -> Result<(), TrainError> {
        config.check()
    }

    fn train(
        &mut self,
        task: &Task<'_>,
        _observer: &mut dyn TrainObserver,
    ) -> Result<Cost, TrainError> {
        let Task { config, split, run, .. } = task;
        assert!(
            run.path().join("result.json").exists(),
            "a cell is on record before it is trained"
        );
        let rate = config.learning_rate;
        self.trained.push(rate);
        assert_ne!(self.trained.len(), self.die_at, "killed");
        if self.diverge_above > 0.0 && rate > self.diverge_above {
            let (epoch, step, loss, last_good) = (1, 7, f32::NAN, None);
            return Err(TrainError::Diverged { epoch, step, loss, last_good });
        }
        let off = (rate / 1e-3).log10().powi(2) as f32 + 0.5;
        let rows = &split.validation;
        let moved = |&row: &usize| -> Labels {
            self.faces.labels()[row].present().map(|(one, at)| (one, at + off)).collect()
        };
        let predictions: Vec<Labels> = rows.iter().map(moved).collect();
        let sources: Vec<Source> = rows.iter().map(|&row| self.faces.sources()[row]).collect();
        write_json(&run.split_path(), *split)?;
        HeldOutPredictions::of(rows, &sources, &predictions)
            .write(self.faces.schema(), &run.predictions_path())?;
        Ok(Cost { networks: 1, images: 100, seconds: 2.0 })
    }

    fn check_ended(&mut self, _: &Task<'_>) -> Result<(), TrainError> {
        Ok(())
    }
}

fn faces(count: usize) -> Dataset {
    generate(&SynthConfig { training: count, test: 1, seed: 5, ..Default::default() }).training
}

fn study(varied: Value) -> StudyConfig {
    let mut study = varied;
    study["validation"] = json!(0.2);
    StudyConfig::from_json(&study.to_string()).unwrap()
}

fn drawn(method: &str, trials: usize, startup: usize) -> StudyConfig {
    let rate = json!({ "learning_rate": { "log_uniform": [1e-6, 1.0] } });
    study(
        json!({ "samples": { "method": method, "trials": trials, "startup": startup, "parameters": rate } }),
    )
}

fn searches() -> [StudyConfig; 3] {
    let grid = study(json!({ "grid": {
        "learning_rate": { "values": [1e-4, 3e-4, 1e-3, 3e-3] },
        "optimizer.beta_1": { "values": [0.8, 0.9] },
    } }));
    [grid, drawn("random", 8, 8), drawn("tpe", 8, 3)]
}

fn bowl(faces: &Dataset) -> Bowl<'_> {
    Bowl { faces, trained: Vec::new(), die_at: 0, diverge_above: 0.0 }
}

fn run(
    study: &StudyConfig,
    folder: &Path,
    share: &str,
    bowl: &mut Bowl<'_>,
) -> Result<Summary, StudyError> {
    let share = share.parse().unwrap();
    Study::new(bowl.faces, study.clone()).run_by(bowl, folder, share, &mut NoObserver)
}

#[test]
fn a_killed_search_ends_as_one_that_was_not() {
    let place = tempfile::tempdir().unwrap();
    let faces = faces(40);
    for (index, study) in searches().iter().enumerate() {
        let whole = place.path().join(format!("whole-{index}"));
        let expected = run(study, &whole, "1/1", &mut bowl(&faces)).unwrap();
        assert_eq!(expected.rows.len(), 8);

        let cut = place.path().join(format!("cut-{index}"));
        for die_at in [1, 3, 3] {
            let mut bowl = Bowl { die_at, ..bowl(&faces) };
            let died = catch_unwind(AssertUnwindSafe(|| run(study, &cut, "1/1", &mut bowl)));
            assert!(died.is_err());
        }
        let folder = StudyFolder::open(&cut).unwrap();
        let fifth = &study.cells().unwrap()[4];
        assert_eq!(folder.result(fifth).unwrap().unwrap().state, State::Running);
        assert_eq!(folder.summarise().unwrap().status(), "4 of 8 cells finished, 1 running");
        let mut rest = bowl(&faces);
        let summary = run(study, &cut, "1/1", &mut rest).unwrap();
        assert_eq!(rest.trained.len(), 4, "four trials were done, one was under way");
        assert_eq!(summary, expected);
        for name in ["summary.csv", "summary.md", "summary.json", "study.json"] {
            let read = |folder: &Path| std::fs::read_to_string(folder.join(name)).unwrap();
            assert_eq!(read(&cut), read(&whole), "{name}");
        }
        // Nothing is left to do.
        let mut none = bowl(&faces);
        assert_eq!(run(study, &cut, "1/1", &mut none).unwrap(), expected);
        assert!(none.trained.is_empty());
    }
}

#[test]
fn processes_that_share_a_study_do_everything_once() {
    let place = tempfile::tempdir().unwrap();
    let faces = faces(40);
    for (index, study) in searches().into_iter().enumerate() {
        // Also where a trial has several cells.
        let study = StudyConfig { seeds: vec![1, 2], ..study };
        let whole = place.path().join(format!("whole-{index}"));
        let alone = run(&study, &whole, "1/1", &mut bowl(&faces)).unwrap();
        let shared = place.path().join(format!("shared-{index}"));
        let mut runs = 0;
        for share in ["2/3", "3/3", "1/3"] {
            let mut part = bowl(&faces);
            run(&study, &shared, share, &mut part).unwrap();
            runs += part.trained.len();
        }
        assert_eq!(runs, 16);
        let together = StudyFolder::open(&shared).unwrap().summarise().unwrap();
        assert_eq!(together.status(), "16 of 16 cells finished");
        if index < 2 {
            assert_eq!(together, alone, "a grid and a random search do not depend on the order");
        }
    }
}

#[test]
fn a_diverged_trial_fails_and_the_search_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let faces = faces(40);
    let study = study(json!({ "grid": { "learning_rate": { "values": [1e-3, 1.0, 1e-2] } } }));
    let mut first = Bowl { diverge_above: 0.1, ..bowl(&faces) };
    let summary = run(&study, place.path(), "1/1", &mut first).unwrap();
    assert_eq!(summary.status(), "2 of 3 cells finished, 1 failed");
    let best = summary.best().unwrap();
    assert_eq!((best.name.as_str(), &best.set["learning_rate"]), ("0001", &json!(1e-3)));
    assert!((best.score().unwrap() - 0.5).abs() < 1e-4, "{best:?}");
    let failed = &summary.rows[2];
    assert_eq!((failed.name.as_str(), failed.score()), ("0002", None));
    let text = std::fs::read_to_string(place.path().join("summary.md")).unwrap();
    assert!(text.contains("- 0002 failed: the loss became NaN in epoch 1"), "{text}");
    assert!(text.contains("| trial | learning_rate | RMSE, px |"), "{text}");
    // Not tried again.
    let mut second = bowl(&faces);
    run(&study, place.path(), "1/1", &mut second).unwrap();
    assert!(second.trained.is_empty());
}

#[test]
fn tpe_keeps_away_from_what_failed() {
    let place = tempfile::tempdir().unwrap();
    let faces = faces(40);
    let mut bowl = Bowl { diverge_above: 1e-2, ..bowl(&faces) };
    run(&drawn("tpe", 40, 8), place.path(), "1/1", &mut bowl).unwrap();
    let high = |rates: &[f64]| rates.iter().filter(|&&rate| rate > 1e-2).count();
    let (drawn, chosen) = bowl.trained.split_at(8);
    assert!(high(drawn) >= 1, "the random trials saw the cliff");
    // A third of the range diverges.
    assert!(high(chosen) <= 5, "{} of 32 chosen trials diverged", high(chosen));
}

#[test]
fn the_folder_of_another_study_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let few = faces(40);
    let one = drawn("random", 2, 8);
    run(&one, place.path(), "1/1", &mut bowl(&few)).unwrap();
    // An older version wrote outputs that training never heeded.
    let record = place.path().join("study.json");
    let text = std::fs::read_to_string(&record).unwrap();
    assert!(text.contains(r#""outputs": 0"#), "{text}");
    std::fs::write(&record, text.replace(r#""outputs": 0"#, r#""outputs": 30"#)).unwrap();
    run(&one, place.path(), "1/1", &mut bowl(&few)).unwrap();
    let refused = |study: &StudyConfig, faces: &Dataset| {
        run(study, place.path(), "1/1", &mut bowl(faces)).unwrap_err().to_string()
    };
    let mut other = one.clone();
    other.base.batch_size = 8;
    let error = refused(&other, &few);
    assert!(error.contains("another `study.base.batch_size` (32, now 8)"), "{error}");
    assert!(error.contains("study.json"), "{error}");
    let error = refused(&drawn("random", 3, 8), &few);
    assert!(error.contains("another `study.samples.trials` (2, now 3)"), "{error}");
    let error = refused(&one, &faces(41));
    assert!(error.contains("another `data.fingerprint`"), "{error}");
}

#[test]
fn folders_of_an_older_version_are_refused_in_a_sentence() {
    let place = tempfile::tempdir().unwrap();
    let faces = faces(40);
    for (file, text) in [
        ("cv.json", "{}"),
        ("sweep.json", "{}"),
        ("study.json", r#"{ "program": "", "config": {} }"#),
    ] {
        let folder = place.path().join(file);
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join(file), text).unwrap();
        let error = run(&drawn("random", 2, 8), &folder, "1/1", &mut bowl(&faces)).unwrap_err();
        assert!(matches!(error, StudyError::Older { .. }), "{file}: {error}");
        assert!(error.to_string().contains("an older version wrote this file"), "{error}");
    }
}

#[test]
fn broken_files_are_named() {
    let place = tempfile::tempdir().unwrap();
    let faces = faces(40);
    let study = drawn("random", 2, 8);
    let missing = StudyFolder::open(place.path()).unwrap_err().to_string();
    assert!(missing.ends_with("study.json: cannot read"), "{missing}");
    run(&study, place.path(), "1/1", &mut bowl(&faces)).unwrap();
    let folder = StudyFolder::open(place.path()).unwrap();
    let cells = study.cells().unwrap();
    let [first, second] =
        [&cells[0], &cells[1]].map(|cell| folder.run(cell).path().join("result.json"));
    for (text, part) in [("{", "but EOF"), (r#"{ "name": "0002" }"#, "missing field")] {
        std::fs::write(&second, text).unwrap();
        let error = folder.summarise().unwrap_err().to_string();
        assert!(error.contains("0002") && error.contains(part), "{error}");
    }
    std::fs::copy(&first, &second).unwrap();
    assert!(folder.summarise().unwrap_err().to_string().contains("it is the one of 0001"));
}

#[test]
fn mistakes_in_a_study_file_name_their_field() {
    let error = |study: Value| StudyConfig::from_json(&study.to_string()).unwrap_err().to_string();
    for (study, wanted) in [
        (
            json!({ "parameters": {} }),
            "`study`: unknown field `parameters`, expected one of `base`",
        ),
        (json!({ "base": { "epoch": 3 } }), "unknown field `epoch`"),
        (
            json!({ "base": { "network": { "network": "simple_cnn", "dropuot": 0.1 } } }),
            "`base.network` has no `dropuot`; it has",
        ),
        (json!({ "grid": { "seed": { "unifrom": [1, 2] } } }), "unknown variant `unifrom`"),
        (
            json!({ "grid": { "learning_rat": { "values": [1] } } }),
            "grid: `learning_rat`: the config has no `learning_rat`; it has",
        ),
        (
            json!({ "grid": { "schedule.kind": { "values": ["one_cycle", "constant"] }, "schedule.rise": { "values": [0.3] } } }),
            "`schedule.kind, schedule.rise` = constant, 0.3 is refused",
        ),
        (
            json!({ "changes": [{ "name": "small", "set": { "batch_sice": 3 } }] }),
            "change `small`: `batch_sice`: the config has no `batch_sice`",
        ),
        (
            json!({ "changes": [{ "name": "x", "set": {} }], "grid": { "seed": { "values": [1] } } }),
            "give one of `changes`, `grid` and `samples`",
        ),
        (json!({ "folds": 1 }), "`folds` must be at least 2, but is 1"),
        (json!({ "folds_run": 6 }), "`folds_run` must be from 1 to the number of folds, but is 6"),
        (json!({ "validation": 1.0 }), "`validation` must be above 0 and below 1, but is 1"),
        (json!({ "seeds": [1, 2, 1] }), "`seeds` must be different numbers, but is 1 twice"),
        (json!({ "folds": 1_000_000 }), "`folds` must be few enough for 100000 cells"),
        (json!({ "base": { "preset": "slow" } }), "`base.preset`: expected one of fast, best"),
        (json!({ "base": { "preset": "fast", "epochs": "8" } }), "`base.epochs`: invalid type"),
    ] {
        let found = error(study);
        assert!(found.contains(wanted), "{found}");
    }
}
