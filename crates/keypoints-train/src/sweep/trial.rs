//! What is known of one trial.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Dotted path into the config → value.
pub type Parameters = BTreeMap<String, Value>;

/// How far a trial is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrialState {
    /// It has a score.
    Finished,
    /// It has none and will have none: the loss was no longer a number, or nothing was there to score on.
    Failed,
    /// It was started; a process works on it, or was killed at it.
    Running,
}

/// The contents of `trial.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialRecord {
    /// Counted from 1.
    pub number: usize,
    /// How far it is.
    pub state: TrialState,
    /// What was put into the base config.
    pub parameters: Parameters,
    /// Root mean squared error in pixels on the held-out faces, weighted as the test set is where both label
    /// regimes are there; lower is better. `None` unless finished.
    pub score: Option<f64>,
    /// Time that its epochs took, validation included.
    pub seconds: f64,
    /// Training images per second over that time, where known.
    pub images_per_second: Option<f64>,
    /// Why it failed.
    pub message: Option<String>,
}

impl TrialRecord {
    /// A trial that starts now.
    pub(super) fn starting(number: usize, parameters: Parameters) -> Self {
        Self {
            number,
            state: TrialState::Running,
            parameters,
            score: None,
            seconds: 0.0,
            images_per_second: None,
            message: None,
        }
    }

    /// Its parameters in one line, numbers cut to four digits: `learning_rate=3e-4 optimizer.beta_1=0.9`.
    pub fn describe(&self) -> String {
        let one = |(name, value)| format!("{name}={}", short(value));
        self.parameters.iter().map(one).collect::<Vec<_>>().join(" ")
    }
}

/// A value for people to read: numbers with four significant digits, texts without quotes.
pub(super) fn short(value: &Value) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_read_well() {
        let cases = [
            (json!(3e-4), "3e-4"),
            (json!(0.000_418_273), "4.183e-4"),
            (json!(0.9), "0.9"),
            (json!(0.0), "0"),
            (json!(64), "64"),
            (json!("adam"), "adam"),
            (json!(null), "null"),
            (json!({ "kind": "constant" }), r#"{"kind":"constant"}"#),
        ];
        for (value, text) in cases {
            assert_eq!(short(&value), text);
        }
    }
}
