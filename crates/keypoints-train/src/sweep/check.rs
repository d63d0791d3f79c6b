//! Finding mistakes in a sweep before anything is trained.

use super::assign::{in_parameters, refused};
use super::error::SweepError;
use super::file::{SweepFile, to_json};
use super::path::get;
use super::runner::TrialRunner;
use super::search::{MAX_TRIALS, Search};
use super::space::Space;
use super::trial::Parameters;

impl SweepFile {
    /// Whether there is something to vary, all paths exist, the search makes sense and the config accepts the
    /// values: each by itself, and all together.
    pub(super) fn check(&self) -> Result<(), SweepError> {
        if self.parameters.is_empty() {
            return Err(SweepError::Invalid {
                field: "parameters".to_owned(),
                expected: "at least one path with its values",
                found: "empty".to_owned(),
            });
        }
        let base = to_json(&self.base);
        for (name, space) in &self.parameters {
            get(&base, name).map_err(in_parameters)?;
            space.check(name)?;
        }
        self.check_nesting()?;
        self.search.check(self)?;
        if !(self.validation > 0.0 && self.validation < 1.0) {
            return Err(SweepError::Invalid {
                field: "validation".to_owned(),
                expected: "above 0 and below 1",
                found: self.validation.to_string(),
            });
        }
        for probe in self.probes() {
            self.config(&probe)?;
        }
        let corners = self.corners();
        // Of more corners than a sweep may have trials, the search will hardly visit many.
        let count = Some(corners.trials()).filter(|&count| count <= MAX_TRIALS).unwrap_or(0);
        for number in 1..=count {
            self.config(&corners.propose(number, &[]))?;
        }
        Ok(())
    }

    /// Asks the runner about every value as well: a network knows more about its settings than their types do.
    pub(super) fn check_with(&self, runner: &mut dyn TrialRunner) -> Result<(), SweepError> {
        for probe in self.probes() {
            let config = self.config(&probe)?;
            runner.check(&config).map_err(|error| refused(&probe, error.to_string()))?;
        }
        Ok(())
    }

    /// Every value, or both ends of a range, of one parameter at a time.
    fn probes(&self) -> impl Iterator<Item = Parameters> {
        self.parameters.iter().flat_map(|(name, space)| {
            let probes = space.probes().into_iter();
            probes.map(move |value| Parameters::from([(name.clone(), value)]))
        })
    }

    /// The grid over every value, or both ends of a range, of all parameters.
    fn corners(&self) -> Self {
        let parameters = self.parameters.iter();
        let parameters =
            parameters.map(|(name, space)| (name.clone(), Space::Values(space.probes())));
        Self { parameters: parameters.collect(), search: Search::Grid {}, ..self.clone() }
    }

    /// Refuses `optimizer` beside `optimizer.beta_1`.
    fn check_nesting(&self) -> Result<(), SweepError> {
        for outer in self.parameters.keys() {
            let inside = format!("{outer}.");
            if let Some(inner) = self.parameters.keys().find(|name| name.starts_with(&inside)) {
                return Err(SweepError::Nested { outer: outer.clone(), inner: inner.clone() });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn error(parameters: Value) -> String {
        let search = json!({ "method": "tpe", "trials": 4 });
        let text = json!({ "parameters": parameters, "search": search }).to_string();
        SweepFile::parse(&text).unwrap_err().to_string()
    }

    #[test]
    fn mistakes_show_before_training() {
        assert!(error(json!({})).contains("`parameters` must be at least one path"));
        let unknown = error(json!({ "learning_rat": { "values": [1] } }));
        assert!(
            unknown
                .starts_with("`parameters.learning_rat`: the config has no `learning_rat`; it has")
        );
        assert!(unknown.contains("learning_rate"));
        assert!(
            error(json!({ "schedule.rise": { "uniform": [0.1, 1.5] } }))
                .contains("= 1.5 is refused")
        );
        assert!(error(json!({ "batch_size": { "uniform": [8, 64] } })).contains("invalid type"));
        let nested = error(json!({
            "optimizer": { "values": [{ "kind": "adam" }] },
            "optimizer.beta_1": { "values": [0.9] },
        }));
        assert_eq!(
            nested,
            "`parameters.optimizer.beta_1` lies inside `parameters.optimizer`: vary one of them"
        );
    }

    #[test]
    fn combinations_are_checked_together() {
        // Each is fine by itself, but a constant rate has no `rise`.
        let parameters = json!({
            "schedule.kind": { "values": ["one_cycle", "constant"] },
            "schedule.rise": { "values": [0.3] },
        });
        let error = error(parameters);
        assert!(error.contains("parameters.schedule.kind, parameters.schedule.rise"), "{error}");
        assert!(error.contains("constant, 0.3"), "{error}");
    }
}
