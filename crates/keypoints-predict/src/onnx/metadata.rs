//! What an ONNX file says of its points and pictures.

use serde::Serialize;

use super::columns::Columns;
use super::error::OnnxError;
use crate::record::ModelRecord;

/// Keys and values: see the [module](super).
pub(super) fn metadata(
    record: &ModelRecord,
    columns: &Columns,
    license: Option<&str>,
) -> Result<Vec<(String, String)>, OnnxError> {
    let names: Vec<&str> =
        columns.keypoints.iter().map(|&one| record.schema.name_of(one)).collect();
    let mut entries = vec![
        ("points", json(&names)?),
        ("schema", json(&*record.schema)?),
        ("pictures", json(&record.pictures)?),
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
    ];
    if let Some(crop) = &record.crop {
        entries.push(("crop", json(crop)?));
    }
    if let Some(margin) = record.margin {
        entries.push(("margin", margin.to_string()));
    }
    if let Some(license) = license {
        entries.push(("license", license.to_owned()));
    }
    Ok(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn json(value: &(impl Serialize + ?Sized)) -> Result<String, OnnxError> {
    serde_json::to_string(value).map_err(|error| OnnxError::Encode(error.to_string()))
}
