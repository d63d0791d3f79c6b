//! Loss over epochs.

use std::path::Path;

use plotters::element::{Circle, PathElement};
use plotters::series::DashedLineSeries;

use crate::area::{px, sub_px};
use crate::chart::{AxisPlan, ChartPlan};
use crate::error::PlotError;
use crate::header::{Entry, Symbol};
use crate::style::{Colour, fill, line};
use crate::ticks;

/// One line of [`loss_curves`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// In the legend: `training`, `validation`.
    pub name: String,
    /// Epoch and value. What cannot be shown (NaN, infinity, zero on a logarithmic axis) is left out.
    pub points: Vec<(f64, f64)>,
    /// Whether the lowest point is marked, and named in the legend.
    pub mark_best: bool,
}

impl Curve {
    /// A curve without a mark at its lowest point.
    pub fn new(name: impl Into<String>, points: Vec<(f64, f64)>) -> Self {
        Self { name: name.into(), points, mark_best: false }
    }

    /// The same curve with a mark at its lowest point.
    #[must_use]
    pub fn mark_best(self) -> Self {
        Self { mark_best: true, ..self }
    }
}

/// How [`loss_curves`] looks.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveOptions {
    /// Above the picture; none if empty.
    pub title: String,
    /// Below the picture.
    pub x_label: String,
    /// Beside the picture, with the unit.
    pub y_label: String,
    /// Whether the values grow by factors: the end of a training is easier to read that way.
    pub log_scale: bool,
    /// Width and height in pixels.
    pub size: (u32, u32),
}

impl Default for CurveOptions {
    fn default() -> Self {
        Self {
            title: "Training".to_owned(),
            x_label: "epoch".to_owned(),
            y_label: "RMSE, pixels".to_owned(),
            log_scale: false,
            size: (920, 540),
        }
    }
}

/// Draws curves over epochs, with a mark where a curve is lowest.
///
/// ```
/// use keypoints_plot::{Curve, CurveOptions, loss_curves};
///
/// let folder = tempfile::tempdir()?;
/// let training = Curve::new("training", vec![(1.0, 4.0), (2.0, 2.5), (3.0, 1.8)]);
/// let validation = Curve::new("validation", vec![(1.0, 4.2), (2.0, 2.4), (3.0, 2.6)]).mark_best();
/// let path = folder.path().join("loss.svg");
/// loss_curves(&path, &[training, validation], &CurveOptions::default())?;
/// assert!(std::fs::read_to_string(&path)?.contains("validation, lowest 2.4 at epoch 2"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] if no curve has a point that can be shown; otherwise if the picture
/// cannot be drawn or written.
pub fn loss_curves(
    path: impl AsRef<Path>,
    curves: &[Curve],
    options: &CurveOptions,
) -> Result<(), PlotError> {
    let path = path.as_ref();
    let scale = |value: f64| if options.log_scale { value.log10() } else { value };
    let shown: Vec<Vec<(f64, f64)>> = curves
        .iter()
        .map(|curve| {
            let scaled = curve.points.iter().map(|&(epoch, value)| (epoch, scale(value)));
            scaled.filter(|(epoch, value)| epoch.is_finite() && value.is_finite()).collect()
        })
        .collect();
    let all = || shown.iter().flatten();
    if all().next().is_none() {
        return Err(PlotError::NothingToDraw { path: path.to_owned(), what: "points" });
    }
    let best: Vec<Option<(f64, f64)>> = curves
        .iter()
        .zip(&shown)
        .map(|(curve, points)| {
            let lowest = points.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1));
            lowest.filter(|_| curve.mark_best)
        })
        .collect();

    let plan = ChartPlan {
        size: options.size,
        title: &options.title,
        legend: curves
            .iter()
            .zip(&best)
            .enumerate()
            .map(|(index, (curve, best))| legend_entry(index, curve, *best, options))
            .collect(),
        x: epoch_axis(&options.x_label, all().map(|point| point.0)),
        y: value_axis(options, all().map(|point| point.1)),
    };
    let bottom = plan.y.low;
    plan.save(path, |chart| {
        for (index, points) in shown.iter().enumerate() {
            let colour = Colour::series(index);
            chart.draw_series([PathElement::new(points.clone(), line(colour, 2.0))])?;
            // A curve of few points is seen better with its points; a single one has nothing else.
            if points.len() <= 30 {
                let dots = points.iter().map(|&at| Circle::new(at, px(3), fill(colour)));
                chart.draw_series(dots)?;
            }
        }
        for (index, &place) in best.iter().enumerate() {
            let (Some(place), colour) = (place, Colour::series(index)) else { continue };
            let drop = [(place.0, bottom), place];
            let dash = (px(4), px(4));
            chart.draw_series(DashedLineSeries::new(drop, dash.0, dash.1, line(colour, 1.0)))?;
            chart.draw_series([
                Circle::new(place, px(6), fill(Colour(255, 255, 255))),
                Circle::new(place, px(5), fill(colour)),
                Circle::new(place, sub_px(2.0), fill(Colour(255, 255, 255))),
            ])?;
        }
        Ok(())
    })
}

fn legend_entry(
    index: usize,
    curve: &Curve,
    best: Option<(f64, f64)>,
    options: &CurveOptions,
) -> Entry {
    let mut name = curve.name.clone();
    if let Some((epoch, value)) = best {
        let value = if options.log_scale { 10f64.powf(value) } else { value };
        name += &format!(", lowest {} at {} {epoch}", ticks::significant(value), options.x_label);
    }
    Entry { symbol: Symbol::Line, colour: Colour::series(index), name }
}

fn epoch_axis(label: &str, epochs: impl Iterator<Item = f64>) -> AxisPlan {
    let epochs: Vec<f64> = epochs.collect();
    let (mut low, mut high) = ticks::extent(epochs.iter().copied());
    if low == high {
        (low, high) = (low - 1.0, high + 1.0);
    }
    let pad = (high - low) * 0.015;
    let mut marks = ticks::linear(low, high, 12);
    // There is no epoch one and a half, unless somebody says so.
    if epochs.iter().all(|epoch| epoch.fract() == 0.0) {
        marks.retain(|mark| mark.fract() == 0.0);
    }
    let step = marks.get(1).map_or(1.0, |second| second - marks[0]);
    AxisPlan {
        label: label.to_owned(),
        low: low - pad,
        high: high + pad,
        marks: marks.into_iter().map(|mark| (mark, ticks::label(mark, step))).collect(),
        grid: false,
    }
}

/// Values arrive scaled, that is as logarithms on a logarithmic axis.
fn value_axis(options: &CurveOptions, values: impl Iterator<Item = f64>) -> AxisPlan {
    let (mut low, mut high) = ticks::extent(values);
    let mut pad = (high - low) * 0.06;
    if pad == 0.0 {
        // All the same: some room above and below, whatever the size of the number.
        pad = if options.log_scale { 0.2 } else { (low.abs() * 0.1).max(0.1) };
    }
    (low, high) = (low - pad, high + pad);
    let marks: Vec<(f64, String)> = if options.log_scale {
        let marks = ticks::logarithmic(10f64.powf(low), 10f64.powf(high));
        let labelled = marks.iter().map(|&mark| (mark.log10(), ticks::significant(mark)));
        labelled.collect()
    } else {
        let marks = ticks::linear(low, high, 8);
        let step = marks.get(1).map_or(1.0, |second| second - marks[0]);
        marks.into_iter().map(|mark| (mark, ticks::label(mark, step))).collect()
    };
    let label =
        format!("{}{}", options.y_label, if options.log_scale { " (log scale)" } else { "" });
    AxisPlan { label, low, high, marks, grid: true }
}
