//! Settings written as changes to a recipe.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error::SettingsError;
use super::merge::merge;
use super::path::{join, to_json};
use crate::config::TrainConfig;

/// Fills changes to a recipe, `{ "preset": "fast", "epochs": 8 }`, up to all of its settings. Nested settings are [merged](merge).
/// With another network or optimizer, rate and loss follow as in `with_network` and `with_optimizer`, unless they are given.
/// Settings without a recipe are changes to the defaults; errors about them are left to the reader.
///
/// # Errors
/// [`SettingsError::BadField`] for an unknown recipe or a field that it does not take, under the field `base`.
pub(super) fn over_preset(given: Value, base: &str) -> Result<Value, SettingsError> {
    let mut given = match given {
        Value::Object(fields) if fields.contains_key("preset") => fields,
        Value::Object(fields) => {
            return Ok(take_along(fields.clone(), &TrainConfig::default(), &fields));
        }
        other => return Ok(other),
    };
    let name = given.remove("preset").unwrap_or_default();
    let Some(recipe) = name.as_str().and_then(TrainConfig::preset) else {
        let problem = format!("expected one of {}, found {name}", TrainConfig::PRESETS.join(", "));
        return Err(SettingsError::BadField { field: join(base, "preset"), problem });
    };
    let Value::Object(mut all) = to_json(&recipe) else { return Ok(Value::Object(given)) };
    // Its defaults and the recipe's weight decay, where the optimizer is another one.
    let kind = given.get("optimizer").and_then(|one| one.get("kind")).and_then(Value::as_str);
    if let Some(optimizer) = kind.and_then(|kind| recipe.optimizer.turned_into(kind)) {
        all.insert("optimizer".to_owned(), to_json(&optimizer));
    }
    for (name, value) in &given {
        merge(all.entry(name).or_insert(Value::Null), value.clone());
    }
    each_alone::<TrainConfig>(&all, base)?;

    Ok(take_along(all, &recipe, &given))
}

/// Returns settings with the rate and the loss that go with their network and optimizer, except what was given. Settings that
/// cannot be read stay as they are.
fn take_along(
    mut all: Map<String, Value>,
    recipe: &TrainConfig,
    given: &Map<String, Value>,
) -> Value {
    if let Ok(mut config) = serde_json::from_value::<TrainConfig>(all.clone().into()) {
        config.take_along(recipe, |field| given.contains_key(field));
        all.insert("learning_rate".to_owned(), to_json(&config.learning_rate));
        all.insert("loss".to_owned(), to_json(&config.loss));
    }
    all.into()
}

/// Refuses a field that `T` does not take, by its name, which serde does not say. `T` has a default for every other field.
pub(super) fn each_alone<T: DeserializeOwned>(
    fields: &Map<String, Value>,
    base: &str,
) -> Result<(), SettingsError> {
    for (name, value) in fields {
        let alone = Map::from_iter([(name.clone(), value.clone())]);
        if let Err(error) = serde_json::from_value::<T>(alone.into()) {
            let (field, problem) = (join(base, name), error.to_string());
            return Err(SettingsError::BadField { field, problem });
        }
    }
    Ok(())
}
