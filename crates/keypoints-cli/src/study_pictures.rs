//! The pictures of a study.

use std::path::{Path, PathBuf};

use keypoints_core::FAILURE_THRESHOLD;
use keypoints_plot::{
    CumulativeOptions, CumulativeSeries, ErrorOptions, ErrorSeries, ScoreOptions, ScoreRow,
    SweepOptions, SweepParameter, SweepTrial, cumulative_errors, keypoint_errors, score_dots,
    sweep_scatter,
};
use keypoints_study::{SCORE, Summary, SummaryRow};
use serde_json::Value;

use crate::pictures::{both, create};

/// Keypoint bars are drawn for at most so many rows: more are not told apart.
const SERIES: usize = 4;

/// Values that span more than this factor are drawn on a logarithmic axis.
const FACTOR: f64 = 8.0;

/// Draws a study into its `pictures/`, as PNG and SVG: `trials` (a panel per parameter, a dot per trial) for a search, otherwise
/// `scores` (a row per change), `cumulative` (share of faces below an error) and `keypoints` (error per keypoint of the best few).
/// Returns the files; none where no cell has scores.
///
/// # Errors
/// With the file that cannot be written.
pub fn draw_study(folder: &Path, summary: &Summary) -> anyhow::Result<Vec<PathBuf>> {
    if summary.best().is_none() {
        return Ok(Vec::new());
    }
    let folder = folder.join("pictures");
    create(&folder)?;
    match summary.parameters.is_empty() {
        true => draw_rows(&folder, summary),
        false => draw_trials(&folder, summary),
    }
}

fn draw_rows(folder: &Path, summary: &Summary) -> anyhow::Result<Vec<PathBuf>> {
    let mut rows: Vec<&SummaryRow> = summary.rows.iter().filter(|row| row.finished > 0).collect();
    let score = |row: &SummaryRow| row.score().unwrap_or(f64::INFINITY);
    rows.sort_by(|a, b| score(a).total_cmp(&score(b)));
    let dots: Vec<ScoreRow> = rows
        .iter()
        .map(|row| ScoreRow::new(name(row), row.raw().values).and(row.clean().values))
        .collect();
    let options = ScoreOptions {
        title: format!("{} on held-out faces", SCORE),
        x_label: "lower is better".to_owned(),
        series: vec!["all rows".to_owned(), "without suspicious rows".to_owned()],
        ..Default::default()
    };
    let mut files = both(folder, "scores", |path| score_dots(path, &dots, &options))?;

    let curves: Vec<CumulativeSeries> = rows
        .iter()
        .map(|row| CumulativeSeries::new(name(row), row.face_errors.iter().copied()))
        .collect();
    let options = CumulativeOptions {
        title: "Faces below an error".to_owned(),
        limit: 1.5 * FAILURE_THRESHOLD,
        failure: Some(FAILURE_THRESHOLD),
        ..Default::default()
    };
    files.extend(both(folder, "cumulative", |path| cumulative_errors(path, &curves, &options))?);

    let series = |row: &&SummaryRow| {
        let errors = row.per_keypoint.iter();
        let errors =
            errors.filter_map(|(keypoint, error)| Some((keypoint.to_owned(), error.mean?)));
        ErrorSeries::new(name(row), errors.collect())
    };
    let series: Vec<ErrorSeries> = rows.iter().take(SERIES).map(series).collect();
    let title = "Error per keypoint, the lowest scores".to_owned();
    let options = ErrorOptions { title, ..Default::default() };
    files.extend(both(folder, "keypoints", |path| keypoint_errors(path, &series, &options))?);
    Ok(files)
}

fn name(row: &SummaryRow) -> String {
    row.name.replace('_', " ")
}

fn draw_trials(folder: &Path, summary: &Summary) -> anyhow::Result<Vec<PathBuf>> {
    let axes: Vec<Axis> = summary.parameters.iter().map(|name| Axis::of(name, summary)).collect();
    let parameters: Vec<SweepParameter> = axes.iter().map(|axis| axis.parameter.clone()).collect();
    let trial = |row: &SummaryRow| {
        let value = |(axis, name): (&Axis, &String)| axis.value(row.set.get(name));
        let values: Vec<f64> = axes.iter().zip(&summary.parameters).map(value).collect();
        let trial = SweepTrial::new(values, row.score().unwrap_or(f64::NAN));
        trial.numbered(row.name.parse().unwrap_or_default())
    };
    let trials: Vec<SweepTrial> = summary.rows.iter().map(trial).collect();
    let options = SweepOptions {
        title: "Trials by parameter".to_owned(),
        y_label: SCORE.to_owned(),
        ..Default::default()
    };
    both(folder, "trials", |path| sweep_scatter(path, &parameters, &trials, &options))
}

/// A parameter, and for one that is not a number, the texts that its values stand for.
struct Axis {
    parameter: SweepParameter,
    choices: Vec<String>,
}

impl Axis {
    fn of(name: &str, summary: &Summary) -> Self {
        let values: Vec<&Value> = summary.rows.iter().filter_map(|row| row.set.get(name)).collect();
        let numbers: Option<Vec<f64>> = values.iter().map(|value| value.as_f64()).collect();
        if let Some(numbers) = numbers {
            let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
            let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let parameter = match low > 0.0 && high / low > FACTOR {
                true => SweepParameter::logarithmic(name),
                false => SweepParameter::linear(name),
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
        match self.choices.iter().position(|one| *one == text(value)) {
            Some(index) => index as f64,
            None => value.as_f64().unwrap_or(f64::NAN),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
