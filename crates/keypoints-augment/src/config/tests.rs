use serde_json::{Value, json};

use super::*;

/// The path of every number in a config, as [`Value::pointer`] takes it.
fn numbers(config: &Value, path: &str) -> Vec<String> {
    match config {
        Value::Object(fields) => {
            let below = |(name, value)| numbers(value, &format!("{path}/{name}"));
            fields.iter().flat_map(below).collect()
        }
        _ => vec![path.to_owned()],
    }
}

fn with(path: &str, number: Value) -> Result<AugmentConfig, String> {
    let mut config = json!(AugmentConfig::none());
    *config.pointer_mut(path).unwrap() = number;
    let config: AugmentConfig = serde_json::from_value(config).map_err(|e| e.to_string())?;
    config.check().map(|()| config).map_err(|e| e.to_string())
}

#[test]
fn every_number_has_a_range() {
    let paths = numbers(&json!(AugmentConfig::none()), "");
    assert!(paths.contains(&"/cutout/size".to_owned()), "{paths:?}");
    for path in paths {
        for number in [-1, 1_000_000] {
            assert!(with(&path, json!(number)).is_err(), "{path} may be {number}");
        }
    }
}

#[test]
fn only_a_strength_turns_a_step_on() {
    assert!(AugmentConfig::none().is_none() && !AugmentConfig::standard().is_none());
    for path in numbers(&json!(AugmentConfig::none()), "") {
        // In the range of every number, and the default of none.
        let number = if path == "/elastic/grid" { json!(2) } else { json!(1.0 + 1.0 / 64.0) };
        let number = with(&path, number).or_else(|_| with(&path, json!(0.125))).unwrap();
        let is_strength = !["/elastic/grid", "/cutout/size"].contains(&&*path);
        assert_eq!(number.is_none(), !is_strength, "{path}");
    }
}
