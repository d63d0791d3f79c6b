//! A run from its first epoch, or from where it stopped, to its end.

use burn::tensor::Device;
use keypoints_data::{FaceDataset, LabelRegime, Labels, Split};
use xxhash_rust::xxh3::xxh3_64;

use super::initial::check_network;
use super::model::Common;
use super::observer::TrainObserver;
use super::outcome::Outcome;
use super::trainer::RunTrainer;
use crate::checkpoint::Checkpoint;
use crate::config::TrainConfig;
use crate::error::TrainError;
use crate::faces::DeviceImages;
use crate::metrics::ErrorReport;
use crate::predict::Predictor;
use crate::run::{HeldOutPredictions, RunFolder, RunRecord, has_results, read_json, write_json};
use crate::strategy::{Answers, Strategy};

/// A dataset, a split of it and the settings: all that a run depends on.
///
/// Why not Burn's own `SupervisedTraining`? It restores weights, optimizer and scheduler from a checkpoint,
/// but neither the shuffle stream of its data loaders nor the random numbers of the device, so a resumed run
/// differs from an uninterrupted one; it trains on after the loss has become NaN; and its loaders copy every
/// batch from the host. Optimizers, gradients and records are Burn's.
#[derive(Clone)]
pub struct Training<'a> {
    dataset: &'a FaceDataset,
    split: Split,
    config: TrainConfig,
    custom: Option<(&'a str, &'a dyn Strategy)>,
}

impl<'a> Training<'a> {
    /// Trains on `split.train` by the config's strategy, scores on `split.validation`.
    pub fn new(dataset: &'a FaceDataset, split: Split, config: TrainConfig) -> Self {
        Self { dataset, split, config, custom: None }
    }

    /// Trains by a strategy of your own instead of the config's; the run remembers its name.
    ///
    /// ```
    /// use burn::tensor::Device;
    /// use keypoints_data::synth::{SynthConfig, generate};
    /// use keypoints_data::{FaceDataset, hold_out};
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
    ///         faces: &FaceDataset,
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
        self.config.check()?;
        check_network(&self.config, device)
    }

    /// Refuses a folder that holds a run on other data, with other settings or with other rows.
    ///
    /// # Errors
    /// [`TrainError::RunMismatch`] with the first difference, [`TrainError::Io`] or [`TrainError::BadRunFile`] with a file.
    pub fn check_folder(&self, folder: &RunFolder, device: &Device) -> Result<(), TrainError> {
        let list = self.config.down_weight.as_ref();
        let list = list.map(|list| list.load(self.dataset.len())).transpose()?;
        self.check_record(folder, &self.record(list.map(|list| list.hash), device))
    }

    fn record(&self, down_weighted: Option<String>, device: &Device) -> RunRecord {
        let custom = self.custom.map(|(name, _)| name);
        let record = RunRecord::starting(self.dataset, &self.config, custom, device);
        RunRecord { down_weighted, ..record }
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
    /// # Errors
    /// Settings that make no sense, a folder with another run, a full disk, a loss that is no longer a
    /// number: see [`TrainError`]. The last good checkpoint survives all of them.
    pub fn run(
        &self,
        folder: &RunFolder,
        device: &Device,
        observer: &mut dyn TrainObserver,
    ) -> Result<Outcome, TrainError> {
        self.config.check()?;
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
        self.open(folder, list.as_ref().map(|list| list.hash.clone()), device)?;

        let images = DeviceImages::upload(self.dataset.images(), device);
        let common = Common {
            config: &self.config,
            dataset: self.dataset,
            images: &images,
            validation,
            weights: list.as_ref().map(|list| list.weights.as_slice()),
            label_shifts: self.config.label_shift.on(self.dataset, &allowed),
            device,
        };
        let outcomes = Vec::new();
        let mut trainer =
            RunTrainer { common, strategy: name, train: &allowed, folder, observer, outcomes };
        let answers = strategy.train(self.dataset, train, &mut trainer)?;
        let models = trainer.outcomes;
        self.check_answers(name, &answers, |model| models.iter().any(|one| one.model == *model))?;
        write_json(&folder.answers_path(), &answers)?;

        let labels = self.dataset.labels();
        let truth: Vec<Labels> = validation.iter().map(|&row| labels[row]).collect();
        let regimes: Vec<LabelRegime> = truth.iter().map(Labels::regime).collect();
        let predictor = Predictor::load(folder, Checkpoint::Best, device)?;
        let predictions = predictor.predict_rows(&images, validation, &regimes, &mut |_| ())?;
        let report = ErrorReport::compare(&truth, &predictions);
        let report = (!validation.is_empty()).then_some(report);
        if let Some(report) = &report {
            HeldOutPredictions::of(validation, &regimes, &predictions)
                .write(&folder.predictions_path())?;
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
        for model in LabelRegime::ALL.map(|regime| answers.model(regime)) {
            if !trained(model) {
                return Err(TrainError::BadPlan {
                    strategy: strategy.to_owned(),
                    model: model.to_string(),
                    expected: "an answer by a network that was trained",
                    found: "one that was not".to_owned(),
                });
            }
        }
        Ok(())
    }

    /// Writes the run's record, or checks that the folder's record is the same run's.
    fn open(
        &self,
        folder: &RunFolder,
        down_weighted: Option<String>,
        device: &Device,
    ) -> Result<(), TrainError> {
        let record = self.record(down_weighted, device);
        // A run that never finished an epoch has nothing to lose: whoever mends its settings need not delete it first.
        if folder.exists() && has_results(folder.path()) {
            return self.check_record(folder, &record);
        }
        check_network(&self.config, device)?;
        folder.create()?;
        folder.forget_models()?;
        write_json(&folder.split_path(), &self.split)?;
        record.write(folder)
    }
}

impl Training<'_> {
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

impl std::fmt::Debug for Training<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Training")
            .field("rows", &self.dataset.len())
            .field("config", &self.config)
            .field("custom", &self.custom.map(|(name, _)| name))
            .finish_non_exhaustive()
    }
}
