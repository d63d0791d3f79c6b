//! Which keypoints are hard: error per keypoint.

use std::path::Path;

use keypoints_core::{Named, PictureShape};
use plotters::element::{EmptyElement, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::area::px;
use crate::chart::{AxisPlan, ChartPlan};
use crate::error::PlotError;
use crate::header::{Entry, Symbol};
use crate::style::{Colour, INK, fill, text};
use crate::ticks;

/// The bars of one colour in [`keypoint_errors`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ErrorSeries {
    /// In the legend, which is left out if there is one series without a name.
    pub name: String,
    /// Error in pixels by the keypoint's name. Keypoints may be missing, and what is not finite is left out.
    pub errors: Named<f64>,
}

impl ErrorSeries {
    /// A series with its name. [`ErrorReport::per_keypoint`](keypoints_core::ErrorReport::per_keypoint) has its errors.
    pub fn new(name: impl Into<String>, errors: Named<f64>) -> Self {
        Self { name: name.into(), errors }
    }

    fn get(&self, keypoint: &str) -> Option<f64> {
        self.errors.get(keypoint).copied().filter(|error| error.is_finite())
    }
}

/// The order of the keypoints in [`keypoint_errors`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeypointOrder {
    /// The largest error of the first series that has the keypoint on top.
    #[default]
    LargestFirst,
    /// As in the series: for reports, the order of the schema.
    AsGiven,
}

/// How [`keypoint_errors`] looks.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorOptions {
    /// Above the picture; none if empty.
    pub title: String,
    /// Below the picture, with the unit.
    pub x_label: String,
    /// From top to bottom.
    pub order: KeypointOrder,
    /// Width in pixels; the height follows from the number of bars.
    pub width: u32,
}

impl Default for ErrorOptions {
    fn default() -> Self {
        Self {
            title: "Error per keypoint".to_owned(),
            x_label: "RMSE, pixels".to_owned(),
            order: KeypointOrder::default(),
            width: 900,
        }
    }
}

impl ErrorOptions {
    /// The defaults, with the size of the pictures in the axis' name.
    ///
    /// ```
    /// use keypoints_core::PictureShape;
    /// use keypoints_plot::ErrorOptions;
    ///
    /// let options = ErrorOptions::of(PictureShape::colour(64));
    /// assert_eq!(options.x_label, "RMSE, pixels of the 64×64 image");
    /// ```
    pub fn of(shape: PictureShape) -> Self {
        let side = shape.side;
        Self { x_label: format!("RMSE, pixels of the {side}×{side} image"), ..Self::default() }
    }
}

/// Draws horizontal bars with their values, one group per keypoint, one colour per series.
///
/// ```
/// use keypoints_core::Named;
/// use keypoints_plot::{ErrorOptions, ErrorSeries, keypoint_errors};
///
/// let folder = tempfile::tempdir()?;
/// let errors: Named<f64> = [("left_ear".to_owned(), 1.2), ("right_ear".to_owned(), 1.4)].into_iter().collect();
/// let path = folder.path().join("errors.png");
/// keypoint_errors(&path, &[ErrorSeries::new("validation", errors)], &ErrorOptions::default())?;
/// assert!(path.exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] if there is no finite error; otherwise if the picture cannot be drawn
/// or written.
pub fn keypoint_errors(
    path: impl AsRef<Path>,
    series: &[ErrorSeries],
    options: &ErrorOptions,
) -> Result<(), PlotError> {
    let path = path.as_ref();
    let first_of = |keypoint| series.iter().find_map(|one| one.get(keypoint));
    let mut keypoints: Vec<(&str, f64)> = names(series)
        .into_iter()
        .filter_map(|keypoint| Some((keypoint, first_of(keypoint)?)))
        .collect();
    if keypoints.is_empty() {
        return Err(PlotError::NothingToDraw { path: path.to_owned(), what: "errors" });
    }
    if options.order == KeypointOrder::LargestFirst {
        keypoints.sort_by(|a, b| b.1.total_cmp(&a.1));
    }

    let all = keypoints.iter().flat_map(|&(one, _)| series.iter().filter_map(move |s| s.get(one)));
    let most = all.fold(0.0, f64::max);
    let high = if most > 0.0 { most * 1.1 } else { 1.0 };
    let marks = ticks::linear(0.0, high, 8);
    let step = marks.get(1).copied().unwrap_or(1.0);
    let groups = keypoints.len();
    let thickness = if series.len() == 1 { 18 } else { 15 };
    let group_height = thickness * series.len() + 10;
    let legend_height = if is_nameless(series) { 0 } else { 28 };
    let plan = ChartPlan {
        size: (options.width, (126 + legend_height + groups * group_height) as u32),
        title: &options.title,
        legend: legend(series),
        x: AxisPlan {
            label: options.x_label.clone(),
            low: 0.0,
            high,
            marks: marks.into_iter().map(|mark| (mark, ticks::label(mark, step))).collect(),
            grid: true,
        },
        y: AxisPlan {
            label: String::new(),
            low: -(groups as f64) + 0.5,
            high: 0.5,
            marks: (0..groups)
                .map(|row| (-(row as f64), keypoints[row].0.replace('_', " ")))
                .collect(),
            grid: false,
        },
    };
    // Heights as shares of a group.
    let bar = thickness as f64 / group_height as f64;
    plan.save(path, |chart| {
        let style = text(12, INK, false).pos(Pos::new(HPos::Left, VPos::Center));
        for (row, &(keypoint, _)) in keypoints.iter().enumerate() {
            // Only series that have the keypoint take up room, so that a lone bar stands beside its name.
            let bars: Vec<(usize, f64)> = series
                .iter()
                .enumerate()
                .filter_map(|(index, one)| Some((index, one.get(keypoint)?)))
                .collect();
            let mut top = bar * bars.len() as f64 / 2.0 - row as f64;
            for (index, error) in bars {
                let corners = [(0.0, top - 0.04), (error, top - bar + 0.04)];
                chart.draw_series([Rectangle::new(corners, fill(Colour::series(index)))])?;
                let label = Text::new(format!("{error:.2}"), (px(5), 0), style.clone());
                chart.draw_series([EmptyElement::at((error, top - bar / 2.0)) + label])?;
                top -= bar;
            }
        }
        Ok(())
    })
}

/// The names of all keypoints: those of the first series, and each that only a later one has behind the one before it.
fn names(series: &[ErrorSeries]) -> Vec<&str> {
    let mut names = Vec::new();
    for one in series {
        let mut next = 0;
        for (name, _) in one.errors.iter() {
            let known = names.iter().position(|other| *other == name);
            if known.is_none() {
                names.insert(next, name);
            }
            next = known.unwrap_or(next) + 1;
        }
    }
    names
}

fn is_nameless(series: &[ErrorSeries]) -> bool {
    series.iter().all(|one| one.name.is_empty())
}

fn legend(series: &[ErrorSeries]) -> Vec<Entry> {
    if is_nameless(series) {
        return Vec::new();
    }
    let entry = |(index, one): (usize, &ErrorSeries)| Entry {
        symbol: Symbol::Box,
        colour: Colour::series(index),
        name: one.name.clone(),
    };
    series.iter().enumerate().map(entry).collect()
}

#[cfg(test)]
mod tests;
