//! The flags of an ensemble.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use keypoints_data::{FaceDataset, read_row_list};
use keypoints_train::ensemble::{Combine, EnsembleConfig};

use crate::looks_args::LooksArgs;

/// Which members, and how their answers become one.
#[derive(Args, Clone, Debug)]
pub struct EnsembleArgs {
    /// Folders of runs and of cross-validations, trained on the same data.
    #[arg(value_name = "DIR", required = true)]
    pub members: Vec<PathBuf>,

    /// `mean`, or `stacked`: weights per label regime and coordinate, fitted on out-of-fold answers of
    /// cross-validations with the same folds.
    #[arg(long, value_enum, default_value = "mean")]
    pub combine: CombineName,

    /// Of stacked weights: pulls them towards equal ones, as a share of the mean squared error.
    #[arg(long, value_name = "SHARE")]
    pub ridge: Option<f64>,

    /// Of stacked weights: let them be negative.
    #[arg(long)]
    pub signed: bool,

    /// How often every run looks at a face.
    #[command(flatten)]
    pub looks: LooksArgs,

    /// Copy the members into the folder of the ensemble, so that it can go anywhere.
    #[arg(long)]
    pub copy: bool,

    /// A file with the numbers of suspicious rows, counted from 1, first in every line below a header. No weight is
    /// fitted to them, and a second score leaves them out.
    #[arg(long, value_name = "FILE")]
    pub suspicious: Option<PathBuf>,
}

/// How answers become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CombineName {
    /// Every member counts alike.
    #[default]
    Mean,
    /// By weights that are fitted.
    Stacked,
}

impl EnsembleArgs {
    /// The ensemble that the flags ask for.
    ///
    /// # Errors
    /// With the file and the line of a list that cannot be understood.
    pub fn config(&self, dataset: &FaceDataset) -> anyhow::Result<EnsembleConfig> {
        let combine = match (self.combine, Combine::stacked()) {
            (CombineName::Stacked, Combine::Stacked { ridge, .. }) => {
                let ridge = self.ridge.unwrap_or(ridge);
                Combine::Stacked { ridge, non_negative: !self.signed }
            }
            _ => Combine::Mean,
        };
        let suspicious_rows = match &self.suspicious {
            Some(path) => read_row_list(path, dataset.len())?,
            None => Vec::new(),
        };
        let members = self.members.clone();
        let looks = self.looks.looks;
        Ok(EnsembleConfig { members, combine, looks, copy: self.copy, suspicious_rows })
    }
}
