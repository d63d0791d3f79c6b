//! `metrics.jsonl` and `metrics.csv`: what each epoch brought.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::folder::{RunFolder, write_file};
use crate::error::TrainError;
use keypoints_core::ErrorReport;

/// What one epoch brought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// Counted from 1.
    pub epoch: usize,
    /// Optimizer steps since the start of the run.
    pub steps: usize,
    /// Training images seen since the start of the run.
    pub images: usize,
    /// Learning rate of the last step.
    pub learning_rate: f64,
    /// Root mean squared training error in pixels, over the labels of the epoch's batches, dropout and all.
    pub train_rmse: f64,
    /// The scores on the held-out rows, in epochs that were validated.
    pub validation: Option<ErrorReport>,
    /// Seconds of the epoch, validation included.
    pub seconds: f64,
    /// Training images per second, validation excluded.
    pub images_per_second: f64,
}

impl EpochRecord {
    /// The epochs of the network in a folder so far; none where there is no `metrics.jsonl` yet.
    ///
    /// ```
    /// use keypoints_train::{EpochRecord, RunFolder};
    ///
    /// let folder = tempfile::tempdir()?;
    /// assert!(EpochRecord::read_all(&RunFolder::new(folder.path()))?.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`TrainError::Io`] with the file, [`TrainError::BadRunFile`] with the line that is no epoch.
    pub fn read_all(folder: &RunFolder) -> Result<Vec<Self>, TrainError> {
        let path = folder.metrics_path();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(TrainError::io(&path, "read")(error)),
        };
        let record = |(number, line): (usize, &str)| {
            serde_json::from_str(line).map_err(|error| TrainError::BadRunFile {
                path: path.clone(),
                expected: "one epoch per line",
                found: format!("line {}: {error}", number + 1),
            })
        };
        text.lines().enumerate().map(record).collect()
    }
}

/// The records of a run so far, in memory and on disk.
pub(crate) struct MetricsLog {
    records: Vec<EpochRecord>,
    folder: RunFolder,
}

impl MetricsLog {
    /// Reads the log up to an epoch; what a killed process wrote beyond its last checkpoint is forgotten.
    pub(crate) fn open(folder: &RunFolder, last_epoch: usize) -> Result<Self, TrainError> {
        let mut records = EpochRecord::read_all(folder)?;
        records.retain(|record| record.epoch <= last_epoch);
        Ok(Self { records, folder: folder.clone() })
    }

    pub(crate) fn records(&self) -> &[EpochRecord] {
        &self.records
    }

    /// Adds an epoch and replaces both files. They are small: a thousand epochs make a megabyte.
    pub(crate) fn push(&mut self, record: EpochRecord) -> Result<(), TrainError> {
        self.records.push(record);
        let mut lines = String::new();
        for record in &self.records {
            let line = serde_json::to_string(record);
            let path = self.folder.metrics_path();
            let line = line.map_err(|error| TrainError::io(&path, "write")(error.into()))?;
            lines.push_str(&line);
            lines.push('\n');
        }
        write_file(&self.folder.metrics_path(), lines.as_bytes())?;
        write_file(&self.folder.metrics_csv_path(), self.to_csv().as_bytes())
    }

    fn to_csv(&self) -> String {
        // The columns of the label sources are those of the first validated epoch.
        let validated = self.records.iter().find_map(|record| record.validation.as_ref());
        let sources: Vec<String> = validated
            .map(|report| report.sources.iter().map(|(name, _)| name.to_owned()).collect())
            .unwrap_or_default();
        let mut csv = String::from(
            "epoch,steps,images,learning_rate,train_rmse,validation_rmse,validation_weighted_rmse",
        );
        for source in &sources {
            let _ = write!(csv, ",validation_rmse_{source}");
        }
        csv.push_str(",seconds,images_per_second\n");
        for record in &self.records {
            let validation = record.validation.clone().unwrap_or_default();
            let cell = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
            // Writing to a string cannot fail.
            let _ = write!(
                csv,
                "{},{},{},{},{},{},{}",
                record.epoch,
                record.steps,
                record.images,
                record.learning_rate,
                record.train_rmse,
                cell(validation.rmse),
                cell(validation.weighted_rmse),
            );
            for source in &sources {
                let _ = write!(csv, ",{}", cell(validation.source(source)));
            }
            let _ = writeln!(csv, ",{},{}", record.seconds, record.images_per_second);
        }
        csv
    }
}
