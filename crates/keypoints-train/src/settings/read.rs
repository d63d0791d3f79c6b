//! Reading settings from JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::SettingsError;
use super::older::bring_up_to_date;
use super::over_preset::{each_alone, over_preset};
use super::path::{first_lost, to_json};
use crate::config::TrainConfig;

impl TrainConfig {
    /// Reads settings from JSON and refuses unknown fields, nested ones too: serde alone would skip a typo in the settings of a
    /// network. Missing fields have their default, or the value of the [recipe](Self::preset) that `preset` names; within nested
    /// settings too, unless they are of another kind. With another network or optimizer than the recipe's, loss and learning rate
    /// follow as in [`with_network`](Self::with_network) and [`with_optimizer`](Self::with_optimizer), unless they are given.
    ///
    /// # Errors
    /// What is wrong, with the field.
    ///
    /// ```
    /// use keypoints_train::TrainConfig;
    ///
    /// let config = TrainConfig::from_json(r#"{ "optimizer": { "kind": "adam", "beta_1": 0.5 } }"#)?;
    /// let long = TrainConfig::from_json(r#"{ "preset": "best", "epochs": 40 }"#)?;
    /// assert_eq!((long.epochs, long.shift_average), (40, 2));
    /// let error = TrainConfig::from_json(r#"{ "optimizer": { "kind": "adam", "beta1": 0.5 } }"#).unwrap_err();
    /// assert!(error.to_string().contains("`optimizer` has no `beta1`"));
    /// # Ok::<(), keypoints_train::settings::SettingsError>(())
    /// ```
    pub fn from_json(text: &str) -> Result<Self, SettingsError> {
        read_settings(text, "config", "")
    }
}

/// Reads settings from JSON and refuses unknown fields, nested ones too. `base` names the field with the settings of a training,
/// which may be changes to a recipe; an empty name stands for the settings as a whole.
///
/// # Errors
/// The first mistake, with its field, or with `what` where no field is known.
pub fn read_settings<T: Serialize + DeserializeOwned>(
    text: &str,
    what: &str,
    base: &str,
) -> Result<T, SettingsError> {
    let bad = |error: serde_json::Error| {
        let (field, problem) = (what.to_owned(), error.to_string());
        SettingsError::BadField { field, problem }
    };
    let mut given: Value = serde_json::from_str(text).map_err(bad)?;
    let training = if base.is_empty() { Some(&mut given) } else { given.get_mut(base) };
    let mut as_written = true;
    if let Some(training) = training {
        if let Value::Object(fields) = &mut *training {
            as_written = !(bring_up_to_date(fields, base)? || fields.contains_key("preset"));
        }
        *training = over_preset(training.take(), base)?;
    }
    if as_written {
        // Errors about the text know line and column.
        serde_json::from_str::<T>(text).map_err(bad)?;
    }
    if let Value::Object(fields) = &given {
        each_alone::<T>(fields, "")?;
    }
    let settings: T = serde_json::from_value(given.clone()).map_err(bad)?;
    first_lost(&given, &to_json(&settings), "")?;
    Ok(settings)
}
