//! Small data and a small network, shared by the tests.
#![allow(dead_code, unreachable_pub)] // Each test file uses its own part.

use std::sync::{Mutex, MutexGuard, PoisonError};

use keypoints_core::{Dataset, Split, hold_out};
use keypoints_data::synth::{SynthConfig, generate};
use keypoints_models::{NetworkConfig, simple_cnn::SimpleCnnConfig};
use keypoints_train::{EpochRecord, Schedule, StepInfo, TrainConfig, TrainObserver};

/// Held by a test that needs the same random numbers every time: the device has one stream of them for all threads.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    // A test that failed in it has said so.
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// So many synthetic faces, of which a fifth is held out.
pub fn faces(count: usize) -> (Dataset, Split) {
    let set = generate(&SynthConfig { training: count, test: 1, seed: 5, ..Default::default() });
    let split = hold_out(&set.training, 0.2, 1).unwrap();
    (set.training, split)
}

/// A network that takes milliseconds per step, dropout included.
pub fn config(epochs: usize) -> TrainConfig {
    let network = SimpleCnnConfig { channels: [2, 3, 4], hidden: 8, ..Default::default() };
    TrainConfig {
        network: NetworkConfig::SimpleCnn(network),
        epochs,
        batch_size: 8,
        learning_rate: 5e-3,
        schedule: Schedule::Cosine { warmup: 0.1 },
        ..Default::default()
    }
}

/// Dies, as a killed process does, when it has seen so many steps.
pub struct DieAfter(pub usize);

impl TrainObserver for DieAfter {
    fn on_step(&mut self, _step: &StepInfo) {
        self.0 -= 1;
        assert!(self.0 > 0, "killed");
    }
}

/// Counts what it is told.
#[derive(Default)]
pub struct Count {
    pub steps: usize,
    pub epochs: Vec<usize>,
    pub validated: usize,
}

impl TrainObserver for Count {
    fn on_step(&mut self, _step: &StepInfo) {
        self.steps += 1;
    }
    fn on_validation(&mut self, done: usize, _total: usize) {
        self.validated = done;
    }
    fn on_epoch(&mut self, record: &EpochRecord, _best: bool) {
        self.epochs.push(record.epoch);
    }
}
