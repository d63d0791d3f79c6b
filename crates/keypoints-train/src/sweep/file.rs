//! The sweep file.

use std::collections::BTreeMap;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::error::SweepError;
use super::path::{first_lost, join};
use super::search::Search;
use super::space::Space;
use crate::config::TrainConfig;
use crate::preset::over_preset;

/// The fields of a sweep file.
const FIELDS: [&str; 5] = ["base", "parameters", "search", "seed", "validation"];

/// What to vary, around what, and how; the [module](super) shows it as JSON.
///
/// One that was made by hand rather than read is checked by [`Sweep::new`](super::Sweep::new).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SweepFile {
    /// The settings that all trials share.
    pub base: TrainConfig,
    /// Dotted path into the config's JSON → the values to try.
    pub parameters: BTreeMap<String, Space>,
    /// In which order.
    pub search: Search,
    /// Decides the held-out faces and the random numbers of the search.
    pub seed: u64,
    /// Share of the faces held out, above 0 and below 1.
    pub validation: f64,
}

impl SweepFile {
    /// Reads and checks a sweep file.
    ///
    /// # Errors
    /// [`SweepError::Io`], or [`SweepError::InFile`] with the file and what is wrong in it: see
    /// [`SweepFile::parse`].
    ///
    /// ```
    /// use keypoints_train::sweep::SweepFile;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("sweep.json");
    /// std::fs::write(&path, r#"{ "search": { "method": "grid" } }"#)?;
    /// let error = SweepFile::read(&path).unwrap_err().to_string();
    /// assert!(error.ends_with("sweep.json: `parameters` must be given, but is missing"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn read(path: &Path) -> Result<Self, SweepError> {
        let text = std::fs::read_to_string(path).map_err(SweepError::io(path, "read"))?;
        Self::parse(&text).map_err(SweepError::in_file(path))
    }

    /// Reads and checks the text of a sweep file: every path must exist, and the config must accept every value,
    /// or both ends of a range.
    ///
    /// # Errors
    /// The first mistake, with its field: see [`SweepError`].
    ///
    /// ```
    /// use keypoints_train::sweep::SweepFile;
    ///
    /// let error = SweepFile::parse(r#"{
    ///     "parameters": { "schedule.warmup": { "uniform": [0.0, 0.5] } },
    ///     "search": { "method": "random", "trials": 4 }
    /// }"#).unwrap_err();
    /// let text = "`parameters.schedule.warmup`: `schedule` has no `warmup`; it has kind, rise";
    /// assert_eq!(error.to_string(), text);
    /// ```
    pub fn parse(text: &str) -> Result<Self, SweepError> {
        let mut fields: Map<String, Value> = serde_json::from_str(text)
            .map_err(|error| SweepError::NotJson { found: error.to_string() })?;
        if let Some(name) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
            return Err(SweepError::BadField {
                field: name.clone(),
                problem: format!("there is no such field; a sweep has {}", FIELDS.join(", ")),
            });
        }
        let given = fields.remove("base").unwrap_or_else(|| Map::new().into());
        let given = over_preset(given, "base")?;
        let base = read_field("base", given.clone())?;
        first_lost(&given, &to_json(&base), "base")?;

        let parameters: Map<String, Value> = required(&mut fields, "parameters")?;
        let parameters = parameters
            .into_iter()
            .map(|(name, space)| {
                let space = read_field(&join("parameters", &name), space)?;
                Ok((name, space))
            })
            .collect::<Result<BTreeMap<String, Space>, SweepError>>()?;
        let file = Self {
            base,
            parameters,
            search: required(&mut fields, "search")?,
            seed: optional(&mut fields, "seed")?.unwrap_or(42),
            validation: optional(&mut fields, "validation")?.unwrap_or(0.2),
        };
        file.check()?;
        Ok(file)
    }
}

/// The JSON of something that has one: our own settings, whose serialisation does not fail.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn read_field<T: DeserializeOwned>(field: &str, value: Value) -> Result<T, SweepError> {
    serde_json::from_value(value).map_err(|error| SweepError::BadField {
        field: field.to_owned(),
        problem: error.to_string(),
    })
}

fn optional<T: DeserializeOwned>(
    fields: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<T>, SweepError> {
    fields.remove(name).map(|value| read_field(name, value)).transpose()
}

fn required<T: DeserializeOwned>(
    fields: &mut Map<String, Value>,
    name: &str,
) -> Result<T, SweepError> {
    optional(fields, name)?.ok_or_else(|| SweepError::Invalid {
        field: name.to_owned(),
        expected: "given",
        found: "missing".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        SweepFile::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let text = r#"{ "parameters": { "seed": { "values": [1, 2, 3] } }, "search": { "method": "grid" } }"#;
        let file = SweepFile::parse(text).unwrap();
        assert_eq!((file.seed, file.validation, file.trials()), (42, 0.2, 3));
        assert_eq!(file.base, TrainConfig::default());
        let again: SweepFile = serde_json::from_value(to_json(&file)).unwrap();
        assert_eq!(again, file);
    }

    #[test]
    fn mistakes_name_their_field() {
        assert!(error("[1]").starts_with("a JSON object with a sweep expected, but invalid type"));
        assert!(error("{ \"base\": {},,}").contains("line 1 column"));
        assert_eq!(
            error(r#"{ "parameter": {} }"#),
            "`parameter`: there is no such field; a sweep has base, parameters, search, seed, validation"
        );
        assert!(
            error(r#"{ "base": { "epoch": 3 } }"#).starts_with("`base`: unknown field `epoch`")
        );
        // Serde alone would skip this one in silence.
        let nested =
            error(r#"{ "base": { "network": { "network": "simple_cnn", "dropuot": 0.1 } } }"#);
        assert!(
            nested.starts_with("`base.network.dropuot`: `base.network` has no `dropuot`; it has")
        );
        let space = error(r#"{ "parameters": { "seed": { "unifrom": [1, 2] } } }"#);
        assert!(space.starts_with("`parameters.seed`: unknown variant `unifrom`, expected one of"));
        assert_eq!(
            error(r#"{ "parameters": { "seed": { "values": [1] } } }"#),
            "`search` must be given, but is missing"
        );
        let rest = r#""parameters": { "seed": { "values": [1] } }, "search": { "method": "grid" }"#;
        assert_eq!(
            error(&format!(r#"{{ {rest}, "validation": 1.0 }}"#)),
            "`validation` must be above 0 and below 1, but is 1"
        );
        assert!(
            error(&format!(r#"{{ {rest}, "seed": -1 }}"#)).starts_with("`seed`: invalid value")
        );
    }
}
