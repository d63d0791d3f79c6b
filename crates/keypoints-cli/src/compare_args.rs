//! The flags of a comparison, over a file or the defaults.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use clap::builder::PossibleValuesParser;
use keypoints_data::{FaceDataset, read_row_list};
use keypoints_models::NetworkConfig;
use keypoints_train::strategy::StrategyConfig;
use keypoints_train::study::StudyConfig;

use crate::train_args::read_config;
use crate::weights_file::weights_file;

/// What to compare; a flag wins over the file, the file over the defaults.
#[derive(Args, Clone, Debug, Default)]
pub struct CompareArgs {
    /// A JSON file with any of the settings that study.json shows under "config": strategies and networks with their own
    /// settings, for example.
    #[arg(long, value_name = "FILE")]
    pub study: Option<PathBuf>,

    /// Strategies, separated by commas [default: all].
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = PossibleValuesParser::new(StrategyConfig::names()))]
    pub strategies: Vec<String>,

    /// Networks, separated by commas, with their default settings.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = PossibleValuesParser::new(NetworkConfig::NAMES))]
    pub networks: Vec<String>,

    /// A JSON file with any of the settings that run.json shows under "config", for all cells; its network is
    /// the one compared unless networks are named.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Weights that the cells start from, but for ideas that say otherwise: a .safetensors or .pth file, or `imagenet`, as
    /// for `train`.
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,

    /// Seeds, separated by commas [default: 1,2].
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',')]
    pub seeds: Vec<u64>,

    /// Parts that the pictures are cut into [default: 5].
    #[arg(long, value_name = "K")]
    pub folds: Option<usize>,

    /// Validate on so many of the parts, one after the other [default: 1].
    #[arg(long, value_name = "N")]
    pub folds_run: Option<usize>,

    /// Train for so many epochs, whatever the number of rows.
    #[arg(long, value_name = "N", conflicts_with = "image_budget")]
    pub epochs: Option<usize>,

    /// Train for so many images, all networks of a strategy together, so that all strategies cost the same.
    #[arg(long, value_name = "N")]
    pub image_budget: Option<usize>,

    /// A file with the numbers of suspicious rows (known mislabelled ones), counted from 1, one per line below a header. A second
    /// score leaves them out; they are trained on like any other.
    #[arg(long, value_name = "FILE")]
    pub suspicious: Option<PathBuf>,
}

impl CompareArgs {
    /// The comparison that the flags ask for.
    ///
    /// # Errors
    /// With the file and the line of a file that cannot be understood.
    pub fn config(&self, dataset: &FaceDataset) -> anyhow::Result<StudyConfig> {
        let mut study: StudyConfig = match &self.study {
            Some(path) => read(path)?,
            None => StudyConfig::default(),
        };
        if let Some(path) = &self.config {
            study.base = read_config(path)?;
            study.networks = vec![study.base.network.clone()];
        }
        if let Some(weights) = &self.weights {
            study.base.initial_weights = Some(weights_file(weights)?);
        }
        let named = !self.strategies.is_empty() || !self.networks.is_empty();
        if named && !study.ideas.is_empty() {
            bail!(
                "--strategies and --networks: this comparison is of {} changes to one recipe, not of strategies or networks",
                study.ideas.len()
            );
        }
        if !self.strategies.is_empty() {
            let by_name = |name: &String| StrategyConfig::by_name(name);
            study.strategies = self.strategies.iter().filter_map(by_name).collect();
        }
        if !self.networks.is_empty() {
            let by_name = |name: &String| NetworkConfig::by_name(name);
            study.networks = self.networks.iter().map(by_name).collect::<Result<_, _>>()?;
        }
        if !self.seeds.is_empty() {
            study.seeds.clone_from(&self.seeds);
        }
        study.folds = self.folds.unwrap_or(study.folds);
        study.folds_run = self.folds_run.or(study.folds_run);
        if let Some(epochs) = self.epochs {
            (study.base.epochs, study.base.image_budget) = (epochs, None);
        }
        study.base.image_budget = self.image_budget.or(study.base.image_budget);
        if let Some(path) = &self.suspicious {
            study.suspicious_rows = read_row_list(path, dataset.len())?;
        }
        Ok(study)
    }
}

fn read(path: &Path) -> anyhow::Result<StudyConfig> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{}: cannot read", path.display()))?;
    StudyConfig::from_json(&text).with_context(|| format!("{}: not a comparison", path.display()))
}
