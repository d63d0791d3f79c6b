//! Settings written as changes to a recipe.

use serde_json::{Map, Value};

use crate::config::TrainConfig;
use crate::sweep::{SweepError, to_json};

/// `{ "preset": "fast", "epochs": 8 }` with all that the recipe says, and 8 epochs. Other settings come back as they are.
///
/// # Errors
/// [`SweepError::BadField`] for a recipe that there is not, with `field` before its name.
pub(crate) fn over_preset(given: Value, field: &str) -> Result<Value, SweepError> {
    let mut given = match given {
        Value::Object(fields) if fields.contains_key("preset") => fields,
        other => return Ok(other),
    };
    let name = given.remove("preset").unwrap_or_default();
    let Some(recipe) = name.as_str().and_then(TrainConfig::preset) else {
        let problem = format!("expected one of {}, found {name}", TrainConfig::PRESETS.join(", "));
        return Err(SweepError::BadField { field: format!("{field}preset"), problem });
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
