//! Which values a parameter may take.

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{StudyError, require};

/// The values that a parameter may take. In JSON an object with one field: `{ "uniform": [0.5, 0.95] }`.
///
/// The training config must accept both ends of a range. [`Samples`](crate::Samples) has an example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Space {
    /// These, all equally likely: numbers, texts, or whole objects such as a schedule.
    Values(Vec<Value>),
    /// Any number of this range, all equally likely.
    Uniform([f64; 2]),
    /// Any number of this range above 0, all orders of magnitude equally likely.
    LogUniform([f64; 2]),
    /// Any whole number of this range, both ends included, all equally likely.
    Integer([i64; 2]),
}

impl Space {
    /// How many values there are; `None` for the continuous ranges.
    pub(super) fn count(&self) -> Option<usize> {
        match self {
            Self::Values(values) => Some(values.len()),
            Self::Integer([low, high]) => {
                let count = i128::from(*high) - i128::from(*low) + 1;
                Some(usize::try_from(count.max(0)).unwrap_or(usize::MAX))
            }
            Self::Uniform(_) | Self::LogUniform(_) => None,
        }
    }

    /// The value at a position, counted from 0; `None` past the end and for the continuous ranges.
    pub(super) fn nth(&self, index: usize) -> Option<Value> {
        match self {
            Self::Values(values) => values.get(index).cloned(),
            Self::Integer([low, high]) => {
                let value = low.checked_add(i64::try_from(index).ok()?)?;
                (value <= *high).then(|| value.into())
            }
            Self::Uniform(_) | Self::LogUniform(_) => None,
        }
    }

    /// The values that stand for all when a config is asked whether it accepts them.
    pub(super) fn probes(&self) -> Vec<Value> {
        match self {
            Self::Values(values) => values.clone(),
            Self::Integer(ends) => ends.map(Value::from).to_vec(),
            Self::Uniform(ends) | Self::LogUniform(ends) => ends.map(Value::from).to_vec(),
        }
    }

    /// Draws a value.
    pub(super) fn draw(&self, rng: &mut impl Rng) -> Value {
        match self {
            Self::Values(values) => {
                values.get(rng.random_range(0..values.len().max(1))).cloned().unwrap_or_default()
            }
            Self::Integer([low, high]) => rng.random_range(*low..=*high).into(),
            Self::Uniform([low, high]) => (low + (high - low) * rng.random::<f64>()).into(),
            Self::LogUniform([low, high]) => {
                let (from, to) = (low.ln(), high.ln());
                // Rounding in the logarithm must not leave the range.
                (from + (to - from) * rng.random::<f64>()).exp().clamp(*low, *high).into()
            }
        }
    }

    /// Refuses ranges without room and values that stand there twice. `field` is the parameter's path in the study.
    pub(super) fn check(&self, field: &str) -> Result<(), StudyError> {
        let range = |kind: &str, low: f64, high: f64, expected, fits: bool| {
            require(fits, format!("{field}.{kind}"), expected, format_args!("[{low}, {high}]"))
        };
        match self {
            Self::Values(values) => {
                let field = format!("{field}.values");
                require(!values.is_empty(), field.as_str(), "a list of at least one value", "[]")?;
                values.iter().enumerate().try_for_each(|(at, value)| {
                    let found = format!("a list with {value} twice");
                    let fits = !values[..at].contains(value);
                    require(fits, field.as_str(), "a list of different values", found)
                })
            }
            &Self::Integer([low, high]) => {
                let expected = "two whole numbers, the lower one first";
                range("integer", low as f64, high as f64, expected, low <= high)
            }
            &Self::Uniform([low, high]) => {
                let fits = low < high && (high - low).is_finite();
                range("uniform", low, high, "two numbers, the lower one first", fits)
            }
            &Self::LogUniform([low, high]) => {
                let fits = low > 0.0 && low < high && (high - low).is_finite();
                let expected = "two numbers above 0, the lower one first";
                range("log_uniform", low, high, expected, fits)
            }
        }
    }
}
