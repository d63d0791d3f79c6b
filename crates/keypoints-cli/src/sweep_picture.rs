//! The trials of a sweep as a picture.

use std::path::{Path, PathBuf};

use keypoints_plot::{SweepOptions, SweepParameter, SweepTrial, sweep_scatter};
use keypoints_train::sweep::SweepResults;
use serde_json::Value;

use crate::pictures::both;

/// Values that span more than this factor are drawn on a logarithmic axis.
const FACTOR: f64 = 8.0;

/// Draws `results.png` and `results.svg` into the sweep's folder: a panel per parameter, a dot per trial. Returns the files; none
/// where no trial has a score yet.
///
/// # Errors
/// With the file that cannot be written.
pub fn draw_sweep(folder: &Path, results: &SweepResults) -> anyhow::Result<Vec<PathBuf>> {
    if results.best().is_none() {
        return Ok(Vec::new());
    }
    let axes: Vec<Axis> = results.parameters.iter().map(|name| Axis::of(name, results)).collect();
    let parameters: Vec<SweepParameter> = axes.iter().map(|axis| axis.parameter.clone()).collect();
    let trials: Vec<SweepTrial> = results
        .trials
        .iter()
        .map(|trial| {
            let value = |(axis, name): (&Axis, &String)| axis.value(trial.parameters.get(name));
            let values: Vec<f64> = axes.iter().zip(&results.parameters).map(value).collect();
            SweepTrial::new(values, trial.score.unwrap_or(f64::NAN)).numbered(trial.number)
        })
        .collect();
    let options = SweepOptions {
        title: "Trials by parameter".to_owned(),
        y_label: "weighted RMSE, px".to_owned(),
        ..Default::default()
    };
    both(folder, "results", |path| sweep_scatter(path, &parameters, &trials, &options))
}

/// A parameter, and for one that is not a number, the texts that its values stand for.
struct Axis {
    parameter: SweepParameter,
    choices: Vec<String>,
}

impl Axis {
    fn of(name: &str, results: &SweepResults) -> Self {
        let values: Vec<&Value> =
            results.trials.iter().filter_map(|trial| trial.parameters.get(name)).collect();
        let numbers: Option<Vec<f64>> = values.iter().map(|value| value.as_f64()).collect();
        if let Some(numbers) = numbers {
            let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
            let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let parameter = if low > 0.0 && high / low > FACTOR {
                SweepParameter::logarithmic(name)
            } else {
                SweepParameter::linear(name)
            };
            return Self { parameter, choices: Vec::new() };
        }
        let mut choices: Vec<String> = values.into_iter().map(text).collect();
        choices.sort();
        choices.dedup();
        Self { parameter: SweepParameter::choice(name, choices.clone()), choices }
    }

    fn value(&self, value: Option<&Value>) -> f64 {
        let Some(value) = value else { return f64::NAN };
        let choice = || self.choices.iter().position(|one| *one == text(value));
        match choice() {
            Some(index) => index as f64,
            None => value.as_f64().unwrap_or(f64::NAN),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
