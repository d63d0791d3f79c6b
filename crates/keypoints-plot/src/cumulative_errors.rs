//! How many rows are good enough: the share of rows below an error.

use std::path::Path;

use plotters::element::PathElement;
use plotters::series::DashedLineSeries;

use crate::area::px;
use crate::chart::{AxisPlan, ChartPlan};
use crate::error::PlotError;
use crate::header::{Entry, Symbol};
use crate::style::{Colour, SOFT_INK, line};
use crate::ticks;

/// One line of [`cumulative_errors`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CumulativeSeries {
    /// In the legend.
    pub name: String,
    /// Normalised mean error of each row. NaN is a row that could not be measured and does not count; infinity is a row
    /// beyond every limit.
    pub errors: Vec<f64>,
}

impl CumulativeSeries {
    /// A series with its name.
    pub fn new(name: impl Into<String>, errors: impl IntoIterator<Item = f64>) -> Self {
        Self { name: name.into(), errors: errors.into_iter().collect() }
    }
}

/// How [`cumulative_errors`] looks. The defaults call a row a face, and its unit the distance between its eyes.
#[derive(Clone, Debug, PartialEq)]
pub struct CumulativeOptions {
    /// Above the picture; none if empty.
    pub title: String,
    /// Below the picture.
    pub x_label: String,
    /// Beside the picture.
    pub y_label: String,
    /// What a row shows, in the plural: for series without an error.
    pub noun: String,
    /// Where the axis ends, above 0.
    pub limit: f64,
    /// Largest error of a row that has not failed: an upright line, and the share of failed rows in the legend.
    pub failure: Option<f64>,
    /// Width and height in pixels.
    pub size: (u32, u32),
}

impl Default for CumulativeOptions {
    fn default() -> Self {
        Self {
            title: "Faces below an error".to_owned(),
            x_label: "mean error of a face, as a share of the distance between its eyes".to_owned(),
            y_label: "share of faces".to_owned(),
            noun: "faces".to_owned(),
            limit: 0.15,
            failure: Some(0.1),
            size: (920, 540),
        }
    }
}

/// Lines need no more points than this from edge to edge.
const RESOLUTION: f64 = 1000.0;

/// Draws the cumulative distribution of errors: for each error on the x axis the share of rows that have at most this
/// error. A line that lies higher is better.
///
/// ```
/// use keypoints_plot::{CumulativeOptions, CumulativeSeries, cumulative_errors};
///
/// let series = CumulativeSeries::new("drop", [0.02, 0.03, 0.05, 0.2]);
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("cumulative.svg");
/// cumulative_errors(&path, &[series], &CumulativeOptions::default())?;
/// assert!(std::fs::read_to_string(&path)?.contains("drop, 25.0 % failed"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] if no series has an error; [`PlotError::BadOption`] if the limit is no
/// number above 0; otherwise if the picture cannot be drawn or written.
pub fn cumulative_errors(
    path: impl AsRef<Path>,
    series: &[CumulativeSeries],
    options: &CumulativeOptions,
) -> Result<(), PlotError> {
    let path = path.as_ref();
    let limit = options.limit;
    if !(limit.is_finite() && limit > 0.0) {
        let (option, expected) = ("limit", "a number above 0");
        return Err(PlotError::BadOption { path: path.to_owned(), option, expected, found: limit });
    }
    let sorted: Vec<Vec<f64>> = series.iter().map(|one| sorted(&one.errors)).collect();
    if sorted.iter().all(Vec::is_empty) {
        return Err(PlotError::NothingToDraw { path: path.to_owned(), what: "errors" });
    }
    let failure = finite(options.failure);

    let mut legend: Vec<Entry> = series
        .iter()
        .zip(&sorted)
        .enumerate()
        .map(|(index, (one, errors))| Entry {
            symbol: Symbol::Line,
            colour: Colour::series(index),
            name: format!("{}{}", one.name, failed(errors, options)),
        })
        .collect();
    if let Some(failure) = failure {
        let name = format!("failed: error above {}", ticks::significant(failure));
        legend.push(Entry { symbol: Symbol::Dashes, colour: SOFT_INK, name });
    }
    let marks = ticks::linear(0.0, limit, 10);
    let step = marks.get(1).copied().unwrap_or(limit);
    let plan = ChartPlan {
        size: options.size,
        title: &options.title,
        legend,
        x: AxisPlan {
            label: options.x_label.clone(),
            low: 0.0,
            high: limit,
            marks: marks.into_iter().map(|mark| (mark, ticks::label(mark, step))).collect(),
            grid: true,
        },
        y: AxisPlan {
            label: options.y_label.clone(),
            low: 0.0,
            high: 1.02,
            marks: (0..=5)
                .map(|fifth| f64::from(fifth) / 5.0)
                .map(|at| (at, ticks::label(at, 0.2)))
                .collect(),
            grid: true,
        },
    };
    plan.save(path, |chart| {
        if let Some(failure) = failure.filter(|failure| (0.0..=limit).contains(failure)) {
            let (ends, dash) = ([(failure, 0.0), (failure, 1.02)], px(5));
            chart.draw_series(DashedLineSeries::new(ends, dash, dash, line(SOFT_INK, 1.5)))?;
        }
        for (index, errors) in sorted.iter().enumerate().filter(|(_, errors)| !errors.is_empty()) {
            let stairs = stairs(errors, limit);
            chart.draw_series([PathElement::new(stairs, line(Colour::series(index), 2.0))])?;
        }
        Ok(())
    })
}

/// The errors that count, smallest first.
fn sorted(errors: &[f64]) -> Vec<f64> {
    let mut errors: Vec<f64> = errors.iter().copied().filter(|error| !error.is_nan()).collect();
    errors.sort_by(f64::total_cmp);
    errors
}

fn failed(errors: &[f64], options: &CumulativeOptions) -> String {
    match finite(options.failure) {
        _ if errors.is_empty() => format!(", no {}", options.noun),
        Some(failure) => {
            let count = errors.len() - errors.partition_point(|&error| error <= failure);
            format!(", {:.1} % failed", 100.0 * count as f64 / errors.len() as f64)
        }
        None => String::new(),
    }
}

fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

/// The corners of the line from the left edge to the right.
fn stairs(errors: &[f64], limit: f64) -> Vec<(f64, f64)> {
    let share = |count: usize| count as f64 / errors.len() as f64;
    let step = |error: f64| (error / limit * RESOLUTION) as i64;
    let mut corners = vec![(0.0, 0.0)];
    let mut before = 0;
    for (index, &error) in errors.iter().enumerate().take_while(|(_, error)| **error <= limit) {
        // Of rows that fall on the same place only the last one makes a step.
        let next = errors.get(index + 1).filter(|next| **next <= limit);
        if next.is_none_or(|&next| step(next) > step(error)) {
            let error = error.max(0.0);
            corners.extend([(error, share(before)), (error, share(index + 1))]);
            before = index + 1;
        }
    }
    corners.push((limit, share(before)));
    corners
}

#[cfg(test)]
mod tests;
