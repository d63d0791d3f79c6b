//! Small data and a small network, shared by the tests.
#![allow(dead_code, unreachable_pub)] // Each test file uses its own part.

use std::path::Path;

use burn::tensor::Device;
use keypoints_core::{Dataset, Split, hold_out};
use keypoints_data::synth::{SynthConfig, generate};
use keypoints_models::{NetworkConfig, simple_cnn::SimpleCnnConfig};
use keypoints_study::cv::CvReport;
use keypoints_study::{
    Cell, CellResult, Share, Study, StudyConfig, StudyFolder, StudyObserver, Summary,
};
use keypoints_train::strategy::StrategyConfig;
use keypoints_train::{EpochRecord, NoObserver, Schedule, StepInfo, TrainConfig, TrainObserver};

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

/// A smaller one for all rows, with so much dropout.
pub fn tiny(epochs: usize, dropout: f64) -> TrainConfig {
    let network = SimpleCnnConfig {
        channels: [2, 4, 4],
        hidden: 8,
        image_side: Some(48),
        dropout,
        ..Default::default()
    };
    let strategy = StrategyConfig::by_name("masked_two_head").unwrap();
    TrainConfig { network: NetworkConfig::SimpleCnn(network), strategy, ..config(epochs) }
}

/// A cross-validation.
pub fn cv_of(base: TrainConfig, folds: usize) -> StudyConfig {
    StudyConfig { base, folds, ..Default::default() }
}

/// Trains a study to its end.
pub fn run(dataset: &Dataset, study: StudyConfig, folder: &Path) -> Summary {
    let study = Study::new(dataset, study);
    study.run(folder, Share::default(), &Device::flex(), &mut NoObserver).unwrap()
}

/// Trains a cross-validation to its end.
pub fn run_cv(dataset: &Dataset, study: StudyConfig, folder: &Path) -> CvReport {
    run(dataset, study, folder);
    CvReport::write(&StudyFolder::open(folder).unwrap(), dataset).unwrap()
}

/// Notes what it is told.
#[derive(Default)]
pub struct Watch {
    /// Dies, as a killed process does, in this epoch of a cell whose number and name start so.
    pub die_in: Option<(&'static str, usize)>,
    pub steps: usize,
    pub epochs: Vec<usize>,
    pub cells: Vec<String>,
    pub results: Vec<CellResult>,
}

impl TrainObserver for Watch {
    fn on_step(&mut self, step: &StepInfo) {
        self.steps += 1;
        let cell = self.cells.last().map(String::as_str).unwrap_or_default();
        let dies = |(of, epoch): (&str, usize)| cell.starts_with(of) && step.epoch == epoch;
        assert!(!self.die_in.is_some_and(dies), "killed");
    }
    fn on_epoch(&mut self, record: &EpochRecord, _best: bool) {
        self.epochs.push(record.epoch);
    }
}

impl StudyObserver for Watch {
    fn on_cell(&mut self, number: usize, cell: &Cell) {
        self.cells.push(format!("{number} {}", cell.folder_name()));
    }
    fn on_result(&mut self, result: &CellResult) {
        self.results.push(result.clone());
    }
}
