//! The flags of a training run, over a config file or the defaults.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};
use keypoints_core::{Dataset, Split, hold_out};
use keypoints_models::NetworkConfig;
use keypoints_train::augment::AugmentConfig;
use keypoints_train::strategy::StrategyConfig;
use keypoints_train::{DownWeight, OptimizerConfig, Precision, Schedule, TrainConfig};
use serde_json::Value;

use crate::weights_file::weights_file;

/// What to train and how; a flag wins over the config file, the file over the defaults.
#[derive(Args, Clone, Debug, Default)]
pub struct TrainArgs {
    /// A ready recipe to start from [default: fast].
    #[arg(long, value_name = "NAME", conflicts_with = "config", value_parser = presets())]
    pub preset: Option<String>,

    /// A JSON file with any of the settings that run.json shows under "config", over those of the recipe `notebook`, or of
    /// the one that it names: `"preset": "fast"`.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Which network.
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(NetworkConfig::NAMES))]
    pub network: Option<String>,

    /// Weights to start from: a file that `export` wrote, another safetensors file, one that PyTorch saved, or a checkpoint of a run; or `imagenet` for torchvision's EfficientNet-B0, which a build with
    /// the feature `download` fetches once.
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,

    /// Epochs at the start in which only the head is trained.
    #[arg(long, value_name = "N")]
    pub frozen_epochs: Option<usize>,

    /// What to do about missing labels.
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(StrategyConfig::names()))]
    pub strategy: Option<String>,

    /// Passes over the training faces.
    #[arg(long, value_name = "N", conflicts_with = "image_budget")]
    pub epochs: Option<usize>,

    /// Train for about so many images instead, all networks of the strategy together.
    #[arg(long, value_name = "N")]
    pub image_budget: Option<usize>,

    /// Faces per optimizer step.
    #[arg(long, value_name = "N")]
    pub batch_size: Option<usize>,

    /// Highest learning rate of the run.
    #[arg(long, value_name = "RATE")]
    pub learning_rate: Option<f64>,

    /// How the learning rate moves.
    #[arg(long, value_name = "NAME", value_parser = names(&["constant", "cosine", "one_cycle"]))]
    pub schedule: Option<String>,

    /// Which optimizer: as in the recipe where that has it, else with PyTorch's defaults and the recipe's weight decay; a config file
    /// can set its numbers. Unless the file
    /// of --config or --learning-rate says one, the rate goes along: on networks with heat maps, Muon's is 20/3 of Adam's.
    #[arg(long, value_name = "NAME", value_parser = optimizer_names())]
    pub optimizer: Option<String>,

    /// What happens to the training faces before the network sees them: `standard` mirrors, moves, turns and
    /// dims them, `no_flip` does not mirror them; a config file can set every step.
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(AugmentConfig::NAMES))]
    pub augment: Option<String>,

    /// What the factors of convolutions are rounded to while the network learns: `bf16` needs a CPU with Intel's AMX,
    /// where some networks gain a little by it, and makes no difference elsewhere.
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(["f32", "bf16"]))]
    pub precision: Option<String>,

    /// Stop after so many validations without a lower score.
    #[arg(long, value_name = "N")]
    pub early_stopping: Option<usize>,

    /// Decides the initial weights, the order of the rows, the dropout and the augmentation [default: 42].
    #[arg(long)]
    pub seed: Option<u64>,

    /// Test-time augmentation by a mirror: average the predictions for a face and its mirror image; `--flip-average=false` where a
    /// recipe does.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub flip_average: Option<bool>,

    /// Test-time augmentation by shifts: average the predictions for a face at five places, four of them moved by so many pixels
    /// along its diagonals: 2 is half a cell of the compact network's heat maps.
    #[arg(long, value_name = "PIXELS")]
    pub shift_average: Option<usize>,

    /// A list of rows, counted from 1 (suspicious.csv of `label_errors`, for example), whose labels count less in the loss.
    #[arg(long, value_name = "FILE")]
    pub down_weight: Option<PathBuf>,

    /// What a label of these rows counts, from 0 (not at all) to 1.
    #[arg(long, value_name = "WEIGHT", default_value_t = 0.0, requires = "down_weight")]
    pub down_weight_to: f32,
}

/// The recipes, each with what it is.
fn presets() -> PossibleValuesParser {
    let recipes = TrainConfig::PRESETS.iter().zip(TrainConfig::PRESET_NOTES);
    let value = |(name, note): (&&'static str, &&'static str)| {
        PossibleValue::new(*name).help(note.replace(['[', ']', '`'], ""))
    };
    recipes.map(value).collect::<Vec<_>>().into()
}

/// Names as config files write them, and as they are written elsewhere.
fn names(names: &[&'static str]) -> PossibleValuesParser {
    let value = |name: &&'static str| match *name {
        "adam_w" => PossibleValue::new("adam_w").alias("adamw"),
        "one_cycle" => PossibleValue::new("one_cycle").alias("one-cycle"),
        name => PossibleValue::new(name),
    };
    names.iter().map(value).collect::<Vec<_>>().into()
}

/// The optimizers, as a flag takes them: [`OptimizerConfig::by_name`] knows each.
pub fn optimizer_names() -> PossibleValuesParser {
    names(&OptimizerConfig::NAMES)
}

/// A file with settings of a training.
pub(crate) fn read_config(path: &Path) -> anyhow::Result<TrainConfig> {
    parse_config(path, &read_text(path)?)
}

fn read_text(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("{}: cannot read", path.display()))
}

fn parse_config(path: &Path, text: &str) -> anyhow::Result<TrainConfig> {
    TrainConfig::from_json(text)
        .with_context(|| format!("{}: not a training config", path.display()))
}

/// Which faces a run holds out.
#[derive(Args, Clone, Debug)]
pub struct HoldOutArgs {
    /// Share of the faces held out for validation; 0 trains on all of them.
    #[arg(long, value_name = "SHARE", default_value_t = 0.2)]
    pub validation: f64,

    /// Decides which faces are held out [default: --seed]. Runs with one of these in common and different seeds can be scored together
    /// by `ensemble`.
    #[arg(long, value_name = "SEED")]
    pub split_seed: Option<u64>,
}

impl TrainArgs {
    /// The settings of the run.
    ///
    /// # Errors
    /// If the config file cannot be read or has a field that there is not, or published weights cannot be fetched.
    pub fn config(&self) -> anyhow::Result<TrainConfig> {
        let mut asked = Value::Null;
        let mut config = match &self.config {
            Some(path) => {
                let text = read_text(path)?;
                asked = serde_json::from_str(&text).unwrap_or_default();
                parse_config(path, &text)?
            }
            None => {
                let name = self.preset.as_deref().unwrap_or("fast");
                TrainConfig::preset(name).context("--preset")?
            }
        };
        let before = config.clone();
        // One that is there already keeps its settings.
        if let Some(name) = self.network.as_ref().filter(|name| *name != config.network.name()) {
            config.network = NetworkConfig::by_name(name)?;
        }
        let optimizer = self.optimizer.as_deref().and_then(|it| config.optimizer.turned_into(it));
        config.optimizer = optimizer.unwrap_or(config.optimizer);
        // What a file asks for is not changed behind its back.
        config.take_along(&before, |field| asked.get(field).is_some());
        if let Some(weights) = &self.weights {
            config.initial_weights = Some(weights_file(weights)?);
        }
        config.frozen_epochs = self.frozen_epochs.unwrap_or(config.frozen_epochs);
        if let Some(strategy) = self.strategy.as_deref().and_then(StrategyConfig::by_name) {
            config.strategy = strategy;
        }
        match self.schedule.as_deref() {
            Some("constant") => config.schedule = Schedule::Constant,
            Some("cosine") => config.schedule = Schedule::Cosine { warmup: 0.1 },
            Some("one_cycle" | "one-cycle") => config.schedule = Schedule::OneCycle { rise: 0.3 },
            _ => {}
        }
        if let Some(epochs) = self.epochs {
            (config.epochs, config.image_budget) = (epochs, None);
        }
        config.image_budget = self.image_budget.or(config.image_budget);
        if let Some(augment) = self.augment.as_deref().and_then(AugmentConfig::by_name) {
            config.augment = augment;
        }
        match self.precision.as_deref() {
            Some("f32") => config.precision = Precision::F32,
            Some("bf16") => config.precision = Precision::Bf16,
            _ => {}
        }
        config.batch_size = self.batch_size.unwrap_or(config.batch_size);
        config.learning_rate = self.learning_rate.unwrap_or(config.learning_rate);
        config.early_stopping = self.early_stopping.or(config.early_stopping);
        config.seed = self.seed.unwrap_or(config.seed);
        config.flip_average = self.flip_average.unwrap_or(config.flip_average);
        config.shift_average = self.shift_average.unwrap_or(config.shift_average);
        if let Some(file) = &self.down_weight {
            // A run may be resumed from another folder than it was started in.
            let file = std::path::absolute(file)
                .with_context(|| format!("{}: cannot find", file.display()))?;
            config.down_weight = Some(DownWeight { file, weight: self.down_weight_to });
        }
        Ok(config)
    }
}

impl HoldOutArgs {
    /// The rows to train on and the ones held out, by the run's seed where the flags name none.
    ///
    /// # Errors
    /// If the share is not in `0..1` or the data is too small to split.
    pub fn split(&self, dataset: &Dataset, seed: u64) -> anyhow::Result<Split> {
        if self.validation == 0.0 {
            return Ok(Split { train: (0..dataset.len()).collect(), validation: Vec::new() });
        }
        hold_out(dataset, self.validation, self.split_seed.unwrap_or(seed)).context("--validation")
    }
}

/// Faces that the quickstart trains on, all epochs together: a minute or two on two cores.
const QUICKSTART_FACES: usize = 18_000;

/// The recipe `fast` for as long as one waits: a minute or two on two cores. Without a number of epochs, few faces are shown
/// more often than many.
///
/// ```
/// use keypoints_data::synth::{SynthConfig, generate};
///
/// let faces = generate(&SynthConfig { training: 100, test: 1, ..Default::default() }).training;
/// let config = keypoints_cli::quickstart_config(&faces, None, 42);
/// assert_eq!(config.network.name(), "compact");
/// assert_eq!(keypoints_cli::quickstart_config(&faces, Some(3), 42).epochs, 3);
/// ```
pub fn quickstart_config(dataset: &Dataset, epochs: Option<usize>, seed: u64) -> TrainConfig {
    let epochs = epochs.unwrap_or((QUICKSTART_FACES / dataset.len().max(1)).clamp(4, 40));
    TrainConfig {
        epochs,
        // Where the training faces are few, looking at the held-out ones every time would take as long again.
        validate_every: (epochs / 8).max(1),
        seed,
        ..TrainConfig::preset("fast").unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
