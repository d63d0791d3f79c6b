//! Two processes at one run folder: one that trains keeps others from writing, and nobody from reading.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use burn::tensor::Device;
use common::{config, faces};
use keypoints_core::{Dataset, Split};
use keypoints_train::{
    Checkpoint, NoObserver, RunFolder, StepInfo, TrainError, TrainObserver, Training,
};

/// Starts the same run again at the first step.
struct StartsAgain<'a> {
    dataset: &'a Dataset,
    split: &'a Split,
    run: &'a RunFolder,
    said: Option<TrainError>,
}

impl TrainObserver for StartsAgain<'_> {
    fn on_step(&mut self, _step: &StepInfo) {
        if self.said.is_none() {
            let files = || {
                let files = std::fs::read_dir(self.run.path()).unwrap();
                let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
                files.sort();
                files
            };
            let before = files();
            let training = Training::new(self.dataset, self.split.clone(), config(9));
            self.said = training.run(self.run, &Device::flex(), &mut NoObserver).err();
            assert_eq!(files(), before);
        }
    }
}

#[test]
fn the_second_training_leaves_the_folder_alone() {
    let (dataset, split) = faces(40);
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path().join("run"));
    let training = Training::new(&dataset, split.clone(), config(2));
    let mut observer = StartsAgain { dataset: &dataset, split: &split, run: &run, said: None };
    let outcome = training.run(&run, &Device::flex(), &mut observer).unwrap();
    assert_eq!(outcome.models[0].records.len(), 2);
    let error = observer.said.unwrap();
    assert!(matches!(error, TrainError::FolderInUse { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("run: another process is at work in this folder"), "{text}");
    // Nobody is at work any more.
    training.run(&run, &Device::flex(), &mut NoObserver).unwrap();
    let lock = run.lock().unwrap();
    training.run_locked(&lock, &Device::flex(), &mut NoObserver).unwrap();
    assert!(matches!(
        training.run(&run, &Device::flex(), &mut NoObserver),
        Err(TrainError::FolderInUse { .. })
    ));
}

/// What the other process of the next test does.
#[test]
#[ignore = "a part of another test"]
fn holds_a_lock_until_it_is_killed() {
    let Some(folder) = std::env::var_os("KEYPOINTS_TEST_FOLDER") else { return };
    let _lock = RunFolder::new(folder).lock().unwrap();
    println!("\nlocked");
    loop {
        std::thread::park();
    }
}

#[test]
fn a_dead_process_stops_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let mut other = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "holds_a_lock_until_it_is_killed", "--nocapture"])
        .env("KEYPOINTS_TEST_FOLDER", folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(other.stdout.take().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line == "locked"));
    let run = RunFolder::new(folder.path());
    assert!(matches!(run.lock(), Err(TrainError::FolderInUse { .. })));
    other.kill().unwrap();
    other.wait().unwrap();
    assert!(folder.path().join(".lock").exists());
    run.lock().unwrap();
}

#[test]
fn a_run_predicts_while_it_trains() {
    let (dataset, split) = faces(40);
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path().join("run"));
    let (device, ended) = (Device::flex(), AtomicBool::new(false));
    let loaded = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut loaded = 0;
            while !ended.load(Ordering::Relaxed) {
                for which in [Checkpoint::Best, Checkpoint::Last] {
                    if !run.checkpoints_path().join("index.json").exists() {
                        continue;
                    }
                    let predictor = run.predictor(which, &device).unwrap();
                    assert_eq!(predictor.predict(dataset.pictures()).unwrap().len(), 40);
                    loaded += 1;
                }
            }
            loaded
        });
        let trained =
            Training::new(&dataset, split, config(60)).run(&run, &device, &mut NoObserver);
        ended.store(true, Ordering::Relaxed);
        trained.unwrap();
        reader.join().unwrap()
    });
    println!("{loaded} predictors opened");
}
