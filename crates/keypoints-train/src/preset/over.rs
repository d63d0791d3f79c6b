//! Settings written as changes to a recipe.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::merge::merge;
use crate::config::TrainConfig;
use crate::sweep::{SweepError, first_lost, join, to_json};

/// Settings from JSON, which refuses fields that there are not, nested ones too. `base` is the name of the field with the settings of a
/// training, which may be changes to a recipe; with an empty name all of them are. With the JSON, in which that field is whole.
///
/// # Errors
/// [`SweepError::BadField`] with the field, or `what` where it is not known.
pub(crate) fn read_settings<T: Serialize + DeserializeOwned>(
    text: &str,
    what: &str,
    base: &str,
) -> Result<(T, Value), SweepError> {
    let bad = |error: serde_json::Error| {
        let (field, problem) = (what.to_owned(), error.to_string());
        SweepError::BadField { field, problem }
    };
    let mut given: Value = serde_json::from_str(text).map_err(bad)?;
    let training = if base.is_empty() { Some(&mut given) } else { given.get_mut(base) };
    if training.as_ref().is_none_or(|training| training.get("preset").is_none()) {
        // Errors about the text know line and column.
        serde_json::from_str::<T>(text).map_err(bad)?;
    }
    if let Some(training) = training {
        *training = over_preset(training.take(), base)?;
    }
    if let Value::Object(fields) = &given {
        each_alone::<T>(fields, "")?;
    }
    let settings: T = serde_json::from_value(given.clone()).map_err(bad)?;
    first_lost(&given, &to_json(&settings), "")?;
    Ok((settings, given))
}

/// `{ "preset": "fast", "epochs": 8 }` with all that the recipe says, and 8 epochs. What is nested is [merged](merge). Where network or
/// optimizer change, rate and loss are as `with_network` and `with_optimizer` have them, unless they are given.
/// Settings without a recipe are changes to the defaults, and errors about them are left to whoever reads them.
///
/// # Errors
/// [`SweepError::BadField`] for a recipe that there is not, and for a field that cannot be so, as ones of the field `base`.
pub(crate) fn over_preset(given: Value, base: &str) -> Result<Value, SweepError> {
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
        return Err(SweepError::BadField { field: join(base, "preset"), problem });
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

/// Settings with the rate and the loss that a recipe has with their network and optimizer, except what was given. Settings that cannot be
/// read stay as they are.
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

/// Refuses a field that `T`, which has a default for every other one, does not take: serde's errors about a value do not say which it is.
fn each_alone<T: DeserializeOwned>(
    fields: &Map<String, Value>,
    base: &str,
) -> Result<(), SweepError> {
    for (name, value) in fields {
        let alone = Map::from_iter([(name.clone(), value.clone())]);
        if let Err(error) = serde_json::from_value::<T>(alone.into()) {
            let (field, problem) = (join(base, name), error.to_string());
            return Err(SweepError::BadField { field, problem });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::augment::AugmentConfig;
    use crate::loss::LossConfig;
    use crate::optimizer::OptimizerConfig;
    use crate::study::StudyConfig;
    use crate::sweep::SweepFile;
    use keypoints_models::NetworkConfig;
    use serde_json::json;

    fn fast() -> TrainConfig {
        TrainConfig::preset("fast").unwrap()
    }

    fn read(settings: Value) -> TrainConfig {
        TrainConfig::from_json(&settings.to_string()).unwrap()
    }

    #[test]
    fn a_recipe_but_for_what_is_said() {
        let config = read(json!({ "preset": "fast", "epochs": 3 }));
        assert_eq!(config, TrainConfig { epochs: 3, ..fast() });
        let plain = json!({ "epochs": 3 });
        assert_eq!(TrainConfig { epochs: 3, ..Default::default() }, read(plain));

        // What is nested is the recipe's, too.
        let config = read(json!({ "preset": "fast", "augment": { "rotation": 10 } }));
        let augment = AugmentConfig { rotation: 10.0, ..fast().augment };
        assert_eq!(config, TrainConfig { augment, ..fast() });
        let config = read(json!({ "preset": "fast", "optimizer": { "weight_decay": 0.3 } }));
        let optimizer = fast().optimizer.with_weight_decay(0.3);
        assert_eq!(config, TrainConfig { optimizer, ..fast() });
    }

    #[test]
    fn what_has_to_go_along_does_unless_it_is_said() {
        let adam = read(json!({ "preset": "fast", "optimizer": { "kind": "adam_w" } }));
        let adam_w = OptimizerConfig::adam_w().with_weight_decay(0.05);
        assert_eq!(adam, fast().with_optimizer(adam_w));
        let simple = read(json!({ "preset": "fast", "network": { "network": "simple_cnn" } }));
        assert_eq!(simple, fast().with_network(NetworkConfig::by_name("simple_cnn").unwrap()));
        let said = read(json!({
            "preset": "fast", "network": { "network": "simple_cnn" }, "loss": { "kind": "mse" }, "learning_rate": 0.5,
        }));
        assert_eq!((said.loss, said.learning_rate), (LossConfig::Mse, 0.5));
        // Without a recipe it is the notebook's.
        let changes =
            json!({ "network": { "network": "compact" }, "optimizer": { "kind": "muon" } });
        let mut named = changes.clone();
        named["preset"] = json!("notebook");
        let compact = NetworkConfig::by_name("compact").unwrap();
        let wanted =
            TrainConfig::default().with_network(compact).with_optimizer(OptimizerConfig::muon());
        assert_eq!((read(changes), read(named)), (wanted.clone(), wanted));
    }

    #[test]
    fn studies_and_sweeps_have_recipes_for_a_base() {
        let text = r#"{ "base": { "preset": "fast", "epochs": 2 } }"#;
        let study = StudyConfig::from_json(text).unwrap();
        assert_eq!(study.base, TrainConfig { epochs: 2, ..fast() });
        let cells = study.cells().unwrap();
        assert!(cells.iter().all(|cell| cell.config.network == fast().network));
        let sweep = |preset: &str| {
            SweepFile::parse(&format!(
                r#"{{ "base": {{ "preset": "{preset}" }}, "parameters": {{ "seed": {{ "values": [1] }} }}, "search": {{ "method": "grid" }} }}"#
            ))
        };
        assert_eq!(sweep("best").unwrap().base, TrainConfig::preset("best").unwrap());
        let error = sweep("slow").unwrap_err().to_string();
        assert!(error.starts_with("`base.preset`: expected one of fast, best"), "{error}");
    }

    #[test]
    fn says_which_field_is_wrong() {
        let error = |text: &str| TrainConfig::from_json(text).unwrap_err().to_string();
        let of_study = |text: &str| StudyConfig::from_json(text).unwrap_err().to_string();
        for (found, wanted) in [
            (
                error(r#"{ "preset": "slow" }"#),
                "`preset`: expected one of fast, best, notebook, found \"slow\"",
            ),
            (error(r#"{ "preset": 3 }"#), "found 3"),
            (error(r#"{ "preset": "fast", "epoch": 3 }"#), "`epoch`: unknown field `epoch`"),
            (error(r#"{ "preset": "fast", "epochs": "8" }"#), "`epochs`: invalid type"),
            (
                error(r#"{ "preset": "fast", "optimizer": { "kind": "muon", "rate": 1 } }"#),
                "`optimizer` has no `rate`",
            ),
            (
                of_study(r#"{ "base": { "preset": "fast", "epochs": "8" } }"#),
                "`base.epochs`: invalid type",
            ),
            (
                of_study(r#"{ "base": { "preset": "fast" }, "folds": "5" }"#),
                "`folds`: invalid type",
            ),
        ] {
            assert!(found.contains(wanted), "{found}");
        }
    }
}
