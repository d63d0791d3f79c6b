//! From parameters to a training config.

use serde_json::Value;

use super::error::SweepError;
use super::file::{SweepFile, to_json};
use super::path::{first_lost, get, set};
use super::trial::{Parameters, short};
use crate::config::TrainConfig;

impl SweepFile {
    /// The base config with the parameters put in.
    ///
    /// # Errors
    /// [`SweepError::UnknownPath`] where the config has no such field, [`SweepError::Refused`] where it has and
    /// does not take the value.
    ///
    /// ```
    /// use keypoints_train::sweep::{Parameters, SweepFile};
    ///
    /// let file = SweepFile::parse(r#"{
    ///     "parameters": { "schedule.rise": { "uniform": [0.1, 0.5] } },
    ///     "search": { "method": "random", "trials": 4 }
    /// }"#)?;
    /// let parameters = Parameters::from([("schedule.rise".to_owned(), 0.25.into())]);
    /// let config = file.config(&parameters)?;
    /// assert_eq!(config.schedule, keypoints_train::Schedule::OneCycle { rise: 0.25 });
    /// # Ok::<(), keypoints_train::sweep::SweepError>(())
    /// ```
    pub fn config(&self, parameters: &Parameters) -> Result<TrainConfig, SweepError> {
        assign(&self.base, parameters).map_err(in_parameters)
    }
}

/// A config with other values at some dotted paths. Another network or optimizer takes rate and loss along, unless they are among
/// the values: see [`TrainConfig::take_along`].
pub(crate) fn assign(
    base: &TrainConfig,
    parameters: &Parameters,
) -> Result<TrainConfig, SweepError> {
    let mut json = to_json(base);
    for (name, value) in parameters {
        get(&json, name)?;
        set(&mut json, name, value.clone());
    }
    let refused = |reason: String| refused(parameters, reason);
    let mut config: TrainConfig =
        serde_json::from_value(json).map_err(|error| refused(error.to_string()))?;
    let said = |field: &str| {
        parameters.keys().any(|name| name.split('.').next().is_some_and(|first| first == field))
    };
    config.take_along(base, said);
    let kept = to_json(&config);
    for (name, value) in parameters {
        let kept = get(&kept, name).map_err(|error| refused(error.to_string()))?;
        first_lost(value, kept, name).map_err(|error| refused(error.to_string()))?;
    }
    config.check().map_err(|error| refused(error.to_string()))?;
    Ok(config)
}

/// The config takes the parameters apart and not together, or there is only one of them.
pub(super) fn refused(parameters: &Parameters, reason: String) -> SweepError {
    let all = |part: &dyn Fn(&str, &Value) -> String| {
        let parts = parameters.iter().map(|(name, value)| part(name, value));
        parts.collect::<Vec<_>>().join(", ")
    };
    SweepError::Refused {
        field: all(&|name, _| format!("parameters.{name}")),
        value: all(&|_, value| short(value)),
        reason,
    }
}

/// Lets the path of an error start at the sweep file's root.
pub(super) fn in_parameters(error: SweepError) -> SweepError {
    match error {
        SweepError::UnknownPath { field, parent, name, known } => {
            SweepError::UnknownPath { field: format!("parameters.{field}"), parent, name, known }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizer::OptimizerConfig;
    use crate::schedule::Schedule;
    use keypoints_models::NetworkConfig;
    use serde_json::json;

    fn file() -> SweepFile {
        let text =
            r#"{ "parameters": { "seed": { "values": [1] } }, "search": { "method": "grid" } }"#;
        SweepFile::parse(text).unwrap()
    }

    fn with(name: &str, value: Value) -> Result<TrainConfig, SweepError> {
        file().config(&Parameters::from([(name.to_owned(), value)]))
    }

    #[test]
    fn every_kind_of_field_can_be_set() {
        assert_eq!(with("learning_rate", json!(0.01)).unwrap().learning_rate, 0.01);
        assert_eq!(with("epochs", json!(3)).unwrap().epochs, 3);
        assert_eq!(with("early_stopping", json!(4)).unwrap().early_stopping, Some(4));
        assert_eq!(with("early_stopping", json!(null)).unwrap().early_stopping, None);
        let NetworkConfig::SimpleCnn(network) =
            with("network.dropout", json!(0.5)).unwrap().network
        else {
            panic!("another network")
        };
        assert_eq!(network.dropout, 0.5);
        let config = with("network.channels.1", json!(7)).unwrap();
        let NetworkConfig::SimpleCnn(network) = config.network else { panic!("another network") };
        assert_eq!(network.channels, [64, 7, 256]);
        let optimizer = with("optimizer.beta_1", json!(0.5)).unwrap().optimizer;
        let OptimizerConfig::Adam { beta_1, beta_2, .. } = optimizer else { panic!("not Adam") };
        assert_eq!((beta_1, beta_2), (0.5, 0.999));
        let schedule = with("schedule.rise", json!(0.1)).unwrap().schedule;
        assert_eq!(schedule, Schedule::OneCycle { rise: 0.1 });
        // A whole nested value, and the tag alone.
        let schedule =
            with("schedule", json!({ "kind": "cosine", "warmup": 0.2 })).unwrap().schedule;
        assert_eq!(schedule, Schedule::Cosine { warmup: 0.2 });
        let optimizer = with("optimizer.kind", json!("adam_w")).unwrap().optimizer;
        assert!(matches!(optimizer, OptimizerConfig::AdamW { .. }));
    }

    #[test]
    fn rate_and_loss_go_along_unless_they_are_named() {
        let base = TrainConfig::preset("fast").unwrap();
        let set = |pairs: &[(&str, Value)]| {
            let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
            assign(&base, &pairs.collect()).unwrap()
        };
        let simple = ("network", json!({ "network": "simple_cnn" }));
        let config = set(std::slice::from_ref(&simple));
        let network = NetworkConfig::by_name("simple_cnn").unwrap();
        assert_eq!(config, base.clone().with_network(network));
        let config = set(&[simple, ("learning_rate", json!(0.5))]);
        assert_eq!(config.learning_rate, 0.5);
        let adam = json!({ "kind": "adam_w" });
        assert!((set(&[("optimizer", adam)]).learning_rate - 0.003).abs() < 1e-9);
    }

    #[test]
    fn what_was_not_named_stays() {
        let config = with("optimizer.beta_1", json!(0.5)).unwrap();
        let rest = TrainConfig { optimizer: TrainConfig::default().optimizer, ..config };
        assert_eq!(rest, TrainConfig::default());
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_name() {
        let text = |name, value| with(name, value).unwrap_err().to_string();
        let unknown = text("optimizer.beta1", json!(0.5));
        assert!(
            unknown.starts_with("`parameters.optimizer.beta1`: `optimizer` has no `beta1`; it has")
        );
        assert!(unknown.contains("beta_1") && unknown.contains("kind"));
        let kind = text("batch_size", json!(1.5));
        assert!(
            kind.starts_with("`parameters.batch_size` = 1.5 is refused: invalid type"),
            "{kind}"
        );
        assert_eq!(
            text("batch_size", json!(0)),
            "`parameters.batch_size` = 0 is refused: `batch_size` must be at least 1, but is 0"
        );
        let lost = text("schedule", json!({ "kind": "cosine", "warmup": 0.1, "rise": 0.3 }));
        assert!(lost.contains("`schedule` has no `rise`"), "{lost}");
        assert!(text("network.network", json!("nothing")).contains("unknown variant"));
    }
}
