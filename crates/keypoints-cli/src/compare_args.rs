//! The flags of a comparison, over a study file or the defaults.

use std::path::PathBuf;

use anyhow::ensure;
use clap::Args;
use clap::builder::PossibleValuesParser;
use keypoints_models::NetworkConfig;
use keypoints_study::StudyConfig;
use keypoints_train::TrainConfig;
use keypoints_train::strategy::StrategyConfig;

use crate::train_args::read_config;
use crate::weights_file::weights_file;

/// What to compare; a flag wins over the file, the file over the defaults.
#[derive(Args, Clone, Debug, Default)]
pub struct CompareArgs {
    /// A study file: JSON with any of the settings that study.json shows under "study", `base` and `changes` for example.
    #[arg(long, value_name = "FILE")]
    pub study: Option<PathBuf>,

    /// Strategies, separated by commas; the first one is the reference [default: all].
    #[arg(long, value_name = "NAMES", value_delimiter = ',', conflicts_with = "study", value_parser = PossibleValuesParser::new(StrategyConfig::names()))]
    pub strategies: Vec<String>,

    /// Networks, separated by commas, with their default settings.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', conflicts_with = "study", value_parser = PossibleValuesParser::new(NetworkConfig::NAMES))]
    pub networks: Vec<String>,

    /// A JSON file with any of the settings that run.json shows under "config", for all cells; its network is the one compared
    /// unless networks are named.
    #[arg(long, value_name = "FILE", conflicts_with = "study")]
    pub config: Option<PathBuf>,

    /// Weights that the cells start from, except changes that say otherwise: a file, or `imagenet`, as for
    /// `train`.
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,

    /// Seeds of the training, separated by commas [default: those of the study file, or 1,2].
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',')]
    pub seeds: Vec<u64>,

    /// Train for so many epochs, whatever the number of rows.
    #[arg(long, value_name = "N", conflicts_with = "image_budget")]
    pub epochs: Option<usize>,

    /// Train for so many images, all networks of a strategy together, so that all strategies cost the same.
    #[arg(long, value_name = "N")]
    pub image_budget: Option<usize>,
}

impl CompareArgs {
    /// The comparison that the flags ask for. Without a file: strategies on one fold, from two seeds.
    ///
    /// # Errors
    /// With the file that cannot be understood, and where.
    pub fn config(&self) -> anyhow::Result<StudyConfig> {
        let mut study = match &self.study {
            Some(path) => StudyConfig::read(path)?,
            None => self.of_strategies()?,
        };
        if let Some(weights) = &self.weights {
            study.base.initial_weights = Some(weights_file(weights)?);
        }
        if !self.seeds.is_empty() {
            study.seeds.clone_from(&self.seeds);
        }
        if let Some(epochs) = self.epochs {
            (study.base.epochs, study.base.image_budget) = (epochs, None);
        }
        study.base.image_budget = self.image_budget.or(study.base.image_budget);
        ensure!(!study.is_search(), "this study file is of a search: run it with `sweep --study`");
        Ok(study)
    }

    fn of_strategies(&self) -> anyhow::Result<StudyConfig> {
        let base = match &self.config {
            Some(path) => read_config(path)?,
            None => TrainConfig::default(),
        };
        let names = match self.strategies.is_empty() {
            true => StrategyConfig::names().into_iter().map(str::to_owned).collect(),
            false => self.strategies.clone(),
        };
        let strategies: Vec<StrategyConfig> =
            names.iter().filter_map(|name| StrategyConfig::by_name(name)).collect();
        let networks = match self.networks.is_empty() {
            true => vec![base.network.clone()],
            false => {
                let by_name = |name: &String| NetworkConfig::by_name(name);
                self.networks.iter().map(by_name).collect::<Result<_, _>>()?
            }
        };
        let study = StudyConfig::of_strategies(base, &strategies, &networks);
        Ok(StudyConfig { folds_run: Some(1), seeds: vec![1, 2], ..study })
    }
}
