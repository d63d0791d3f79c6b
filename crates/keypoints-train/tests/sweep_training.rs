//! A sweep that trains, is killed and goes on to the same result. Alone in its file: the CPU backend has one
//! stream of random numbers per process, and tests beside this one would draw from it.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};

use burn::tensor::Device;
use keypoints_train::sweep::{
    Shard, Sweep, SweepFile, SweepFolder, SweepObserver, SweepResults, TrainTrials, TrialRecord,
};
use keypoints_train::{NoObserver, StepInfo, TrainObserver, TrainSession};
use serde_json::json;

/// Notes what it is told, and dies, as a killed process does, in the second epoch of a trial.
#[derive(Default)]
struct Watch {
    die_in: Option<usize>,
    trials: Vec<usize>,
    finished_epochs: Vec<usize>,
    ended: Vec<usize>,
}

impl TrainObserver for Watch {
    fn on_start(&mut self, session: &TrainSession) {
        self.finished_epochs.push(session.finished_epochs);
    }
    fn on_step(&mut self, step: &StepInfo) {
        let dies = self.die_in.is_some() && self.trials.last() == self.die_in.as_ref();
        assert!(!(dies && step.epoch == 2), "killed");
    }
}

impl SweepObserver for Watch {
    fn on_trial_start(&mut self, trial: &TrialRecord) {
        self.trials.push(trial.number);
    }
    fn on_trial_end(&mut self, trial: &TrialRecord, results: &SweepResults) {
        self.ended.push(trial.number);
        assert_eq!(results.trials.len(), trial.number, "the table has it already");
    }
}

#[test]
fn trains_fails_and_goes_on_inside_a_trial() {
    let place = tempfile::tempdir().unwrap();
    let (faces, _) = common::faces(60);
    let base = serde_json::to_value(common::config(2)).unwrap();
    let text = json!({
        "base": base,
        "parameters": {
            "learning_rate": { "values": [5e-3, 1e30] },
            "network.dropout": { "values": [0.0, 0.5] },
        },
        "search": { "method": "grid" },
        "seed": 3,
    });
    let file = SweepFile::parse(&text.to_string()).unwrap();
    let device = Device::flex();
    let go = |name: &str, observer: &mut dyn SweepObserver| {
        let mut trials = TrainTrials::new(&faces, &file, &device).unwrap();
        let folder = SweepFolder::new(place.path().join(name));
        let sweep = Sweep::new(file.clone(), &faces).unwrap();
        sweep.run(&folder, Shard::default(), &mut trials, observer).unwrap()
    };
    let whole = go("whole", &mut NoObserver);
    assert_eq!(whole.status(), "2 of 4 trials finished, 2 failed");
    let [first, second, failed, _] = &whole.trials[..] else { panic!("four trials") };
    assert_ne!(first.score, second.score, "every setting leads elsewhere");
    assert!(first.seconds > 0.0 && first.images_per_second.unwrap() > 0.0);
    assert_eq!(failed.parameters["learning_rate"], 1e30);
    assert!(failed.message.as_deref().unwrap().starts_with("the loss became"));

    let mut dying = Watch { die_in: Some(2), ..Default::default() };
    assert!(catch_unwind(AssertUnwindSafe(|| go("cut", &mut dying))).is_err());
    assert_eq!((dying.trials, dying.ended), (vec![1, 2], vec![1]));
    let mut watch = Watch::default();
    let cut = go("cut", &mut watch);
    assert_eq!(watch.trials, [2, 3, 4]);
    assert_eq!(watch.finished_epochs, [1, 0, 0], "an epoch of the second trial was kept");
    let figures = |results: &SweepResults| {
        let one = |trial: &TrialRecord| (trial.number, trial.score, trial.parameters.clone());
        results.trials.iter().map(one).collect::<Vec<_>>()
    };
    assert_eq!(figures(&cut), figures(&whole));
}
