//! From parameters to a training config.

use super::error::SettingsError;
use super::parameters::{Parameters, short};
use super::path::{first_lost, get, set, to_json};
use crate::config::TrainConfig;

/// Returns a config with other values at some dotted paths. Another network or optimizer takes rate and loss along, unless they are
/// among the values: see [`TrainConfig::take_along`].
///
/// # Errors
/// [`SettingsError::UnknownPath`] where the config has no such field, [`SettingsError::Refused`] where it has and does not take the
/// value.
pub fn assign(base: &TrainConfig, parameters: &Parameters) -> Result<TrainConfig, SettingsError> {
    let mut json = to_json(base);
    for (name, value) in parameters {
        get(&json, name)?;
        set(&mut json, name, value.clone());
    }
    let refused = |reason: String| refused(parameters, reason);
    let mut config: TrainConfig =
        serde_json::from_value(json).map_err(|error| refused(error.to_string()))?;
    let said = |field: &str| {
        parameters.keys().any(|name| name.split('.').next().is_some_and(|first| first == field))
    };
    config.take_along(base, said);
    let kept = to_json(&config);
    for (name, value) in parameters {
        let kept = get(&kept, name).map_err(|error| refused(error.to_string()))?;
        first_lost(value, kept, name).map_err(|error| refused(error.to_string()))?;
    }
    config.check().map_err(|error| refused(error.to_string()))?;
    Ok(config)
}

/// The config takes the parameters apart and not together, or there is only one of them.
fn refused(parameters: &Parameters, reason: String) -> SettingsError {
    let join = |parts: Vec<String>| parts.join(", ");
    SettingsError::Refused {
        field: join(parameters.keys().cloned().collect()),
        value: join(parameters.values().map(short).collect()),
        reason,
    }
}
