//! What a search for hyper-parameters found.

use std::path::Path;

use plotters::element::{Circle, PathElement};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontTransform, ShapeStyle};

use crate::area::px;
use crate::canvas::Canvas;
use crate::chart::{AxisPlan, ChartPlan, MARGIN};
use crate::error::PlotError;
use crate::header::{Entry, Header, Symbol};
use crate::style::{Colour, INK, LABEL_SIZE, best_dot, printable, text};
use crate::sweep::{BetterScore, SweepParameter, SweepTrial};
use crate::ticks;

/// How [`sweep_scatter`] looks.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepOptions {
    /// Above the picture; none if empty.
    pub title: String,
    /// Beside the picture, with the unit.
    pub y_label: String,
    /// Which score wins.
    pub better: BetterScore,
    /// Whether the scores are on a logarithmic axis, so that a trial that went astray does not press all
    /// others against the edge.
    pub log_scale: bool,
    /// Width of the picture and height of one panel, in pixels.
    pub size: (u32, u32),
}

impl Default for SweepOptions {
    fn default() -> Self {
        Self {
            title: "Search".to_owned(),
            y_label: "weighted RMSE, pixels".to_owned(),
            better: BetterScore::default(),
            log_scale: false,
            size: (1000, 300),
        }
    }
}

/// Draws the trials of a search: a panel per parameter, the score over its value, and the best trial marked
/// in each of them. Up to three panels stand side by side.
///
/// ```
/// use keypoints_plot::{SweepOptions, SweepParameter, SweepTrial, sweep_scatter};
///
/// let parameters = [SweepParameter::logarithmic("learning rate"), SweepParameter::linear("dropout")];
/// let trials = [
///     SweepTrial::new([1e-4, 0.1], 2.31),
///     SweepTrial::new([1e-3, 0.3], 1.87),
///     SweepTrial::new([1e-1, 0.2], f64::NAN),
/// ];
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("sweep.svg");
/// sweep_scatter(&path, &parameters, &trials, &SweepOptions::default())?;
/// let svg = std::fs::read_to_string(&path)?;
/// assert!(svg.contains("best: trial 2, 1.87") && svg.contains("3 trials, 1 without a score"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] if there is no parameter, or no trial with a score that can be shown;
/// otherwise if the picture cannot be drawn or written.
pub fn sweep_scatter(
    path: impl AsRef<Path>,
    parameters: &[SweepParameter],
    trials: &[SweepTrial],
    options: &SweepOptions,
) -> Result<(), PlotError> {
    let path = path.as_ref();
    if parameters.is_empty() {
        return Err(PlotError::NothingToDraw { path: path.to_owned(), what: "parameters" });
    }
    let scale = |score: f64| if options.log_scale { score.log10() } else { score };
    let scored: Vec<(usize, f64)> = trials
        .iter()
        .enumerate()
        .map(|(index, trial)| (index, scale(trial.score)))
        .filter(|(_, score)| score.is_finite())
        .collect();
    let lowest = scored.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    let highest = scored.iter().rev().max_by(|a, b| a.1.total_cmp(&b.1));
    let (best, score) = match (options.better, lowest, highest) {
        (BetterScore::Lower, Some(&best), _) | (BetterScore::Higher, _, Some(&best)) => best,
        _ => return Err(PlotError::NothingToDraw { path: path.to_owned(), what: "scores" }),
    };

    let (columns, rows) = grid(parameters.len());
    let legend = legend(trials, scored.len(), best);
    let (width, panel_height) = options.size;
    let room = i32::try_from(width).unwrap_or(i32::MAX) - 2 * MARGIN;
    let header = Header::new(&options.title, legend, (MARGIN, MARGIN - 6), room);
    let top = header.height.unsigned_abs();
    let canvas = Canvas {
        width,
        height: panel_height.saturating_mul(rows as u32).saturating_add(top),
        pictures: Vec::new(),
    };
    let y = score_axis(options, scored.iter().map(|(_, score)| *score));
    canvas.save(path, |area| {
        header.draw(area)?;
        // One name for the axes of all panels.
        let name_room = px(LABEL_SIZE + 12);
        let style = text(LABEL_SIZE, INK, false)
            .transform(FontTransform::Rotate270)
            .pos(Pos::new(HPos::Center, VPos::Center));
        let middle = (area.dim_in_pixel().1 as i32 + px(top as i32)) / 2;
        area.draw_text(&printable(&y_name(options)), &style, (name_room / 2 + px(6), middle))?;

        let panels = area.margin(px(top as i32), 0, name_room, 0).split_evenly((rows, columns));
        for ((index, parameter), panel) in parameters.iter().enumerate().zip(&panels) {
            let points: Vec<(usize, (f64, f64))> = scored
                .iter()
                .filter_map(|&(trial, score)| {
                    let value = parameter.scale(*trials[trial].values.get(index)?);
                    value.is_finite().then_some((trial, (value, score)))
                })
                .collect();
            let x = value_axis(parameter, points.iter().map(|(_, place)| place.0), columns);
            let edges = (x.low, x.high);
            let size = (width / columns as u32, panel_height);
            let plan = ChartPlan { size, title: "", legend: Vec::new(), x, y: y.clone() };
            plan.draw(panel, |chart| {
                let level = ShapeStyle::from(&Colour::ORANGE.rgb().mix(0.5))
                    .stroke_width(px(1).unsigned_abs());
                chart
                    .draw_series([PathElement::new([(edges.0, score), (edges.1, score)], level)])?;
                // Many trials may share a place: the more of them, the darker.
                let dot = ShapeStyle::from(&Colour::BLUE.rgb().mix(0.6)).filled();
                let others = points.iter().filter(|(trial, _)| *trial != best);
                chart.draw_series(others.map(|&(_, place)| Circle::new(place, px(4), dot)))?;
                if let Some(&(_, place)) = points.iter().find(|(trial, _)| *trial == best) {
                    chart.draw_series(best_dot(place, Colour::ORANGE))?;
                }
                Ok(())
            })?;
        }
        Ok(())
    })
}

/// Columns and rows, nowhere more than one panel short.
fn grid(panels: usize) -> (usize, usize) {
    let columns = match panels {
        4 => 2,
        few => few.min(3),
    };
    (columns, panels.div_ceil(columns.max(1)))
}

fn legend(trials: &[SweepTrial], scored: usize, best: usize) -> Vec<Entry> {
    let name = match trials.len() - scored {
        0 => format!("{} trials", trials.len()),
        failed => format!("{} trials, {failed} without a score", trials.len()),
    };
    let score = ticks::significant(trials[best].score);
    let number = trials[best].number.unwrap_or(best + 1);
    let best = format!("best: trial {number}, {score}");
    vec![
        Entry { symbol: Symbol::Dot, colour: Colour::BLUE, name },
        Entry { symbol: Symbol::BestDot, colour: Colour::ORANGE, name: best },
    ]
}

fn y_name(options: &SweepOptions) -> String {
    format!("{}{}", options.y_label, if options.log_scale { " (log scale)" } else { "" })
}

/// Scores arrive scaled, that is as logarithms on a logarithmic axis.
fn score_axis(options: &SweepOptions, scores: impl Iterator<Item = f64>) -> AxisPlan {
    let (low, high, marks) = numbers(scores, options.log_scale, 6);
    AxisPlan { label: String::new(), low, high, marks, grid: true }
}

/// Values arrive scaled, too.
fn value_axis(
    parameter: &SweepParameter,
    values: impl Iterator<Item = f64>,
    columns: usize,
) -> AxisPlan {
    let (low, high, marks) = if parameter.choices.is_empty() {
        // Numbers need room beside each other.
        numbers(values, parameter.is_logarithmic(), if columns > 2 { 4 } else { 6 })
    } else {
        let named = parameter.choices.iter().enumerate();
        let marks = named.map(|(index, name)| (index as f64, name.clone())).collect();
        (-0.5, parameter.choices.len() as f64 - 0.5, marks)
    };
    let scale = if parameter.is_logarithmic() { " (log scale)" } else { "" };
    AxisPlan { label: format!("{}{scale}", parameter.name), low, high, marks, grid: true }
}

/// Ends and marks of an axis of numbers.
fn numbers(
    values: impl Iterator<Item = f64>,
    log_scale: bool,
    most: usize,
) -> (f64, f64, Vec<(f64, String)>) {
    let (low, high) = ticks::extent(values);
    // Nothing to show still is an axis.
    let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
    let mut pad = (high - low) * 0.07;
    if pad == 0.0 {
        pad = if log_scale { 0.3 } else { (low.abs() * 0.1).max(0.1) };
    }
    let (low, high) = (low - pad, high + pad);
    let marks = if log_scale {
        let mut marks = ticks::logarithmic(10f64.powf(low), 10f64.powf(high));
        if marks.len() > most + 2 {
            marks.retain(|mark| (mark.log10() - mark.log10().round()).abs() < 1e-9);
        }
        let stride = marks.len().div_ceil(most + 2).max(1);
        let marks: Vec<f64> = marks.into_iter().step_by(stride).collect();
        let labels = ticks::labels_of_factors(&marks);
        marks.iter().map(|mark| mark.log10()).zip(labels).collect()
    } else {
        let marks = ticks::linear(low, high, most);
        let step = marks.get(1).map_or(1.0, |second| second - marks[0]);
        marks.into_iter().map(|mark| (mark, ticks::label(mark, step))).collect()
    };
    (low, high, marks)
}
