//! A run from its first epoch, or from where it stopped, to its end.

use std::time::Instant;

use burn::module::Module;
use burn::tensor::Device;
use keypoints_data::{FaceDataset, Labels, Split};
use keypoints_models::trained_parameters;

use super::epoch::{TrainingData, train_epoch};
use super::observer::{TrainObserver, TrainSession};
use super::weights::{fingerprint, materialise};
use crate::config::TrainConfig;
use crate::error::TrainError;
use crate::faces::DeviceImages;
use crate::metrics::ErrorReport;
use crate::predict::predict_rows;
use crate::run::{Checkpoints, EpochRecord, MetricsLog, RunFolder, RunRecord, write_json};
use crate::seed::{Stream, derive};
use crate::strategy::{Strategy, TrainingPlan};
use crate::targets::Targets;

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// All epochs were trained.
    Finished,
    /// The validation score had not fallen for as long as the config allows.
    EarlyStopped,
}

/// What a run brought.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// One record per epoch, earlier processes' included.
    pub records: Vec<EpochRecord>,
    /// Epoch with the lowest validation score, if any was validated.
    pub best_epoch: Option<usize>,
    /// The scores of that epoch.
    pub best: Option<ErrorReport>,
    /// Why it ended.
    pub reason: StopReason,
    /// Hash over the weights after the last epoch: equal on equal runs.
    pub weights: String,
}

/// A dataset, a split of it and the settings: all that a run depends on.
///
/// Why not Burn's own `SupervisedTraining`? It restores weights, optimizer and scheduler from a checkpoint,
/// but neither the shuffle stream of its data loaders nor the random numbers of the device, so a resumed run
/// differs from an uninterrupted one; it trains on after the loss has become NaN; and its loaders copy every
/// batch from the host. Optimizers, gradients and records are Burn's.
#[derive(Clone, Debug)]
pub struct Training<'a> {
    dataset: &'a FaceDataset,
    split: Split,
    config: TrainConfig,
}

impl<'a> Training<'a> {
    /// Trains on `split.train`, scores on `split.validation`.
    pub fn new(dataset: &'a FaceDataset, split: Split, config: TrainConfig) -> Self {
        Self { dataset, split, config }
    }

    /// Starts the run in an empty or new folder, or goes on with the run that the folder holds.
    ///
    /// A run that was killed, at whatever moment, goes on from its last finished epoch and ends with the
    /// same weights, bit for bit on the CPU, as one that was not.
    ///
    /// # Errors
    /// Settings that make no sense, a folder with another run, a full disk, a loss that is no longer a
    /// number: see [`TrainError`]. The last good checkpoint survives all of them.
    pub fn run(
        &self,
        folder: &RunFolder,
        device: &Device,
        observer: &mut dyn TrainObserver,
    ) -> Result<Outcome, TrainError> {
        let config = &self.config;
        config.check()?;
        let plan = self.plan()?;
        self.open(folder, &plan, device)?;

        let training_device = device.clone().autodiff();
        training_device.seed(derive(config.seed, Stream::Weights, 0));
        let mut network = config.network.init(&training_device)?;
        materialise(&network);
        let mut optimizer = config.optimizer.init();

        let checkpoints = Checkpoints::new(folder);
        let mut index = checkpoints.index()?;
        let mut log = MetricsLog::open(folder, index.last)?;
        if index.last > 0 {
            network = checkpoints.load_network(index.last, network)?;
            if !index.finished {
                optimizer = checkpoints.load_optimizer(index.last, optimizer)?;
            }
        }
        observer.on_start(&TrainSession {
            epochs: config.epochs,
            finished_epochs: index.last,
            steps_per_epoch: plan.rows.len().div_ceil(config.batch_size),
            training_rows: plan.rows.len(),
            validation_rows: self.split.validation.len(),
            parameters: trained_parameters(&network),
        });

        let images = DeviceImages::upload(self.dataset.images(), device);
        let targets = Targets::upload(&plan.targets, &plan.coordinates, config.coordinates, device);
        let data = TrainingData { plan: &plan, images: &images, targets };
        while !index.finished {
            let epoch = index.last + 1;
            let start = Instant::now();
            let last_good = (index.last > 0).then(|| checkpoints.epoch_path(index.last));
            let trained = train_epoch(
                epoch,
                config,
                &data,
                network,
                &mut optimizer,
                &training_device,
                observer,
            );
            let trained = trained.map_err(|error| with_last_good(error, &last_good))?;
            network = trained.network;

            let due = epoch.is_multiple_of(config.validate_every) || epoch == config.epochs;
            let validation = (due && !self.split.validation.is_empty())
                .then(|| self.validate(&network, &images, &plan, observer))
                .transpose()?;
            let steps = epoch * plan.rows.len().div_ceil(config.batch_size);
            let score = validation.as_ref().and_then(ErrorReport::score);
            if let Some(score) = score.filter(|score| !score.is_finite()) {
                let loss = score as f32;
                let error = TrainError::Diverged { epoch, step: steps, loss, last_good: None };
                return Err(with_last_good(error, &last_good));
            }
            index.last = epoch;
            let best = score.is_some_and(|score| index.note(epoch, score));
            let patience = config.early_stopping.unwrap_or(usize::MAX);
            index.finished = epoch == config.epochs || index.validations_since_best >= patience;
            index.weights = fingerprint(&network);
            let record = EpochRecord {
                epoch,
                steps,
                images: epoch * plan.rows.len(),
                learning_rate: trained.learning_rate,
                train_rmse: trained.train_rmse,
                validation,
                seconds: start.elapsed().as_secs_f64(),
                images_per_second: plan.rows.len() as f64 / trained.seconds,
            };
            // The log first: what it has beyond the last checkpoint is dropped on resuming.
            log.push(record.clone())?;
            checkpoints.save(&index, &network, &optimizer)?;
            observer.on_epoch(&record, best);
        }
        let records = log.records().to_vec();
        let best = records.iter().find(|record| record.epoch == index.best);
        Ok(Outcome {
            best_epoch: best.map(|record| record.epoch),
            best: best.and_then(|record| record.validation.clone()),
            reason: if index.last < config.epochs {
                StopReason::EarlyStopped
            } else {
                StopReason::Finished
            },
            weights: index.weights,
            records,
        })
    }

    /// Asks the strategy, and checks that its answer can be trained on.
    fn plan(&self) -> Result<TrainingPlan, TrainError> {
        let Self { dataset, split, config } = self;
        let rows = dataset.len();
        if let Some(&row) = split.train.iter().chain(&split.validation).find(|&&row| row >= rows) {
            return Err(TrainError::RowOutOfRange { row, rows });
        }
        let plan = config.strategy.plan(dataset, &split.train);
        let strategy = config.strategy.name();
        if plan.rows.is_empty() {
            return Err(TrainError::NoTrainingRows { strategy, given: split.train.len() });
        }
        if plan.coordinates.len() != config.network.outputs() {
            return Err(TrainError::OutputMismatch {
                strategy,
                network: config.network.name(),
                expected: plan.coordinates.len(),
                found: config.network.outputs(),
            });
        }
        Ok(plan)
    }

    /// Writes the run's record, or checks that the folder's record is the same run's.
    fn open(
        &self,
        folder: &RunFolder,
        plan: &TrainingPlan,
        device: &Device,
    ) -> Result<(), TrainError> {
        let record = RunRecord::starting(self.dataset, &self.config, &plan.coordinates, device);
        if folder.exists() {
            return RunRecord::read(folder)?.check_same(&record, folder);
        }
        folder.create()?;
        write_json(&folder.split_path(), &self.split)?;
        record.write(folder)
    }

    fn validate(
        &self,
        network: &keypoints_models::Network,
        images: &DeviceImages,
        plan: &TrainingPlan,
        observer: &mut dyn TrainObserver,
    ) -> Result<ErrorReport, TrainError> {
        let rows = &self.split.validation;
        let predictions = predict_rows(
            &network.valid(),
            images,
            rows,
            &plan.coordinates,
            self.config.coordinates,
            &mut |done| observer.on_validation(done, rows.len()),
        )?;
        let truth: Vec<Labels> = rows.iter().map(|&row| self.dataset.labels()[row]).collect();
        Ok(ErrorReport::compare(&truth, &predictions))
    }
}

fn with_last_good(error: TrainError, path: &Option<std::path::PathBuf>) -> TrainError {
    match error {
        TrainError::Diverged { epoch, step, loss, .. } => {
            TrainError::Diverged { epoch, step, loss, last_good: path.clone() }
        }
        other => other,
    }
}
