//! `model.json`: what one network is, and what it was trained on.

use std::sync::Arc;

use keypoints_core::{Dataset, LabelShifts};
use keypoints_models::BuildNetwork;
use keypoints_predict::{ModelRecord, NetworkRecord, TestTimeAugmentation, TrainingRecord};

use super::folder::{RunFolder, read_json, write_json};
use crate::config::TrainConfig;
use crate::error::TrainError;
use crate::strategy::TrainingPlan;

/// What the config makes of a plan.
pub(crate) fn record_of(
    config: &TrainConfig,
    builder: &impl BuildNetwork,
    dataset: &Dataset,
    plan: &TrainingPlan,
    label_shifts: LabelShifts,
) -> ModelRecord {
    let pictures = dataset.pictures().shape();
    let scale = config.coordinates.scale(pictures);
    ModelRecord {
        schema: Arc::clone(&plan.schema),
        pictures,
        crop: dataset.crop().cloned(),
        margin: dataset.margin(),
        calibration: None,
        network: NetworkRecord::of(builder, plan.outputs(scale).len(), pictures),
        coordinates: plan.coordinates.clone(),
        heads: plan.heads,
        scale,
        tta: TestTimeAugmentation {
            flip_average: config.flip_average,
            shift_average: config.shift_average,
        },
        label_shifts,
        sources: plan.sources.clone(),
        training: TrainingRecord {
            start: plan.start.as_ref().map(|start| start.as_str().to_owned()),
            rows: plan.rows.len(),
            labels: plan.labels(),
            epochs: config.epochs_of(plan),
            plan: plan.fingerprint(),
        },
    }
}

impl RunFolder {
    /// Reads the record of the network in a folder.
    ///
    /// # Errors
    /// [`TrainError::Io`] or [`TrainError::BadRunFile`] with the file.
    pub fn model_record(&self) -> Result<ModelRecord, TrainError> {
        let path = self.model_path();
        let record: ModelRecord = read_json(&path, "the record of a network")?;
        match record.problem() {
            Some(found) => {
                Err(TrainError::BadRunFile { path, expected: "the record of a network", found })
            }
            None => Ok(record),
        }
    }
}

/// Writes the record, or checks that the folder's record is the same.
pub(crate) fn open_record(record: &ModelRecord, folder: &RunFolder) -> Result<(), TrainError> {
    let path = folder.model_path();
    if !path.exists() {
        folder.create()?;
        return write_json(&path, record);
    }
    let then = folder.model_record()?;
    if then != *record {
        // The config and the data have been compared before: what is left is the strategy's own doing.
        let text =
            |one: &ModelRecord| format!("{} rows, hash {}", one.training.rows, one.training.plan);
        let (expected, found) = (text(record), text(&then));
        return Err(TrainError::RunMismatch { path, what: "training plan", expected, found });
    }
    Ok(())
}
