//! Settings written as changes to a recipe.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::config::TrainConfig;
use crate::sweep::{SweepError, first_lost, join, to_json};

/// Settings from JSON, which refuses fields that there are not, nested ones too. `base` is the name of the field with the settings of a
/// training, which may be changes to a recipe; with an empty name all of them are.
///
/// # Errors
/// [`SweepError::BadField`] with the field, or `what` where it is not known.
pub(crate) fn read_settings<T: Serialize + DeserializeOwned>(
    text: &str,
    what: &str,
    base: &str,
) -> Result<T, SweepError> {
    let bad = |error: serde_json::Error| {
        let (field, problem) = (what.to_owned(), error.to_string());
        SweepError::BadField { field, problem }
    };
    let mut given: Value = serde_json::from_str(text).map_err(bad)?;
    let training = if base.is_empty() { Some(&mut given) } else { given.get_mut(base) };
    let settings: T = match training {
        Some(training) if training.get("preset").is_some() => {
            *training = over_preset(training.take(), base)?;
            serde_json::from_value(given.clone()).map_err(bad)?
        }
        // From the text: its errors know line and column.
        _ => serde_json::from_str(text).map_err(bad)?,
    };
    first_lost(&given, &to_json(&settings), "")?;
    Ok(settings)
}

/// `{ "preset": "fast", "epochs": 8 }` with all that the recipe says, and 8 epochs. Other settings come back as they are.
///
/// # Errors
/// [`SweepError::BadField`] for a recipe that there is not, as one of the field `base`.
pub(crate) fn over_preset(given: Value, base: &str) -> Result<Value, SweepError> {
    let mut given = match given {
        Value::Object(fields) if fields.contains_key("preset") => fields,
        other => return Ok(other),
    };
    let name = given.remove("preset").unwrap_or_default();
    let Some(recipe) = name.as_str().and_then(TrainConfig::preset) else {
        let problem = format!("expected one of {}, found {name}", TrainConfig::PRESETS.join(", "));
        return Err(SweepError::BadField { field: join(base, "preset"), problem });
    };
    let mut all = match to_json(&recipe) {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    all.extend(given);
    Ok(all.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_recipe_but_for_what_is_said() {
        let config = TrainConfig::from_json(r#"{ "preset": "fast", "epochs": 3 }"#).unwrap();
        let wanted = TrainConfig { epochs: 3, ..TrainConfig::preset("fast").unwrap() };
        assert_eq!(config, wanted);
        let plain = json!({ "epochs": 3 });
        assert_eq!(over_preset(plain.clone(), "").unwrap(), plain);
    }

    #[test]
    fn says_which_recipes_there_are() {
        let error = |text: &str| TrainConfig::from_json(text).unwrap_err().to_string();
        let found = error(r#"{ "preset": "slow" }"#);
        assert!(
            found.contains("`preset`: expected one of fast, best, notebook, found \"slow\""),
            "{found}"
        );
        assert!(error(r#"{ "preset": 3 }"#).contains("found 3"));
        let found = error(r#"{ "preset": "fast", "epoch": 3 }"#);
        assert!(found.contains("unknown field `epoch`"), "{found}");
        let found = error(r#"{ "preset": "fast", "optimizer": { "kind": "muon", "rate": 1 } }"#);
        assert!(found.contains("`optimizer` has no `rate`"), "{found}");
    }
}
