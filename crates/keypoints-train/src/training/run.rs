//! A run from its first epoch, or from where it stopped, to its end.

use burn::tensor::Device;
use keypoints_core::{Dataset, ErrorReport, Labels, Source, Split};
use xxhash_rust::xxh3::xxh3_64;

use super::initial::{check_network, hash_of};
use super::model::Common;
use super::observer::TrainObserver;
use super::outcome::Outcome;
use super::trainer::RunTrainer;
use crate::checkpoint::Checkpoint;
use crate::config::TrainConfig;
use crate::error::TrainError;
use crate::run::{
    HeldOutPredictions, RunFolder, RunLock, RunRecord, has_results, read_json, write_json,
};
use crate::strategy::{Answers, Strategy};
use keypoints_models::{BuildNetwork, NetworkConfig};
use keypoints_predict::DevicePictures;

/// A dataset, a split of it and the settings: all that a run depends on.
///
/// Why not Burn's own `SupervisedTraining`? It restores weights, optimizer and scheduler from a checkpoint,
/// but neither the shuffle stream of its data loaders nor the random numbers of the device, so a resumed run
/// differs from an uninterrupted one; it trains on after the loss has become NaN; and its loaders copy every
/// batch from the host. Optimizers, gradients and records are Burn's.
#[derive(Clone)]
pub struct Training<'a, B = NetworkConfig> {
    dataset: &'a Dataset,
    split: Split,
    config: TrainConfig,
    builder: B,
    custom: Option<(&'a str, &'a dyn Strategy)>,
}

impl<'a> Training<'a> {
    /// Trains on `split.train` by the config's strategy, scores on `split.validation`.
    pub fn new(dataset: &'a Dataset, split: Split, config: TrainConfig) -> Self {
        let builder = config.network.clone();
        Self { dataset, split, config, builder, custom: None }
    }

    /// Trains a network of your own instead of the config's; the run remembers its name.
    ///
    /// ```
    /// use burn::module::Module;
    /// use burn::nn::{Linear, LinearConfig};
    /// use burn::tensor::{Device, Tensor};
    /// use keypoints_core::{PictureShape, hold_out};
    /// use keypoints_data::synth::{SynthConfig, generate};
    /// use keypoints_models::{BuildNetwork, KeypointNetwork, ModelError};
    /// use keypoints_train::{Checkpoint, NoObserver, RunFolder, TrainConfig, Training};
    ///
    /// /// One linear layer over all pixels.
    /// #[derive(Module, Debug)]
    /// struct Flat {
    ///     head: Linear,
    /// }
    ///
    /// impl KeypointNetwork for Flat {
    ///     fn forward(&self, images: Tensor<4>) -> Tensor<2> {
    ///         self.head.forward(images.flatten(1, 3))
    ///     }
    /// }
    ///
    /// struct FlatConfig;
    ///
    /// impl BuildNetwork for FlatConfig {
    ///     type Network = Flat;
    ///     fn name(&self) -> &str {
    ///         "flat"
    ///     }
    ///     fn build(&self, outputs: usize, pictures: PictureShape, device: &Device) -> Result<Flat, ModelError> {
    ///         Ok(Flat { head: LinearConfig::new(pictures.bytes(), outputs).init(device) })
    ///     }
    /// }
    ///
    /// let faces = generate(&SynthConfig { training: 60, test: 2, ..Default::default() });
    /// let split = hold_out(&faces.training, 0.2, 7)?;
    /// let config = TrainConfig { epochs: 1, learning_rate: 1e-4, ..Default::default() };
    /// let folder = tempfile::tempdir()?;
    /// let (run, device) = (RunFolder::new(folder.path()), Device::flex());
    /// Training::new(&faces.training, split, config).with_network(FlatConfig).run(&run, &device, &mut NoObserver)?;
    ///
    /// let predictor = run.own_predictor(&FlatConfig, Checkpoint::Best, &device)?;
    /// assert_eq!(predictor.predict(faces.test.pictures())?.len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_network<C: BuildNetwork>(self, builder: C) -> Training<'a, C> {
        let Self { dataset, split, config, custom, .. } = self;
        Training { dataset, split, config, builder, custom }
    }
}

impl<'a, B: BuildNetwork> Training<'a, B> {
    /// Trains by a strategy of your own instead of the config's; the run remembers its name.
    ///
    /// ```
    /// use burn::tensor::Device;
    /// use keypoints_data::synth::{SynthConfig, generate};
    /// use keypoints_core::{Dataset, hold_out};
    /// use keypoints_models::{NetworkConfig, simple_cnn::SimpleCnnConfig};
    /// use keypoints_train::strategy::{Answers, Strategy, Trainer, TrainingPlan};
    /// use keypoints_train::{NoObserver, RunFolder, TrainConfig, TrainError, Training};
    ///
    /// /// Every second row is enough.
    /// struct Half;
    ///
    /// impl Strategy for Half {
    ///     fn train(
    ///         &self,
    ///         faces: &Dataset,
    ///         rows: &[usize],
    ///         trainer: &mut dyn Trainer,
    ///     ) -> Result<Answers, TrainError> {
    ///         let half = rows.iter().copied().step_by(2).collect();
    ///         trainer.train_only(TrainingPlan::of_rows(faces, half))
    ///     }
    /// }
    ///
    /// let faces = generate(&SynthConfig { training: 60, test: 1, ..Default::default() }).training;
    /// let split = hold_out(&faces, 0.2, 7)?;
    /// let tiny = SimpleCnnConfig { channels: [2, 2, 2], hidden: 4, ..Default::default() };
    /// let config = TrainConfig { network: NetworkConfig::SimpleCnn(tiny), epochs: 1, ..Default::default() };
    /// let folder = tempfile::tempdir()?;
    /// let outcome = Training::new(&faces, split, config)
    ///     .with_strategy("half", &Half)
    ///     .run(&RunFolder::new(folder.path()), &Device::flex(), &mut NoObserver)?;
    /// assert_eq!(outcome.images(), 24);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_strategy(self, name: &'a str, strategy: &'a dyn Strategy) -> Self {
        Self { custom: Some((name, strategy)), ..self }
    }

    /// Refuses settings, a network or initial weights that no run could start with, before anything is written.
    ///
    /// # Errors
    /// What is wrong: see [`TrainError`].
    pub fn check(&self, device: &Device) -> Result<(), TrainError> {
        self.config.check_with(&self.builder)?;
        self.check_network(device)
    }

    fn check_network(&self, device: &Device) -> Result<(), TrainError> {
        let outputs = 2 * self.dataset.schema().len();
        let pictures = self.dataset.pictures().shape();
        check_network(&self.config, &self.builder, outputs, pictures, device)
    }

    /// Refuses a folder that holds a run on other data, with other settings or with other rows.
    ///
    /// # Errors
    /// [`TrainError::RunMismatch`] with the first difference, [`TrainError::Io`] or [`TrainError::BadRunFile`] with a file.
    pub fn check_folder(&self, folder: &RunFolder, device: &Device) -> Result<(), TrainError> {
        let list = self.config.down_weight.as_ref();
        let list = list.map(|list| list.load(self.dataset.len())).transpose()?;
        let record = self.record(folder, list.map(|list| list.hash), device)?;
        self.check_record(folder, &record)
    }

    fn record(
        &self,
        folder: &RunFolder,
        down_weighted: Option<String>,
        device: &Device,
    ) -> Result<RunRecord, TrainError> {
        let custom = self.custom.map(|(name, _)| name);
        let own = self.builder.registered().is_none().then(|| self.builder.name());
        let record = RunRecord::starting(self.dataset, &self.config, own, custom, device);
        let initial_weights_sha256 = match &self.config.initial_weights {
            Some(file) => hash_of(file, folder)?,
            None => None,
        };
        Ok(RunRecord { down_weighted, initial_weights_sha256, ..record })
    }

    fn check_record(&self, folder: &RunFolder, record: &RunRecord) -> Result<(), TrainError> {
        RunRecord::read(folder)?.check_same(record, folder)?;
        self.check_split(folder)
    }

    /// Starts the run in an empty or new folder, or goes on with the run that the folder holds.
    ///
    /// A run that was killed, at whatever moment, goes on from its last finished epoch and ends with the
    /// same weights, bit for bit on the CPU, as one that was not. So do runs in several threads of a process, as long as
    /// none of their networks drops units (`dropout`, stochastic depth): Burn's CPU backend has one stream of random numbers
    /// for all threads.
    ///
    /// The folder is locked meanwhile, see [`RunFolder::lock`].
    ///
    /// # Errors
    /// Settings that make no sense, a folder with another run or in which another process is at work, a full disk, a loss that is no
    /// longer a number: see [`TrainError`]. The last good checkpoint survives all of them.
    pub fn run(
        &self,
        folder: &RunFolder,
        device: &Device,
        observer: &mut dyn TrainObserver,
    ) -> Result<Outcome, TrainError> {
        self.run_in(folder, None, device, observer)
    }

    /// [`Training::run`] in a folder that is locked already.
    ///
    /// # Errors
    /// As [`Training::run`].
    pub fn run_locked(
        &self,
        lock: &RunLock,
        device: &Device,
        observer: &mut dyn TrainObserver,
    ) -> Result<Outcome, TrainError> {
        self.run_in(lock.folder(), Some(lock), device, observer)
    }

    fn run_in(
        &self,
        folder: &RunFolder,
        lock: Option<&RunLock>,
        device: &Device,
        observer: &mut dyn TrainObserver,
    ) -> Result<Outcome, TrainError> {
        self.config.check_with(&self.builder)?;
        if let Some((_, strategy)) = self.custom {
            strategy.check()?;
        }
        folder.claim()?;
        let Split { train, validation } = &self.split;
        let rows = self.dataset.len();
        if let Some(&row) = train.iter().chain(validation).find(|&&row| row >= rows) {
            return Err(TrainError::RowOutOfRange { row, rows });
        }
        let (name, strategy) =
            self.custom.unwrap_or((self.config.strategy.name(), &self.config.strategy));
        let mut allowed = train.clone();
        allowed.sort_unstable();
        let list = self.config.down_weight.as_ref();
        let list = list.map(|list| list.load(rows)).transpose()?;
        let listed = list.as_ref().map(|list| list.hash.clone());
        let _lock = self.open(folder, lock, listed, device)?;

        let images = DevicePictures::upload(self.dataset.pictures(), device);
        let common = Common {
            config: &self.config,
            builder: &self.builder,
            dataset: self.dataset,
            images: &images,
            validation,
            weights: list.as_ref().map(|list| list.weights.as_slice()),
            label_shifts: self.config.label_shift.on(self.dataset, &allowed)?,
            device,
        };
        let outcomes = Vec::new();
        let mut trainer =
            RunTrainer { common, strategy: name, train: &allowed, folder, observer, outcomes };
        let answers = strategy.train(self.dataset, train, &mut trainer)?;
        let models = trainer.outcomes;
        self.check_answers(name, &answers, |model| models.iter().any(|one| one.model == *model))?;
        let schema = self.dataset.schema();
        write_json(&folder.answers_path(), &answers.to_named(schema))?;

        let labels = self.dataset.labels();
        let truth: Vec<Labels> = validation.iter().map(|&row| labels[row].clone()).collect();
        let sources: Vec<Source> =
            validation.iter().map(|&row| self.dataset.sources()[row]).collect();
        let predictor = folder.own_predictor(&self.builder, Checkpoint::Best, device)?;
        // What the maps say themselves: the calibration is measured on it.
        let predictor = predictor.with_calibration(None);
        let predictions = predictor.predict_rows(&images, validation, &sources, &mut |_| ())?;
        let report = ErrorReport::compare(schema, &sources, &truth, &predictions);
        let report = (!validation.is_empty()).then_some(report);
        if let Some(report) = &report {
            let spreads =
                predictor.uncertainty_of_rows(&images, validation, &sources, &mut |_| ())?;
            let held_out = HeldOutPredictions::of(validation, &sources, &predictions);
            let held_out = held_out.with_spreads(spreads);
            held_out.write(schema, &folder.predictions_path())?;
            if let Some(calibration) = held_out.calibration(self.dataset) {
                write_json(&folder.calibration_path(), &calibration)?;
            }
            write_json(&folder.scores_path(), report)?;
        }
        Ok(Outcome { models, answers, predictions, report })
    }

    /// A strategy can only let those networks answer that it has trained.
    fn check_answers(
        &self,
        strategy: &str,
        answers: &Answers,
        trained: impl Fn(&crate::strategy::ModelId) -> bool,
    ) -> Result<(), TrainError> {
        for model in self.dataset.schema().source_indices().map(|source| answers.model(source)) {
            if !trained(model) {
                return Err(TrainError::BadPlan {
                    strategy: strategy.to_owned(),
                    model: model.to_string(),
                    expected: "predictions by networks that it trained",
                    found: "one that it did not train".to_owned(),
                });
            }
        }
        Ok(())
    }

    /// Locks the folder, unless it is, and writes the run's record, or checks that the folder's record is the same run's.
    fn open(
        &self,
        folder: &RunFolder,
        lock: Option<&RunLock>,
        down_weighted: Option<String>,
        device: &Device,
    ) -> Result<Option<RunLock>, TrainError> {
        let record = self.record(folder, down_weighted, device)?;
        // No folder is made for a run that cannot start.
        let is_new = !folder.path().exists();
        if is_new {
            self.check_network(device)?;
        }
        let own = lock.is_none().then(|| folder.lock()).transpose()?;
        // A run that never finished an epoch has nothing to lose: whoever mends its settings need not delete it first.
        if folder.exists() && has_results(folder.path()) {
            self.check_record(folder, &record)?;
            return Ok(own);
        }
        if !is_new {
            self.check_network(device)?;
        }
        folder.forget_models()?;
        write_json(&folder.split_path(), &self.split)?;
        record.write(folder)?;
        Ok(own)
    }

    /// Refuses other rows than the run was started with.
    fn check_split(&self, folder: &RunFolder) -> Result<(), TrainError> {
        let path = folder.split_path();
        let then: Split = read_json(&path, "the rows of a run")?;
        if then == self.split {
            return Ok(());
        }
        let text = |split: &Split| {
            let hash = xxh3_64(format!("{split:?}").as_bytes());
            format!(
                "{} to train on, {} held out, hash {hash:016x}",
                split.train.len(),
                split.validation.len()
            )
        };
        let (expected, found) = (text(&self.split), text(&then));
        Err(TrainError::RunMismatch { path, what: "split of the rows", expected, found })
    }
}

impl<B> std::fmt::Debug for Training<'_, B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Training")
            .field("rows", &self.dataset.len())
            .field("config", &self.config)
            .field("custom", &self.custom.map(|(name, _)| name))
            .finish_non_exhaustive()
    }
}
