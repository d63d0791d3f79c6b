//! Which of several ways is better: one dot per seed or fold.

use std::path::Path;

use plotters::element::{EmptyElement, Rectangle};
use plotters::style::{Color, ShapeStyle};

use crate::chart::{AxisPlan, ChartPlan, LINE_HEIGHT, MARGIN};
use crate::error::PlotError;
use crate::header::{Entry, Header, Symbol};
use crate::score_layout::{Row, score_axis};
use crate::scores::{ScoreOptions, ScoreRow};
use crate::style::{Colour, GRID, INK, diamond};

/// Height of one series of one row, in pixels.
const LANE: i32 = 24;
/// Between rows, in pixels.
const GAP: i32 = 8;

/// Draws one row per way, in the order given: a dot per seed or fold, a stroke at their mean, and the mean
/// as a number.
///
/// The axis does not start at zero: dots are told apart by their place, not by their length.
///
/// ```
/// use keypoints_plot::{ScoreOptions, ScoreRow, score_dots};
///
/// let rows = [
///     ScoreRow::new("drop", [2.51, 2.58, 2.55]).reference(2.9),
///     ScoreRow::new("masked two-head", [1.62, 1.60, 1.67]),
/// ];
/// let options = ScoreOptions { reference: "published".to_owned(), ..ScoreOptions::default() };
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("scores.svg");
/// score_dots(&path, &rows, &options)?;
/// assert!(std::fs::read_to_string(&path)?.contains("1.630"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] if there is no finite score; otherwise if the picture cannot be drawn or
/// written.
pub fn score_dots(
    path: impl AsRef<Path>,
    rows: &[ScoreRow],
    options: &ScoreOptions,
) -> Result<(), PlotError> {
    let path = path.as_ref();
    let lanes = rows.iter().map(|row| row.scores.len()).max().unwrap_or(0).max(1);
    let mut rows: Vec<Row> = rows.iter().map(|row| Row::new(row, options)).collect();
    if rows.iter().flat_map(|row| &row.lanes).all(|lane| lane.scores.is_empty()) {
        return Err(PlotError::NothingToDraw { path: path.to_owned(), what: "scores" });
    }

    let lines = rows.iter().map(|row| row.name.lines().count()).max().unwrap_or(1) as i32;
    let row_height = (LANE * lanes as i32).max(LINE_HEIGHT * lines) + GAP;
    let legend = legend(&rows, options);
    let x = score_axis(&mut rows, options);
    let room = i32::try_from(options.width).unwrap_or(i32::MAX) - 2 * MARGIN;
    let header = Header::new(&options.title, legend.clone(), (0, 0), room).height;
    let height = header + row_height.saturating_mul(rows.len() as i32) + 92;
    let plan = ChartPlan {
        size: (options.width, height.unsigned_abs()),
        title: &options.title,
        legend,
        x,
        y: AxisPlan {
            label: String::new(),
            low: 0.5 - rows.len() as f64,
            high: 0.5,
            marks: rows
                .iter()
                .enumerate()
                .map(|(at, row)| (-(at as f64), row.name.clone()))
                .collect(),
            grid: false,
        },
    };
    let edges = (plan.x.low, plan.x.high);
    let lane = f64::from(LANE) / f64::from(row_height);
    plan.save(path, |chart| {
        // Every other row has a ground, which leads from the name to the dots.
        let ground = ShapeStyle::from(&GRID.rgb().mix(0.5)).filled();
        chart.draw_series((1..rows.len()).step_by(2).map(|at| {
            let middle = -(at as f64);
            Rectangle::new([(edges.0, middle + 0.5), (edges.1, middle - 0.5)], ground)
        }))?;
        for (at, row) in rows.iter().enumerate() {
            let middle = -(at as f64);
            let top = middle + lane * (lanes as f64 - 1.0) / 2.0;
            for (index, one) in row.lanes.iter().enumerate() {
                one.draw(chart, Colour::series(index), top - lane * index as f64, edges.0)?;
            }
            if let Some(reference) = row.reference {
                chart.draw_series([EmptyElement::at((reference, middle)) + diamond(INK)])?;
            }
        }
        Ok(())
    })
}

fn legend(rows: &[Row], options: &ScoreOptions) -> Vec<Entry> {
    let shown = rows.iter().map(|row| row.lanes.len()).max().unwrap_or(0);
    let series = options.series.iter().take(shown).enumerate();
    let mut entries: Vec<Entry> = series
        .filter(|(_, name)| !name.is_empty())
        .map(|(index, name)| Entry {
            symbol: Symbol::Dot,
            colour: Colour::series(index),
            name: name.clone(),
        })
        .collect();
    let ink = |symbol, name: &str| Entry { symbol, colour: INK, name: name.to_owned() };
    if rows.iter().flat_map(|row| &row.lanes).any(|lane| lane.scores.len() > 1) {
        entries.push(ink(Symbol::Tick, "mean"));
    }
    if rows.iter().any(|row| row.reference.is_some()) && !options.reference.is_empty() {
        entries.push(ink(Symbol::Diamond, &options.reference));
    }
    entries
}
