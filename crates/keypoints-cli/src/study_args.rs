//! The flags that all studies share: comparisons, cross-validations and sweeps.

use std::path::{Path, PathBuf};

use clap::Args;
use keypoints_core::Dataset;
use keypoints_data::read_row_list;
use keypoints_study::{Share, Study, StudyConfig, StudyFolder, Summary};

use crate::args::{DataArgs, DeviceArgs};
use crate::study_progress::StudyProgress;

/// Which parts of the data are held out, which cells this process trains, and what is left out of a second score.
#[derive(Args, Clone, Debug, Default)]
pub struct StudyArgs {
    /// Parts that the pictures are cut into; every cell holds one out [default: 5].
    #[arg(long, value_name = "K")]
    pub folds: Option<usize>,

    /// Hold out only so many of the parts, from the first [default: all].
    #[arg(long, value_name = "N")]
    pub folds_run: Option<usize>,

    /// Seed of the cut [default: 1].
    #[arg(long, value_name = "SEED")]
    pub split_seed: Option<u64>,

    /// A file with the numbers of suspicious rows, counted from 1, first in every line below a header. A second score leaves them
    /// out; they are trained on like any other.
    #[arg(long, value_name = "FILE")]
    pub suspicious: Option<PathBuf>,

    /// Train the cells of one of several processes: 2/4 trains the cells 2, 6, 10, …
    ///
    /// The processes may share the folder, also over a network. Make the table with --summary when all have ended.
    #[arg(long, value_name = "I/N", alias = "shard", default_value_t)]
    pub share: Share,

    /// Train nothing: score the finished cells and make tables, pictures and report anew.
    #[arg(long)]
    pub summary: bool,
}

/// A study that was trained, or summed up.
#[derive(Debug)]
pub struct StudyRun {
    /// Its folder.
    pub folder: StudyFolder,
    /// Its table.
    pub summary: Summary,
    /// The data, unless only a summary was made.
    pub dataset: Option<Dataset>,
}

impl StudyArgs {
    /// Trains the study into a folder with a progress display; or with --summary, sums up what the folder has.
    ///
    /// # Errors
    /// Whatever the flags, the data or the training report.
    pub fn run(
        &self,
        study: impl FnOnce() -> anyhow::Result<StudyConfig>,
        data: &DataArgs,
        device: &DeviceArgs,
        out: &Path,
    ) -> anyhow::Result<StudyRun> {
        if !self.summary {
            let device = device.open()?;
            let dataset = data.open()?.to_train_on()?;
            let study = self.over(study()?, &dataset)?;
            let mut progress = StudyProgress::new();
            let summary =
                Study::new(&dataset, study).run(out, self.share, &device, &mut progress)?;
            progress.finish();
            return Ok(StudyRun {
                folder: StudyFolder::open(out)?,
                summary,
                dataset: Some(dataset),
            });
        }
        let folder = StudyFolder::open(out)?;
        if self.suspicious.is_none() {
            let summary = folder.summarise()?;
            return Ok(StudyRun { folder, summary, dataset: None });
        }
        let dataset = data.open()?.training()?;
        let study = self.over(folder.record().study.clone(), &dataset)?;
        let summary = Study::new(&dataset, study).rescore(out)?;
        Ok(StudyRun { folder: StudyFolder::open(out)?, summary, dataset: Some(dataset) })
    }

    /// The study with what the flags say.
    fn over(&self, mut study: StudyConfig, dataset: &Dataset) -> anyhow::Result<StudyConfig> {
        if let Some(folds) = self.folds {
            (study.folds, study.validation) = (folds, None);
        }
        study.folds_run = self.folds_run.or(study.folds_run);
        study.split_seed = self.split_seed.unwrap_or(study.split_seed);
        if let Some(path) = &self.suspicious {
            study.suspicious_rows = read_row_list(path, dataset.len())?;
        }
        Ok(study)
    }
}
