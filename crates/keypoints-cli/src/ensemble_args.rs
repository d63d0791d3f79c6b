//! The flags of an ensemble.

use std::path::PathBuf;

use clap::Args;
use keypoints_core::Dataset;
use keypoints_data::read_row_list;
use keypoints_study::ensemble::EnsembleConfig;

use crate::tta_args::TtaArgs;

/// Whose predictions are averaged.
#[derive(Args, Clone, Debug)]
pub struct EnsembleArgs {
    /// Folders of runs and of cross-validations, trained on the same data.
    #[arg(value_name = "DIR", required = true)]
    pub members: Vec<PathBuf>,

    /// Test-time augmentation of every run.
    #[command(flatten)]
    pub tta: TtaArgs,

    /// Copy the members into the folder of the ensemble, so that it can go anywhere.
    #[arg(long)]
    pub copy: bool,

    /// A file with the numbers of suspicious rows, counted from 1, first in every line below a header. A second score leaves them
    /// out.
    #[arg(long, value_name = "FILE")]
    pub suspicious: Option<PathBuf>,
}

impl EnsembleArgs {
    /// The ensemble that the flags ask for.
    ///
    /// # Errors
    /// With the file and the line of a list that cannot be understood.
    pub fn config(&self, dataset: &Dataset) -> anyhow::Result<EnsembleConfig> {
        let suspicious_rows = match &self.suspicious {
            Some(path) => read_row_list(path, dataset.len())?,
            None => Vec::new(),
        };
        let members = self.members.clone();
        Ok(EnsembleConfig { members, tta: self.tta.tta, copy: self.copy, suspicious_rows })
    }
}
