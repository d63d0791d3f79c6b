//! The flags of a cross-validation.

use std::path::PathBuf;

use clap::Args;
use keypoints_data::{FaceDataset, read_row_list};
use keypoints_train::TrainConfig;
use keypoints_train::cv::{CrossValidation, CvConfig};

/// Which folds, and which rows a second score leaves out.
#[derive(Args, Clone, Debug)]
pub struct CvArgs {
    /// Parts that the pictures are cut into; each is held out once.
    #[arg(long, value_name = "K", default_value_t = 5)]
    pub folds: usize,

    /// Decides the cut.
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub split_seed: u64,

    /// Train these folds alone, counted from 1, separated by commas [default: all].
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',')]
    pub only: Vec<usize>,

    /// A file with the numbers of suspicious rows, counted from 1, first in every line below a header. A second
    /// score leaves them out; they are trained on like any other.
    #[arg(long, value_name = "FILE")]
    pub suspicious: Option<PathBuf>,
}

impl CvArgs {
    /// The cross-validation of these settings that the flags ask for.
    ///
    /// # Errors
    /// With the file and the line of a list that cannot be understood.
    pub fn of<'a>(
        &self,
        dataset: &'a FaceDataset,
        train: TrainConfig,
    ) -> anyhow::Result<CrossValidation<'a>> {
        let config = CvConfig { train, folds: self.folds, split_seed: self.split_seed };
        let rows = match &self.suspicious {
            Some(path) => read_row_list(path, dataset.len())?,
            None => Vec::new(),
        };
        let cv = CrossValidation::new(dataset, config);
        Ok(cv.with_suspicious(rows).only(self.only.clone()))
    }
}
