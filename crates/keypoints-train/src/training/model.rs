//! One network from its first epoch, or from where it stopped, to its last.

use std::path::PathBuf;
use std::time::Instant;

use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::tensor::Device;
use keypoints_core::{Dataset, ErrorReport, LabelShifts, Labels, Source};
use keypoints_models::{BuildNetwork, trained_parameters};

use super::average::WeightAverage;
use super::data::TrainingData;
use super::epoch::train_epoch;
use super::fine_tune;
use super::initial;
use super::learner::Learner;
use super::observer::{TrainObserver, TrainSession};
use super::outcome::{ModelOutcome, StopReason};
use super::weights::{fingerprint, materialise};
use crate::augment::Augmenter;
use crate::config::TrainConfig;
use crate::error::TrainError;
use crate::run::{Checkpoints, EpochRecord, Index, MetricsLog, RunFolder, open_record, record_of};
use crate::seed::{Stream, derive, seeded};
use crate::strategy::{ModelId, TrainingPlan};
use crate::targets::Targets;
use keypoints_predict::{DevicePictures, Model, ModelRecord};

/// What all networks of a run have in common.
pub(super) struct Common<'a, B> {
    pub(super) config: &'a TrainConfig,
    pub(super) builder: &'a B,
    pub(super) dataset: &'a Dataset,
    pub(super) images: &'a DevicePictures,
    /// Held-out rows.
    pub(super) validation: &'a [usize],
    /// What every row of the dataset counts in the loss; `None` where all count alike.
    pub(super) weights: Option<&'a [f32]>,
    /// How far beside what they mark the labels lie.
    pub(super) label_shifts: LabelShifts,
    pub(super) device: &'a Device,
}

impl<B> Common<'_, B> {
    /// The source of each of these rows, by its own labels.
    pub(super) fn sources(&self, rows: &[usize]) -> Vec<Source> {
        rows.iter().map(|&row| self.dataset.sources()[row]).collect()
    }

    /// The label source of each of the plan's targets. Unless the plan gives them, the sources of the rows in the dataset.
    pub(super) fn taught_sources(&self, plan: &TrainingPlan) -> Vec<Source> {
        plan.taught_as.clone().unwrap_or_else(|| self.sources(&plan.rows))
    }
}

/// The training of one network.
pub(super) struct ModelTraining<'a, B> {
    common: &'a Common<'a, B>,
    model: ModelId,
    plan: &'a TrainingPlan,
    record: ModelRecord,
    folder: RunFolder,
    /// Held-out rows of the sources that the network answers for.
    validation: Vec<usize>,
}

impl<'a, B: BuildNetwork> ModelTraining<'a, B> {
    pub(super) fn new(
        common: &'a Common<'a, B>,
        model: ModelId,
        plan: &'a TrainingPlan,
        folder: RunFolder,
    ) -> Self {
        let answers = |&row: &usize| plan.sources.contains(&common.dataset.sources()[row]);
        let validation = common.validation.iter().copied().filter(answers).collect();
        let Common { config, builder, dataset, .. } = *common;
        let record = record_of(config, builder, dataset, plan, common.label_shifts.clone());
        Self { common, model, plan, record, folder, validation }
    }

    /// Trains the epochs that are missing. `start` has the weights to begin with.
    pub(super) fn run(
        &self,
        start: Option<B::Network>,
        observer: &mut dyn TrainObserver,
    ) -> Result<ModelOutcome, TrainError> {
        let Common { config, device, .. } = *self.common;
        let augmenter = (!config.augment.is_none())
            .then(|| {
                let coordinates = &self.plan.coordinates;
                Augmenter::new(
                    &config.augment,
                    &self.plan.schema,
                    self.record.pictures,
                    coordinates,
                    self.record.scale,
                    device,
                )
            })
            .transpose()?;
        open_record(&self.record, &self.folder)?;
        let checkpoints = Checkpoints::new(&self.folder);
        let mut index = checkpoints.index()?;
        let mut log = MetricsLog::open(&self.folder, index.last)?;
        let training_device = device.clone().autodiff();
        let mut learner = self.learner(start, &checkpoints, &index, &training_device, observer)?;
        observer.on_start(&self.session(&index, &learner));

        let sources = self.common.taught_sources(self.plan);
        let plan = self.plan_on_picture(&sources);
        let data = self.data(&plan, sources, augmenter);
        while !index.finished {
            let last_good = (index.last > 0).then(|| checkpoints.epoch_path(index.last));
            let epoch = index.last + 1;
            let trained = self.epoch(epoch, learner, &data, &training_device, observer);
            let trained = trained.map_err(|error| with_last_good(error, &last_good))?;
            learner = trained.learner;

            let score = trained.record.validation.as_ref().and_then(ErrorReport::score);
            index.last = epoch;
            let best = score.is_some_and(|score| index.note(epoch, score, config.checkpoint));
            let patience = config.early_stopping.unwrap_or(usize::MAX);
            index.finished =
                epoch == self.record.training.epochs || index.validations_since_best >= patience;
            index.weights = fingerprint(&trained.model.network);
            // The log first: what it has beyond the last checkpoint is dropped on resuming.
            log.push(trained.record.clone())?;
            let averaged = learner.average.is_some().then_some(&learner.network);
            checkpoints.save(&index, &trained.model.network, averaged, &learner.optimizer)?;
            observer.on_epoch(&trained.record, best);
        }
        let records = log.records().to_vec();
        let selected = records.iter().find(|record| record.epoch == index.selected);
        Ok(ModelOutcome {
            model: self.model.clone(),
            selected_epoch: selected.map(|record| record.epoch),
            selected: selected.and_then(|record| record.validation.clone()),
            reason: if index.last < self.record.training.epochs {
                StopReason::EarlyStopped
            } else {
                StopReason::Finished
            },
            weights: index.weights,
            records,
        })
    }

    fn steps_per_epoch(&self) -> usize {
        let config = self.common.config;
        self.plan.rows.len().div_ceil(config.batch_size * config.accumulate)
    }

    fn session(&self, index: &Index, learner: &Learner<B::Network>) -> TrainSession {
        TrainSession {
            model: self.model.clone(),
            epochs: self.record.training.epochs,
            finished_epochs: index.last,
            finished: index.finished,
            steps_per_epoch: self.steps_per_epoch(),
            training_rows: self.plan.rows.len(),
            validation_rows: self.validation.len(),
            parameters: trained_parameters(&learner.network),
        }
    }

    /// What is to be trained: fresh, from other weights, or as it was after the last finished epoch.
    fn learner(
        &self,
        start: Option<B::Network>,
        checkpoints: &Checkpoints,
        index: &Index,
        device: &Device,
        observer: &mut dyn TrainObserver,
    ) -> Result<Learner<B::Network>, TrainError> {
        let config = self.common.config;
        let drawing = seeded(device, derive(config.seed, Stream::Weights, 0));
        let network = self.record.init(self.common.builder, device)?;
        materialise(&network);
        drop(drawing);
        let optimizer = config.optimizer.init();
        if index.last > 0 {
            return self.resume(checkpoints, index, network, optimizer);
        }
        let network = match (start, &config.initial_weights) {
            (Some(start), _) => start.train(),
            (None, Some(file)) => {
                let (network, noted) = initial::load(network, file, &self.folder)?;
                if let Some(noted) = noted {
                    observer.on_weights(&noted);
                }
                network
            }
            (None, None) => network,
        };
        let average = config.weight_average.map(|decay| WeightAverage::starting(decay, &network));
        Ok(Learner { network, optimizer, average })
    }

    /// What the epochs are trained on, by a plan whose labels lie on the picture.
    fn data<'p>(
        &self,
        plan: &'p TrainingPlan,
        sources: Vec<Source>,
        augmenter: Option<Augmenter>,
    ) -> TrainingData<'p>
    where
        'a: 'p,
    {
        let Common { config, dataset, images, device, .. } = *self.common;
        let (scale, loss) = (self.record.scale, config.loss.for_pictures(self.record.pictures));
        let outputs = plan.outputs(scale);
        let targets = Targets::upload(&outputs, &plan.targets, &sources, device);
        // Where targets of another label source stand in for those of a row, these count, whatever its own labels count.
        let weight = |all: &[f32], (&row, &taught): (&usize, &Source)| {
            if taught == dataset.sources()[row] { all[row] } else { 1.0 }
        };
        let taught = || plan.rows.iter().zip(&sources);
        let weights = self.common.weights.map(|all| taught().map(|one| weight(all, one)).collect());
        let epochs = self.record.training.epochs;
        TrainingData { plan, scale, loss, epochs, images, targets, sources, weights, augmenter }
    }

    /// Trains an epoch and, where it is due, validates it.
    fn epoch(
        &self,
        epoch: usize,
        mut learner: Learner<B::Network>,
        data: &TrainingData<'_>,
        device: &Device,
        observer: &mut dyn TrainObserver,
    ) -> Result<TrainedEpoch<B::Network>, TrainError> {
        let config = self.common.config;
        let begun = Instant::now();
        let epochs = self.record.training.epochs;
        if self.plan.start.is_none() {
            learner.network = fine_tune::for_epoch(learner.network, config, epoch);
        }
        let trained = train_epoch(epoch, config, data, learner, device, observer)?;
        let learner = trained.learner;
        // Also brings the running statistics of batch norms up to the last step, before they are saved.
        let model = Model { network: learner.inference(), record: self.record.clone(), epoch };
        let due = epoch.is_multiple_of(config.validate_every) || epoch == epochs;
        let validation = (due && !self.validation.is_empty())
            .then(|| self.validate(&model, observer))
            .transpose()?;
        let steps = epoch * self.steps_per_epoch();
        let score = validation.as_ref().and_then(ErrorReport::score);
        if let Some(score) = score.filter(|score| !score.is_finite()) {
            let (loss, last_good) = (score as f32, None);
            return Err(TrainError::Diverged { epoch, step: steps, loss, last_good });
        }
        let rows = self.plan.rows.len();
        let record = EpochRecord {
            epoch,
            steps,
            images: epoch * rows,
            learning_rate: trained.learning_rate,
            train_rmse: trained.train_rmse,
            validation,
            seconds: begun.elapsed().as_secs_f64(),
            images_per_second: rows as f64 / trained.seconds,
        };
        Ok(TrainedEpoch { learner, model, record })
    }

    /// The plan with its labels where they belong on the picture, for rows of these sources.
    fn plan_on_picture(&self, sources: &[Source]) -> TrainingPlan {
        let (shifts, schema) = (&self.common.label_shifts, &self.plan.schema);
        let on_picture = |(labels, &source)| shifts.onto_picture(schema, source, labels);
        let targets = self.plan.targets.iter().zip(sources).map(on_picture).collect();
        TrainingPlan { targets, ..self.plan.clone() }
    }

    /// The state after the last finished epoch.
    fn resume(
        &self,
        checkpoints: &Checkpoints,
        index: &Index,
        network: B::Network,
        optimizer: ModuleOptimizer,
    ) -> Result<Learner<B::Network>, TrainError> {
        let epoch = index.last;
        let (network, average) = match self.common.config.weight_average {
            Some(decay) => {
                let average = checkpoints.load_network(epoch, network.valid())?;
                let network = checkpoints.load_trained(epoch, network)?;
                (network, Some(WeightAverage::starting(decay, &average)))
            }
            None => (checkpoints.load_network(epoch, network)?, None),
        };
        let optimizer = match index.finished {
            true => optimizer,
            false => checkpoints.load_optimizer(epoch, optimizer)?,
        };
        Ok(Learner { network, optimizer, average })
    }

    fn validate(
        &self,
        model: &Model<B::Network>,
        observer: &mut dyn TrainObserver,
    ) -> Result<ErrorReport, TrainError> {
        let rows = &self.validation;
        let sources = self.common.sources(rows);
        let mut progress = |done| observer.on_validation(done, rows.len());
        let predictions = model.predict(self.common.images, rows, &sources, &mut progress)?;
        let labels = self.common.dataset.labels();
        let truth: Vec<Labels> = rows.iter().map(|&row| labels[row].clone()).collect();
        let schema = self.common.dataset.schema();
        Ok(ErrorReport::compare(schema, &sources, &truth, &predictions))
    }
}

/// What an epoch leaves.
struct TrainedEpoch<N> {
    learner: Learner<N>,
    /// The network that would answer now.
    model: Model<N>,
    record: EpochRecord,
}

fn with_last_good(error: TrainError, path: &Option<PathBuf>) -> TrainError {
    match error {
        TrainError::Diverged { epoch, step, loss, .. } => {
            TrainError::Diverged { epoch, step, loss, last_good: path.clone() }
        }
        other => other,
    }
}
