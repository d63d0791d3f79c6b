//! Everything that decides the result of a training run, in one serialisable value.

use std::path::PathBuf;

use keypoints_models::{BuildNetwork, NetworkConfig};
use keypoints_predict::LARGEST_SHIFT;
use serde::{Deserialize, Serialize};

use crate::augment::AugmentConfig;
use crate::checkpoint::Checkpoint;
use crate::down_weight::DownWeight;
use crate::error::TrainError;
use crate::label_shift::LabelShift;
use crate::loss::LossConfig;
use crate::optimizer::OptimizerConfig;
use crate::precision::Precision;
use crate::schedule::Schedule;
use crate::strategy::{Strategy, StrategyConfig, TrainingPlan};
use crate::units::CoordinateUnits;

/// The settings of a run. Written to `run.json`; a JSON file may leave out any field.
///
/// ```
/// use keypoints_train::TrainConfig;
///
/// let config: TrainConfig = serde_json::from_str(r#"{ "epochs": 5, "learning_rate": 1e-4 }"#)?;
/// assert_eq!((config.epochs, config.batch_size), (5, 32));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainConfig {
    /// Which network, and its settings. The number of its outputs is the strategy's to decide.
    pub network: NetworkConfig,
    /// A file of weights to start from, safetensors or PyTorch's, strictly: see
    /// `keypoints_models::weights`. Its head is left behind where it has another shape. `null` draws
    /// the weights. A network of a strategy that goes on from another one of the run does not read it.
    pub initial_weights: Option<PathBuf>,
    /// Epochs at the start in which only the head is trained. The rest is frozen, the statistics of its batch norms and its dropout too.
    pub frozen_epochs: usize,
    /// Factor on the learning rate of all but the head, above 0: 0.1 for example, where the head is new and the rest is not.
    #[serde(alias = "trunk_rate")]
    pub backbone_rate: f64,
    /// What to do about missing labels.
    pub strategy: StrategyConfig,
    /// Passes over the training rows, of every network of the strategy.
    pub epochs: usize,
    /// Train for about so many images instead of a number of epochs, all networks of the strategy together: strategies
    /// that train on more rows then see each of them less often. At least one epoch each.
    pub image_budget: Option<usize>,
    /// Faces per pass through the network.
    pub batch_size: usize,
    /// Batches per optimizer step: their gradients are averaged over the labels, as if they were one batch of so many times
    /// the size (batch norms apart, which see each batch by itself).
    pub accumulate: usize,
    /// Gradients are shortened where their norm, over all parameters together, is above this; `null` leaves them.
    pub clip_norm: Option<f64>,
    /// What is made small.
    pub loss: LossConfig,
    /// The optimizer.
    pub optimizer: OptimizerConfig,
    /// The highest learning rate of the run.
    pub learning_rate: f64,
    /// How the rate moves below that.
    pub schedule: Schedule,
    /// Predict with a running average of the weights: the share of it that each step keeps, 0.999 for example, less in
    /// the first steps (`(1 + step) / (10 + step)`). `null` predicts with the trained weights themselves.
    pub weight_average: Option<f64>,
    /// Test-time augmentation by a mirror: average the predictions for a face and its mirror image, in validation and in
    /// prediction alike. Costs a second forward pass there and nothing in training.
    pub flip_average: bool,
    /// Test-time augmentation by shifts: average the predictions for a face at five places, four of them moved by so many
    /// pixels along its diagonals, each of them twice with `flip_average`; 0 for one place alone. A network that reads heat
    /// maps sees a point once in the middle of a cell and once at its edge: two pixels are half a cell of four.
    pub shift_average: usize,
    /// Rows that count less in the loss, or not at all: probably mislabelled ones. Held-out rows are scored as ever.
    pub down_weight: Option<DownWeight>,
    /// What is done about labels that lie beside what they mark.
    pub label_shift: LabelShift,
    /// How exactly the convolutions of the training multiply. Validation and prediction are exact.
    pub precision: Precision,
    /// The unit of the network's outputs; heat maps need `centred`.
    pub coordinates: CoordinateUnits,
    /// What happens to the training faces before the network sees them; validation faces stay as they are.
    pub augment: AugmentConfig,
    /// Epochs between two passes over the validation rows; the last epoch is always validated.
    pub validate_every: usize,
    /// Stop when so many validations in a row brought no lower score; `null` for never.
    pub early_stopping: Option<usize>,
    /// Checkpoint to keep: `best` has the lowest validation score, `last` is the last validated epoch. Selecting on
    /// validation biases its score, and with wrong held-out labels it selects badly. Where the learning rate ends at zero there is
    /// little to select.
    #[serde(alias = "answering_epoch")]
    pub checkpoint: Checkpoint,
    /// Decides the initial weights, the order of the rows, the dropout and the augmentation.
    pub seed: u64,
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            network: NetworkConfig::SimpleCnn(Default::default()),
            initial_weights: None,
            frozen_epochs: 0,
            backbone_rate: 1.0,
            strategy: StrategyConfig::DropIncomplete(Default::default()),
            epochs: 20,
            image_budget: None,
            batch_size: 32,
            accumulate: 1,
            clip_norm: None,
            loss: LossConfig::Mse,
            optimizer: OptimizerConfig::adam(),
            learning_rate: 5e-4,
            schedule: Schedule::OneCycle { rise: 0.3 },
            weight_average: None,
            flip_average: false,
            shift_average: 0,
            down_weight: None,
            label_shift: LabelShift::None,
            precision: Precision::F32,
            coordinates: CoordinateUnits::Centred,
            augment: AugmentConfig::none(),
            validate_every: 1,
            early_stopping: None,
            checkpoint: Checkpoint::Best,
            seed: 42,
        }
    }
}

impl TrainConfig {
    /// How many epochs a network is trained for on a plan.
    pub(crate) fn epochs_of(&self, plan: &TrainingPlan) -> usize {
        let epochs = match self.image_budget {
            Some(images) => images as f64 * plan.budget_share / plan.rows.len().max(1) as f64,
            None => self.epochs as f64 * plan.epochs_factor,
        };
        (epochs.round() as usize).max(1)
    }

    /// The same settings, with the other's where they decide nothing. Paths of files, where both have one: of the weights to start
    /// from, and of the rows that count less; what is in a file counts, not where it lies. And the network's outputs, which follow
    /// from the schema.
    #[must_use]
    pub fn comparable_with(&self, other: &Self) -> Self {
        let network = self.network.clone().with_outputs(other.network.outputs());
        let mut config = Self { network, ..self.clone() };
        if let (Some(own), Some(other)) = (&mut config.down_weight, &other.down_weight) {
            own.file.clone_from(&other.file);
        }
        if let (Some(own), Some(other)) = (&mut config.initial_weights, &other.initial_weights) {
            own.clone_from(other);
        }
        config
    }

    /// Refuses settings that no run could follow.
    ///
    /// # Errors
    /// [`TrainError::InvalidConfig`] with the field.
    pub fn check(&self) -> Result<(), TrainError> {
        self.check_with(&self.network)
    }

    /// Like [`TrainConfig::check`], for another network than the config's.
    pub(crate) fn check_with(&self, network: &impl BuildNetwork) -> Result<(), TrainError> {
        let invalid = |field, expected, found: String| {
            Err(TrainError::InvalidConfig { field, expected, found })
        };
        if self.epochs == 0 {
            return invalid("epochs", "at least 1", self.epochs.to_string());
        }
        if self.image_budget == Some(0) {
            return invalid("image_budget", "at least 1 or null", "0".to_owned());
        }
        if self.batch_size == 0 {
            return invalid("batch_size", "at least 1", self.batch_size.to_string());
        }
        if self.accumulate == 0 {
            return invalid("accumulate", "at least 1", self.accumulate.to_string());
        }
        if self.batch_size.checked_mul(self.accumulate).is_none() {
            let found = format!("{} with batches of {}", self.accumulate, self.batch_size);
            return invalid("accumulate", "few enough batches for a step to be counted", found);
        }
        if let Some(norm) = self.clip_norm.filter(|norm| !(norm.is_finite() && *norm > 0.0)) {
            return invalid("clip_norm", "a positive number or null", norm.to_string());
        }
        if !(self.backbone_rate > 0.0 && self.backbone_rate <= 1.0) {
            return invalid(
                "backbone_rate",
                "above 0 and at most 1",
                self.backbone_rate.to_string(),
            );
        }
        if self.frozen_epochs > 0 && self.initial_weights.is_none() {
            let found = self.frozen_epochs.to_string();
            return invalid("frozen_epochs", "0 without `initial_weights`", found);
        }
        if let Some(path) = self.initial_weights.as_ref().filter(|_| !cfg!(feature = "weights")) {
            let found = path.display().to_string();
            return invalid("initial_weights", "null in a build without `weights`", found);
        }
        if self.validate_every == 0 {
            return invalid("validate_every", "at least 1", self.validate_every.to_string());
        }
        if !(self.learning_rate.is_finite() && self.learning_rate > 0.0) {
            let found = self.learning_rate.to_string();
            return invalid("learning_rate", "a positive number", found);
        }
        let climbing = self.schedule.climbing_share();
        if !(0.0..1.0).contains(&climbing) {
            return invalid("schedule", "climbing for a share in 0..1", climbing.to_string());
        }
        if self.early_stopping == Some(0) {
            return invalid("early_stopping", "at least 1 or null", "0".to_owned());
        }
        if let Some(decay) = self.weight_average.filter(|decay| !(*decay > 0.0 && *decay < 1.0)) {
            return invalid("weight_average", "between 0 and 1, or null", decay.to_string());
        }
        if network.answers_in_places() && self.coordinates != CoordinateUnits::Centred {
            return invalid("coordinates", "`centred` for heat maps", "`pixels`".to_owned());
        }
        if self.loss.needs_heat_maps() && !network.answers_in_places() {
            let found = format!("`{}` without heat maps", network.name());
            return invalid(
                "loss",
                "one on coordinates where the network draws no heat maps",
                found,
            );
        }
        if let Some(down_weight) = &self.down_weight {
            down_weight.check()?;
        }
        if self.shift_average > LARGEST_SHIFT {
            return invalid("shift_average", "at most 8", self.shift_average.to_string());
        }
        self.label_shift.check()?;
        self.strategy.check()?;
        self.optimizer.check()?;
        self.loss.check()?;
        Ok(self.augment.check()?)
    }
}
