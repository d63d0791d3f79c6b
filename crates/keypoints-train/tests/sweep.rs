//! Sweeps over a made-up objective: killed, shared, failing.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use burn::tensor::Device;
use keypoints_data::FaceDataset;
use keypoints_train::study::StudyConfig;
use keypoints_train::sweep::{
    Shard, Sweep, SweepError, SweepFile, SweepFolder, SweepResults, TrainTrials, TrialOutcome,
    TrialRecord, TrialRunner, TrialState,
};
use keypoints_train::{NoObserver, RunFolder, TrainConfig, TrainError, TrainObserver};
use serde_json::{Value, json};

/// A bowl in the logarithm of the learning rate, lowest at .001. Dies, diverges and counts as told.
#[derive(Default)]
struct Bowl {
    /// Learning rates in the order they were asked about.
    asked: Vec<f64>,
    /// Panics at this call, counted from 1.
    die_at: usize,
    /// Diverges above this rate, if it is not 0.
    diverge_above: f64,
}

impl TrialRunner for Bowl {
    fn run(
        &mut self,
        config: &TrainConfig,
        folder: &RunFolder,
        _observer: &mut dyn TrainObserver,
    ) -> Result<TrialOutcome, TrainError> {
        assert!(folder.path().join("trial.json").exists(), "a trial is on record before it runs");
        let rate = config.learning_rate;
        self.asked.push(rate);
        assert_ne!(self.asked.len(), self.die_at, "killed");
        if self.diverge_above > 0.0 && rate > self.diverge_above {
            return Err(TrainError::Diverged {
                epoch: 1,
                step: 7,
                loss: f32::NAN,
                last_good: None,
            });
        }
        let score = (rate / 1e-3).log10().powi(2);
        Ok(TrialOutcome { score: Some(score), seconds: 2.0, images: 100 })
    }
}

fn file(search: Value) -> SweepFile {
    let rate = json!({ "log_uniform": [1e-6, 1.0] });
    sweep_file(json!({ "learning_rate": rate }), search, 1)
}

fn sweep_file(parameters: Value, search: Value, seed: u64) -> SweepFile {
    let text = json!({ "parameters": parameters, "search": search, "seed": seed }).to_string();
    SweepFile::parse(&text).unwrap()
}

fn faces() -> FaceDataset {
    common::faces(10).0
}

fn run(
    file: &SweepFile,
    folder: &Path,
    shard: Shard,
    bowl: &mut Bowl,
) -> Result<SweepResults, SweepError> {
    let sweep = Sweep::new(file.clone(), &faces()).unwrap();
    sweep.run(&SweepFolder::new(folder), shard, bowl, &mut NoObserver)
}

fn searches() -> [SweepFile; 3] {
    let values = json!({
        "learning_rate": { "values": [1e-4, 3e-4, 1e-3, 3e-3] },
        "optimizer.beta_1": { "values": [0.8, 0.9] },
    });
    [
        sweep_file(values, json!({ "method": "grid" }), 1),
        file(json!({ "method": "random", "trials": 8 })),
        file(json!({ "method": "tpe", "trials": 8, "startup": 3 })),
    ]
}

#[test]
fn a_killed_sweep_ends_as_one_that_was_not() {
    let place = tempfile::tempdir().unwrap();
    for (index, file) in searches().iter().enumerate() {
        let whole = place.path().join(format!("whole-{index}"));
        let expected = run(file, &whole, Shard::default(), &mut Bowl::default()).unwrap();
        assert_eq!(expected.trials.len(), 8);

        let cut = place.path().join(format!("cut-{index}"));
        for die_at in [1, 3, 3] {
            let mut bowl = Bowl { die_at, ..Default::default() };
            let died =
                catch_unwind(AssertUnwindSafe(|| run(file, &cut, Shard::default(), &mut bowl)));
            assert!(died.is_err());
        }
        let folder = SweepFolder::new(&cut);
        assert_eq!(folder.trial_record(5).unwrap().unwrap().state, TrialState::Running);
        assert_eq!(folder.summarise().unwrap().status(), "4 of 8 trials finished, 1 running");
        let mut bowl = Bowl::default();
        let results = run(file, &cut, Shard::default(), &mut bowl).unwrap();
        assert_eq!(bowl.asked.len(), 4, "four trials were done, one was under way");
        assert_eq!(results, expected);
        for name in ["results.csv", "results.md", "results.json", "sweep.json"] {
            let read = |folder: &Path| std::fs::read_to_string(folder.join(name)).unwrap();
            assert_eq!(read(&cut), read(&whole), "{name}");
        }
        // Nothing is left to do.
        let mut bowl = Bowl::default();
        assert_eq!(run(file, &cut, Shard::default(), &mut bowl).unwrap(), expected);
        assert!(bowl.asked.is_empty());
    }
}

#[test]
fn shards_do_everything_once() {
    let place = tempfile::tempdir().unwrap();
    for (index, file) in searches().iter().enumerate() {
        let whole = place.path().join(format!("whole-{index}"));
        let alone = run(file, &whole, Shard::default(), &mut Bowl::default()).unwrap();
        let shared = place.path().join(format!("shared-{index}"));
        let mut runs = 0;
        for part in [2, 3, 1] {
            let mut bowl = Bowl::default();
            run(file, &shared, Shard::new(part, 3).unwrap(), &mut bowl).unwrap();
            runs += bowl.asked.len();
        }
        assert_eq!(runs, 8);
        let together = SweepFolder::new(&shared).summarise().unwrap();
        let numbers: BTreeSet<usize> = together.trials.iter().map(|trial| trial.number).collect();
        assert_eq!(numbers, (1..=8).collect());
        assert_eq!(together.count(TrialState::Finished), 8);
        if index < 2 {
            assert_eq!(together, alone, "a grid and a random search do not depend on the order");
        }
    }
}

#[test]
fn a_diverged_trial_fails_and_the_sweep_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let file = sweep_file(
        json!({ "learning_rate": { "values": [1e-3, 1.0, 1e-2] } }),
        json!({ "method": "grid" }),
        1,
    );
    let mut bowl = Bowl { diverge_above: 0.1, ..Default::default() };
    let results = run(&file, place.path(), Shard::default(), &mut bowl).unwrap();
    assert_eq!(results.status(), "2 of 3 trials finished, 1 failed");
    assert_eq!(results.best().unwrap().number, 1);
    assert_eq!(results.best().unwrap().images_per_second, Some(50.0));
    let failed = &results.trials[2];
    assert_eq!((failed.number, failed.score), (2, None));
    assert!(failed.message.as_deref().unwrap().starts_with("the loss became NaN in epoch 1"));
    let text = std::fs::read_to_string(place.path().join("results.md")).unwrap();
    assert!(text.contains("- trial 2 failed: the loss became NaN"));
    // Not tried again.
    let mut bowl = Bowl::default();
    run(&file, place.path(), Shard::default(), &mut bowl).unwrap();
    assert!(bowl.asked.is_empty());
}

#[test]
fn tpe_keeps_away_from_what_failed() {
    let place = tempfile::tempdir().unwrap();
    let file = file(json!({ "method": "tpe", "trials": 40, "startup": 8 }));
    let mut bowl = Bowl { diverge_above: 1e-2, ..Default::default() };
    run(&file, place.path(), Shard::default(), &mut bowl).unwrap();
    let high = |rates: &[f64]| rates.iter().filter(|&&rate| rate > 1e-2).count();
    let (drawn, chosen) = bowl.asked.split_at(8);
    assert!(high(drawn) >= 1, "the random trials saw the cliff");
    // A third of the range diverges.
    assert!(high(chosen) <= 5, "{} of 32 chosen trials diverged", high(chosen));
}

#[test]
fn tpe_beats_random_draws() {
    let parameters = json!({
        "learning_rate": { "log_uniform": [1e-6, 1.0] },
        "batch_size": { "integer": [8, 64] },
        "network.dropout": { "values": [0.0, 0.25, 0.5] },
    });
    /// Lowest at a rate of .001, batches of 16 and a dropout of .25.
    fn objective(trial: &TrialRecord) -> f64 {
        let value = |name: &str| trial.parameters[name].as_f64().unwrap();
        let rate = (value("learning_rate") / 1e-3).log10();
        let batch = (value("batch_size") / 16.0).log2();
        rate.powi(2) + 0.5 * batch.powi(2) + 4.0 * (value("network.dropout") - 0.25).abs()
    }
    let best = |search: Value, seed: u64| {
        let file = sweep_file(parameters.clone(), search, seed);
        let mut done: Vec<TrialRecord> = Vec::new();
        for number in 1..=file.trials() {
            let mut trial = TrialRecord {
                number,
                state: TrialState::Finished,
                parameters: file.propose(number, &done),
                score: None,
                seconds: 1.0,
                images_per_second: None,
                message: None,
            };
            trial.score = Some(objective(&trial));
            done.push(trial);
        }
        done.iter().filter_map(|trial| trial.score).fold(f64::INFINITY, f64::min)
    };
    let seeds = 1..=21;
    let random = |seed| best(json!({ "method": "random", "trials": 40 }), seed);
    let tpe = |seed| best(json!({ "method": "tpe", "trials": 40, "startup": 8 }), seed);
    let mut drawn: Vec<f64> = seeds.clone().map(random).collect();
    let mut chosen: Vec<f64> = seeds.map(tpe).collect();
    drawn.sort_by(f64::total_cmp);
    chosen.sort_by(f64::total_cmp);
    let median = drawn[10];
    let better = chosen.iter().filter(|&&score| score < median).count();
    println!("median of the best: random {median:.4}, tpe {:.4}; {better} of 21", chosen[10]);
    assert!(chosen[10] < median, "tpe {} against random {median}", chosen[10]);
    assert!(better >= 14, "{better} of 21 searches beat the random median");
}

#[test]
fn the_folder_of_another_sweep_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let one = file(json!({ "method": "random", "trials": 2 }));
    run(&one, place.path(), Shard::default(), &mut Bowl::default()).unwrap();

    let mut other = one.clone();
    other.base.batch_size = 8;
    let text = |result: Result<SweepResults, SweepError>| result.unwrap_err().to_string();
    let error = text(run(&other, place.path(), Shard::default(), &mut Bowl::default()));
    assert!(error.contains("another `sweep.base.batch_size` (32, now 8)"), "{error}");
    assert!(error.contains("sweep.json"), "{error}");

    let other = file(json!({ "method": "random", "trials": 3 }));
    let error = text(run(&other, place.path(), Shard::default(), &mut Bowl::default()));
    assert!(error.contains("another `sweep.search.trials` (2, now 3)"), "{error}");

    let sweep = Sweep::new(one, &common::faces(11).0).unwrap();
    let folder = SweepFolder::new(place.path());
    let error = text(sweep.run(&folder, Shard::default(), &mut Bowl::default(), &mut NoObserver));
    assert!(error.contains("another `data.fingerprint`"), "{error}");
}

#[test]
fn broken_files_are_named() {
    let place = tempfile::tempdir().unwrap();
    let file = file(json!({ "method": "random", "trials": 2 }));
    let folder = SweepFolder::new(place.path());
    let missing = folder.summarise().unwrap_err().to_string();
    assert!(missing.ends_with("sweep.json: cannot read"), "{missing}");
    run(&file, place.path(), Shard::default(), &mut Bowl::default()).unwrap();
    for (text, part) in
        [("{", "the record of a trial expected, but EOF"), (r#"{ "number": 2 }"#, "missing field")]
    {
        std::fs::write(folder.trial_record_path(2), text).unwrap();
        let error = folder.summarise().unwrap_err().to_string();
        assert!(error.contains("0002") && error.contains(part), "{error}");
    }
    std::fs::copy(folder.trial_record_path(1), folder.trial_record_path(2)).unwrap();
    assert!(folder.summarise().unwrap_err().to_string().contains("it is trial 1's"));
    let text = std::fs::read_to_string(folder.trial_record_path(1)).unwrap();
    let score = text.lines().find(|line| line.contains("score")).unwrap();
    std::fs::write(folder.trial_record_path(1), text.replace(score, "\"score\": null,")).unwrap();
    assert!(folder.summarise().unwrap_err().to_string().contains("a score in the record"));
}

#[test]
fn a_network_is_asked_about_its_settings_first() {
    let place = tempfile::tempdir().unwrap();
    let (faces, _) = common::faces(20);
    let file = sweep_file(
        json!({ "network.dropout": { "uniform": [0.0, 1.0] } }),
        json!({ "method": "random", "trials": 2 }),
        1,
    );
    let mut trials = TrainTrials::new(&faces, &file, &Device::flex()).unwrap();
    let sweep = Sweep::new(file, &faces).unwrap();
    let folder = SweepFolder::new(place.path().join("sweep"));
    let error = sweep.run(&folder, Shard::default(), &mut trials, &mut NoObserver).unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("`parameters.network.dropout` = 1 is refused:"), "{text}");
    assert!(!folder.path().exists(), "nothing was started");
}

#[test]
fn the_ready_files_are_fine() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/sweeps");
    let grid = SweepFile::read(&folder.join("learning_rate_beta1.json")).unwrap();
    assert_eq!(grid.trials(), 4);
    let tpe = SweepFile::read(&folder.join("tpe.json")).unwrap();
    assert_eq!(tpe.trials(), 20);
    let notebook = SweepFile::read(&folder.join("efficientnet_learning_rate_beta1.json")).unwrap();
    assert_eq!(notebook.trials(), 4);

    // A sweep file is checked field by field: so are configs, as the base of one.
    let read = |name: &str| std::fs::read_to_string(folder.join("../configs").join(name)).unwrap();
    for name in ["efficientnet_notebook.json", "efficientnet_fine_tune.json"] {
        let text = format!(
            r#"{{ "base": {}, "parameters": {{ "seed": {{ "values": [1] }} }}, "search": {{ "method": "grid" }} }}"#,
            read(name)
        );
        let file = SweepFile::parse(&text).unwrap();
        assert_eq!(file.base.network.name(), "efficientnet_b0", "{name}");
    }
    let study = StudyConfig::from_json(&read("efficientnet_study.json")).unwrap();
    // The recipe and four changes to it.
    assert_eq!(study.cells().unwrap().len(), 5);
    StudyConfig::from_json(&read("ideas.json")).unwrap().cells().unwrap();
    // What is not changed is `fast`.
    let study = StudyConfig::from_json(&read("fast_ideas.json")).unwrap();
    assert_eq!(study.base.network, TrainConfig::preset("fast").unwrap().network);
    assert_eq!(study.cells().unwrap().len(), 17);
    // Twelve strategies, twice.
    assert_eq!(
        StudyConfig::from_json(&read("strategies.json")).unwrap().cells().unwrap().len(),
        24
    );
}
