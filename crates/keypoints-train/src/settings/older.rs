//! Settings that an older version wrote.

use serde::{Deserialize, Deserializer, de::Error};
use serde_json::{Map, Value};

use super::error::SettingsError;
use super::path::join;
use crate::config::TrainConfig;

/// Fields that have another name today.
const RENAMED: [(&str, &str); 2] =
    [("trunk_rate", "backbone_rate"), ("answering_epoch", "checkpoint")];

/// Brings the JSON of a training's settings, the field `base` of a file, up to date: renames fields and drops unused ones that were
/// removed. Returns whether anything changed.
///
/// # Errors
/// [`SettingsError::BadField`] where a removed setting is used.
pub(super) fn bring_up_to_date(
    settings: &mut Map<String, Value>,
    base: &str,
) -> Result<bool, SettingsError> {
    let mut changed = false;
    for (old, new) in RENAMED {
        if let Some(value) = settings.remove(old) {
            settings.entry(new).or_insert(value);
            changed = true;
        }
    }
    if let Some(scale) = settings.get_mut("coordinates").filter(|scale| scale.is_object()) {
        let is = |field: &str, value: f64| scale.get(field).and_then(Value::as_f64) == Some(value);
        let units = if is("offset", 0.0) && is("scale", 1.0) { "pixels" } else { "centred" };
        *scale = units.into();
        changed = true;
    }
    let removed = |field: &str, what: &str| {
        let problem = format!("{what} was removed, because it did not pay; remove the setting");
        Err(SettingsError::BadField { field: join(base, field), problem })
    };
    if let Some(progressive) = settings.remove("progressive") {
        if !progressive.is_null() {
            return removed("progressive", "training on smaller pictures first");
        }
        changed = true;
    }
    let strategy = settings.get("strategy").and_then(|strategy| strategy.get("strategy"));
    if strategy.is_some_and(|name| name == "self_training") {
        return removed("strategy", "the strategy `self_training`");
    }
    Ok(changed)
}

/// Reads the config in the record of a run, for serde.
pub(crate) fn config_of_older<'de, D: Deserializer<'de>>(from: D) -> Result<TrainConfig, D::Error> {
    let mut settings = Map::deserialize(from)?;
    bring_up_to_date(&mut settings, "").map_err(D::Error::custom)?;
    serde_json::from_value(settings.into()).map_err(D::Error::custom)
}
