//! Values at dotted paths.

use std::collections::BTreeMap;

use serde_json::Value;

/// Dotted path into the JSON of a config → its value: `optimizer.beta_1` → 0.9.
pub type Parameters = BTreeMap<String, Value>;

/// Returns the parameters in one line, numbers cut to four digits: `learning_rate=3e-4 optimizer.beta_1=0.9`.
pub fn describe(parameters: &Parameters) -> String {
    let one = |(name, value)| format!("{name}={}", short(value));
    parameters.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Returns a value for people to read: numbers with four significant digits, texts without quotes.
pub fn short(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => {
            let number = number.as_f64().unwrap_or(f64::NAN);
            let rounded: f64 = format!("{number:.3e}").parse().unwrap_or(number);
            let plain = rounded == 0.0 || (1e-3..1e6).contains(&rounded.abs());
            if plain { rounded.to_string() } else { format!("{rounded:e}") }
        }
        other => other.to_string(),
    }
}
