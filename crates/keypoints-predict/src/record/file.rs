//! A record as JSON has it: points and label sources by their names.

use std::sync::Arc;

use keypoints_core::{
    CoordinateScale, CropTemplate, LabelShifts, Named, PictureShape, Schema, Source, kaggle15,
};
use serde::{Deserialize, Serialize};

use super::{ModelRecord, NetworkRecord, TrainingRecord};
use crate::calibration::Calibration;
use crate::heads::Heads;
use crate::tta::TestTimeAugmentation;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct RecordFile {
    /// Without one, the file is from before there were schemas: of the competition's points, pictures and crops.
    schema: Option<Arc<Schema>>,
    pictures: Option<PictureShape>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crop: Option<CropTemplate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    margin: Option<f64>,
    network: NetworkRecord,
    coordinates: Vec<String>,
    #[serde(default)]
    heads: Heads,
    scale: CoordinateScale,
    #[serde(default)]
    flip_average: bool,
    #[serde(default)]
    shift_average: usize,
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    label_shifts: Named<f32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    calibration: Option<Calibration>,
    #[serde(alias = "regimes")]
    sources: Vec<String>,
    #[serde(flatten)]
    training: TrainingRecord,
}

impl TryFrom<RecordFile> for ModelRecord {
    type Error = String;

    fn try_from(file: RecordFile) -> Result<Self, String> {
        let (schema, pictures, crop) = match (file.schema, file.pictures) {
            (Some(schema), Some(pictures)) => (schema, pictures, file.crop),
            (None, None) => (Schema::kaggle15(), kaggle15::SHAPE, Some(kaggle15::crop_template())),
            (Some(_), None) => return Err("it has a schema but no `pictures`".to_owned()),
            (None, Some(_)) => return Err("it has `pictures` but no schema".to_owned()),
        };
        let unknown =
            |what: &str, name: &str| format!("schema `{}` has no {what} `{name}`", schema.name());
        let source =
            |name: &str| schema.source_named(name).ok_or_else(|| unknown("label source", name));
        let coordinate =
            |name: &String| schema.coordinate(name).ok_or_else(|| unknown("coordinate", name));
        let mut shifts = vec![0.0; schema.sources().len()];
        for (name, &shift) in file.label_shifts.iter() {
            shifts[source(name)?.index()] = shift;
        }
        let shifts = if file.label_shifts.is_empty() { vec![] } else { shifts };
        Ok(Self {
            pictures,
            crop,
            margin: file.margin,
            calibration: file.calibration,
            network: file.network,
            coordinates: file.coordinates.iter().map(coordinate).collect::<Result<_, _>>()?,
            heads: file.heads,
            scale: file.scale,
            tta: TestTimeAugmentation {
                flip_average: file.flip_average,
                shift_average: file.shift_average,
            },
            label_shifts: LabelShifts::new(shifts),
            sources: file.sources.iter().map(|name| source(name)).collect::<Result<_, _>>()?,
            training: file.training,
            schema,
        })
    }
}

impl From<ModelRecord> for RecordFile {
    fn from(record: ModelRecord) -> Self {
        let schema = record.schema;
        let name = |source: Source| schema.source(source).name().to_owned();
        let coordinates = record.coordinates.iter().map(|&one| schema.coordinate_name(one));
        let shifts = schema.source_indices().zip(record.label_shifts.pixels());
        let label_shifts = match record.label_shifts.is_none() {
            true => Named::default(),
            false => shifts.map(|(source, &shift)| (name(source), shift)).collect(),
        };
        Self {
            pictures: Some(record.pictures),
            crop: record.crop,
            margin: record.margin,
            calibration: record.calibration,
            network: record.network,
            coordinates: coordinates.collect(),
            heads: record.heads,
            scale: record.scale,
            flip_average: record.tta.flip_average,
            shift_average: record.tta.shift_average,
            label_shifts,
            sources: record.sources.into_iter().map(name).collect(),
            training: record.training,
            schema: Some(schema),
        }
    }
}
