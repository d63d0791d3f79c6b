//! How much is missing: rows per number of missing coordinates.

use std::path::Path;

use keypoints_core::{Dataset, Named};
use plotters::element::{EmptyElement, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::area::px;
use crate::chart::{AxisPlan, ChartPlan};
use crate::error::PlotError;
use crate::header::{Entry, Symbol};
use crate::style::{Colour, INK, fill, text, width};
use crate::ticks;

/// How [`gap_histogram`] looks. The defaults call a row a face.
#[derive(Clone, Debug, PartialEq)]
pub struct GapOptions {
    /// Above the picture; none if empty.
    pub title: String,
    /// What a row shows, in the plural.
    pub noun: String,
    /// Whether the number of rows grows by factors, so that rare cases can be seen beside common ones.
    pub log_scale: bool,
    /// Width and height in pixels.
    pub size: (u32, u32),
}

impl Default for GapOptions {
    fn default() -> Self {
        Self {
            title: "Missing coordinates per face".to_owned(),
            noun: "faces".to_owned(),
            log_scale: true,
            size: (1040, 500),
        }
    }
}

/// Counts the rows of each label source by how many of their coordinates are missing: element `n` of a source counts its
/// rows without `n` of them. Sources have their names and their order from the schema.
///
/// ```
/// use keypoints_core::{Dataset, Labels, PictureShape, Pictures, Schema};
/// use keypoints_plot::count_gaps;
/// use std::sync::Arc;
///
/// let schema = Arc::new(Schema::new("ears", ["left_ear", "right_ear"])?);
/// let pictures = Pictures::new(PictureShape::grey(8), vec![0; 64]).ok_or("not whole pictures")?;
/// let counts = count_gaps(&Dataset::of_one_source(schema, pictures, vec![Labels::default()])?);
/// assert_eq!(counts.get("all"), Some(&vec![0, 0, 0, 0, 1]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn count_gaps(dataset: &Dataset) -> Named<Vec<usize>> {
    let schema = dataset.schema();
    let coordinates = 2 * schema.len();
    let mut counts = vec![vec![0; coordinates + 1]; schema.sources().len()];
    for (labels, source) in dataset.labels().iter().zip(dataset.sources()) {
        counts[source.index()][coordinates - labels.count()] += 1;
    }
    let names = schema.sources().iter().map(|source| source.name().to_owned());
    names.zip(counts).collect()
}

/// More marks than this are not told apart below the bars.
const MOST_MARKS: usize = 40;
/// How much of the room for a number of missing coordinates the bars take up.
const BARS: f64 = 0.76;

/// Draws the bars of [`count_gaps`], coloured by label source, with the number of rows on each. The names of the sources
/// stand in the legend; with a single source there is none.
///
/// ```
/// use keypoints_core::Named;
/// use keypoints_plot::{GapOptions, gap_histogram};
///
/// let folder = tempfile::tempdir()?;
/// let sources = [("by hand", vec![2140, 3, 12]), ("by a program", vec![0, 0, 4755])];
/// let counts: Named<Vec<usize>> =
///     sources.into_iter().map(|(name, counts)| (name.to_owned(), counts)).collect();
/// let path = folder.path().join("gaps.svg");
/// gap_histogram(&path, &counts, &GapOptions::default())?;
/// assert!(std::fs::read_to_string(&path)?.contains("by hand: 2155 faces"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] if all counts are zero; otherwise if the picture cannot be drawn or
/// written.
pub fn gap_histogram(
    path: impl AsRef<Path>,
    counts: &Named<Vec<usize>>,
    options: &GapOptions,
) -> Result<(), PlotError> {
    let path = path.as_ref();
    let all = || counts.iter().flat_map(|(_, counts)| counts.iter().copied());
    let most = all().max().unwrap_or(0) as f64;
    if most == 0.0 {
        return Err(PlotError::NothingToDraw { path: path.to_owned(), what: "rows" });
    }
    let coordinates = counts.iter().map(|(_, counts)| counts.len()).max().unwrap_or(1) - 1;

    // A logarithmic bar starts a little below one row, or a single row would have no height.
    let scale = |rows: f64| if options.log_scale { rows.max(0.6).log10() } else { rows };
    let high = if options.log_scale { most * 2.0 } else { most * 1.1 };
    let marks = if options.log_scale {
        ticks::logarithmic(1.0, high)
    } else {
        ticks::linear(0.0, high, 6).into_iter().filter(|mark| mark.fract() == 0.0).collect()
    };
    let noun = &options.noun;
    let (low, end) = (-0.7, coordinates as f64 + 0.7);
    let plan = ChartPlan {
        size: options.size,
        title: &options.title,
        legend: legend(counts, noun),
        x: AxisPlan {
            label: format!("missing coordinates, of {coordinates}"),
            low,
            high: end,
            marks: x_marks(coordinates),
            grid: false,
        },
        y: AxisPlan {
            label: if options.log_scale { format!("{noun} (log scale)") } else { noun.clone() },
            low: scale(0.0),
            high: scale(high),
            marks: marks.iter().map(|&mark| (scale(mark), ticks::label(mark, 1.0))).collect(),
            grid: true,
        },
    };
    plan.save(path, |chart| {
        let style = text(12, INK, false).pos(Pos::new(HPos::Center, VPos::Bottom));
        let (plot_width, _) = chart.plotting_area().dim_in_pixel();
        let room = f64::from(plot_width) / (end - low);
        let bars = bars(counts, coordinates);
        chart.draw_series(bars.iter().map(|bar| {
            let corners = [(bar.left, scale(0.0)), (bar.right, scale(bar.rows as f64))];
            Rectangle::new(corners, fill(Colour::series(bar.source)))
        }))?;
        let numbers = bars.iter().filter_map(|bar| {
            let number = bar.rows.to_string();
            // Neighbours are seldom of one height, so a number may be a little wider than its bar.
            let room = 1.5 * room * (bar.right - bar.left) / BARS;
            let fits = f64::from(width(&number, &style)) < room;
            let place = ((bar.left + bar.right) / 2.0, scale(bar.rows as f64));
            fits.then(|| EmptyElement::at(place) + Text::new(number, (0, -px(1)), style.clone()))
        });
        chart.draw_series(numbers)?;
        Ok(())
    })
}

/// The rows of one source with one number of missing coordinates.
struct Bar {
    source: usize,
    rows: usize,
    left: f64,
    right: f64,
}

/// The bars from left to right; sources that have rows with the same number of gaps share its room.
fn bars(counts: &Named<Vec<usize>>, coordinates: usize) -> Vec<Bar> {
    let mut bars = Vec::new();
    for gaps in 0..=coordinates {
        let rows = counts.iter().map(|(_, counts)| counts.get(gaps).copied().unwrap_or(0));
        let there: Vec<(usize, usize)> = rows.enumerate().filter(|(_, rows)| *rows > 0).collect();
        let share = BARS / there.len() as f64;
        for (place, (source, rows)) in there.into_iter().enumerate() {
            let left = gaps as f64 - BARS / 2.0 + share * place as f64;
            bars.push(Bar { source, rows, left, right: left + share });
        }
    }
    bars
}

fn legend(counts: &Named<Vec<usize>>, noun: &str) -> Vec<Entry> {
    if counts.len() < 2 {
        return Vec::new();
    }
    let entry = |(index, (name, counts)): (usize, (&str, &Vec<usize>))| Entry {
        symbol: Symbol::Box,
        colour: Colour::series(index),
        name: format!("{name}: {} {noun}", counts.iter().sum::<usize>()),
    };
    counts.iter().enumerate().map(entry).collect()
}

/// Every number of missing coordinates, or round ones where there are many.
fn x_marks(coordinates: usize) -> Vec<(f64, String)> {
    let marks = if coordinates <= MOST_MARKS {
        (0..=coordinates).map(|gaps| gaps as f64).collect()
    } else {
        ticks::linear(0.0, coordinates as f64, MOST_MARKS / 2)
    };
    marks.into_iter().map(|mark| (mark, mark.to_string())).collect()
}

#[cfg(test)]
mod tests;
