//! Which values a parameter may take.

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::SweepError;

/// The values that a parameter may take. In JSON an object with one field: `{ "uniform": [0.5, 0.95] }`.
///
/// The training config must accept both ends of a range.
///
/// ```
/// use keypoints_train::sweep::Space;
///
/// let space: Space = serde_json::from_str(r#"{ "log_uniform": [1e-4, 1e-2] }"#)?;
/// assert_eq!(space, Space::LogUniform([1e-4, 1e-2]));
/// assert_eq!(space.count(), None);
/// assert_eq!(Space::Integer([8, 64]).count(), Some(57));
/// # Ok::<(), serde_json::Error>(())
/// ```
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
    pub fn count(&self) -> Option<usize> {
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
            Self::Integer(ends) => ends.iter().map(|&end| end.into()).collect(),
            Self::Uniform(ends) | Self::LogUniform(ends) => {
                ends.iter().map(|&end| end.into()).collect()
            }
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

    /// Refuses ranges without room and values that stand there twice.
    pub(super) fn check(&self, name: &str) -> Result<(), SweepError> {
        let invalid = |kind: &str, expected, found: String| {
            Err(SweepError::Invalid { field: format!("parameters.{name}.{kind}"), expected, found })
        };
        match self {
            Self::Values(values) => {
                if values.is_empty() {
                    return invalid("values", "a list of at least one value", "[]".to_owned());
                }
                let twice =
                    (1..values.len()).find(|&index| values[..index].contains(&values[index]));
                if let Some(index) = twice {
                    let found = format!("a list with {} twice", values[index]);
                    return invalid("values", "a list of different values", found);
                }
            }
            Self::Integer([low, high]) => {
                if low > high {
                    let expected = "two whole numbers, the lower one first";
                    return invalid("integer", expected, format!("[{low}, {high}]"));
                }
            }
            Self::Uniform([low, high]) => {
                if low >= high || !(high - low).is_finite() {
                    let expected = "two numbers, the lower one first";
                    return invalid("uniform", expected, format!("[{low}, {high}]"));
                }
            }
            Self::LogUniform([low, high]) => {
                if *low <= 0.0 || low >= high || !(high - low).is_finite() {
                    let expected = "two numbers above 0, the lower one first";
                    return invalid("log_uniform", expected, format!("[{low}, {high}]"));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use serde_json::json;

    #[test]
    fn reads_all_kinds() {
        let read = |text| serde_json::from_str::<Space>(text);
        assert_eq!(
            read(r#"{"values":[1,"a"]}"#).unwrap(),
            Space::Values(vec![json!(1), json!("a")])
        );
        assert_eq!(read(r#"{"uniform":[0,1]}"#).unwrap(), Space::Uniform([0.0, 1.0]));
        assert_eq!(read(r#"{"integer":[8,64]}"#).unwrap(), Space::Integer([8, 64]));
        let text = read(r#"{"unifrom":[0,1]}"#).unwrap_err().to_string();
        assert!(text.contains("unknown variant `unifrom`") && text.contains("`log_uniform`"));
        assert!(read(r#"{"uniform":[0]}"#).is_err() && read(r#"{"integer":[0.5,2]}"#).is_err());
    }

    #[test]
    fn counts_and_enumerates() {
        let space = Space::Integer([-1, 1]);
        assert_eq!(space.count(), Some(3));
        let all: Vec<Value> = (0..4).filter_map(|index| space.nth(index)).collect();
        assert_eq!(all, [json!(-1), json!(0), json!(1)]);
        assert_eq!(Space::Integer([i64::MIN, i64::MAX]).count(), Some(usize::MAX));
        assert_eq!(Space::Uniform([0.0, 1.0]).nth(0), None);
    }

    #[test]
    fn draws_stay_inside_and_cover() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut below = 0;
        for _ in 0..1000 {
            let rate = Space::LogUniform([1e-4, 1e-2]).draw(&mut rng).as_f64().unwrap();
            assert!((1e-4..=1e-2).contains(&rate));
            below += usize::from(rate < 1e-3);
        }
        assert!((400..600).contains(&below), "half of the draws lie in the lower decade: {below}");
        let space = Space::Integer([3, 5]);
        let drawn: Vec<Value> = (0..100).map(|_| space.draw(&mut rng)).collect();
        assert!((3..=5).all(|value| drawn.contains(&json!(value))));
        assert!(drawn.iter().all(|value| (3..=5).contains(&value.as_i64().unwrap())));
    }

    #[test]
    fn refuses_what_has_no_room() {
        let text = |space: Space| space.check("x").unwrap_err().to_string();
        assert_eq!(
            text(Space::Uniform([0.9, 0.5])),
            "`parameters.x.uniform` must be two numbers, the lower one first, but is [0.9, 0.5]"
        );
        assert!(text(Space::Uniform([f64::NEG_INFINITY, 0.0])).contains("two numbers"));
        assert!(text(Space::LogUniform([0.0, 1.0])).contains("above 0"));
        assert!(text(Space::Integer([2, 1])).contains("whole numbers"));
        assert!(text(Space::Values(vec![])).contains("at least one"));
        assert!(text(Space::Values(vec![json!(1), json!(2), json!(1)])).contains("1 twice"));
        assert!(Space::Integer([2, 2]).check("x").is_ok());
    }
}
