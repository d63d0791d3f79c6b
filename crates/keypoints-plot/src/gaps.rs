//! How much is missing: rows per number of missing coordinates.

use std::path::Path;

use keypoints_data::{LabelRegime, Labels, NUM_COORDINATES};
use plotters::element::{Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::chart::{AxisPlan, ChartPlan};
use crate::error::PlotError;
use crate::header::{Entry, Symbol};
use crate::style::{Colour, INK, fill, px, text};
use crate::ticks;

/// How [`gap_histogram`] looks.
#[derive(Clone, Debug, PartialEq)]
pub struct GapOptions {
    /// Above the picture; none if empty.
    pub title: String,
    /// Whether the number of rows grows by factors, so that rare cases can be seen beside common ones.
    pub log_scale: bool,
    /// Width and height in pixels.
    pub size: (u32, u32),
}

impl Default for GapOptions {
    fn default() -> Self {
        Self {
            title: "Missing coordinates per face".to_owned(),
            log_scale: true,
            size: (1040, 500),
        }
    }
}

/// Rows by how many of their thirty coordinates are missing: element `n` counts the rows without `n` of
/// them.
///
/// ```
/// use keypoints_data::Labels;
///
/// let counts = keypoints_plot::count_gaps(&[Labels::default()]);
/// assert_eq!(counts[30], 1);
/// assert_eq!(counts[0], 0);
/// ```
pub fn count_gaps<'a>(
    labels: impl IntoIterator<Item = &'a Labels>,
) -> [usize; NUM_COORDINATES + 1] {
    let mut counts = [0; NUM_COORDINATES + 1];
    labels.into_iter().for_each(|one| counts[one.gaps()] += 1);
    counts
}

/// Draws the bars of [`count_gaps`], coloured by label regime, with the number of rows on each.
///
/// ```
/// use keypoints_plot::{GapOptions, gap_histogram};
///
/// let folder = tempfile::tempdir()?;
/// let mut counts = [0; 31];
/// (counts[0], counts[22], counts[24]) = (2140, 4755, 12);
/// let path = folder.path().join("gaps.png");
/// gap_histogram(&path, &counts, &GapOptions::default())?;
/// assert!(path.exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] if all counts are zero; otherwise if the picture cannot be drawn or
/// written.
pub fn gap_histogram(
    path: impl AsRef<Path>,
    counts: &[usize; NUM_COORDINATES + 1],
    options: &GapOptions,
) -> Result<(), PlotError> {
    let path = path.as_ref();
    let most = counts.iter().copied().max().unwrap_or(0) as f64;
    if most == 0.0 {
        return Err(PlotError::NothingToDraw { path: path.to_owned(), what: "faces" });
    }

    // A logarithmic bar starts a little below one row, or a single row would have no height.
    let scale = |rows: f64| if options.log_scale { rows.max(0.6).log10() } else { rows };
    let high = if options.log_scale { most * 2.0 } else { most * 1.1 };
    let marks = if options.log_scale {
        ticks::logarithmic(1.0, high)
    } else {
        ticks::linear(0.0, high, 6).into_iter().filter(|mark| mark.fract() == 0.0).collect()
    };
    let y_label = if options.log_scale { "faces (log scale)" } else { "faces" };
    let regime_of = |gaps: usize| LabelRegime::from_coordinate_count(NUM_COORDINATES - gaps);
    let colour_of = |regime: LabelRegime| Colour::series(regime as usize);
    let total = |regime| -> usize {
        (0..=NUM_COORDINATES)
            .filter(|&gaps| regime_of(gaps) == regime)
            .map(|gaps| counts[gaps])
            .sum()
    };
    let legend = [
        (LabelRegime::Full, "more than four keypoints labelled"),
        (LabelRegime::FourPoint, "at most four keypoints labelled"),
    ];
    let plan = ChartPlan {
        size: options.size,
        title: &options.title,
        legend: legend
            .into_iter()
            .map(|(regime, name)| Entry {
                symbol: Symbol::Box,
                colour: colour_of(regime),
                name: format!("{name}: {} faces", total(regime)),
            })
            .collect(),
        x: AxisPlan {
            label: format!("missing coordinates, of {NUM_COORDINATES}"),
            low: -0.7,
            high: NUM_COORDINATES as f64 + 0.7,
            marks: (0..=NUM_COORDINATES).map(|gaps| (gaps as f64, gaps.to_string())).collect(),
            grid: false,
        },
        y: AxisPlan {
            label: y_label.to_owned(),
            low: scale(0.0),
            high: scale(high),
            marks: marks.iter().map(|&mark| (scale(mark), ticks::label(mark, 1.0))).collect(),
            grid: true,
        },
    };
    plan.save(path, |chart| {
        let style = text(12, INK, false).pos(Pos::new(HPos::Center, VPos::Bottom));
        let bars = (0..=NUM_COORDINATES).filter(|&gaps| counts[gaps] > 0);
        chart.draw_series(bars.clone().map(|gaps| {
            let (x, top) = (gaps as f64, scale(counts[gaps] as f64));
            let corners = [(x - 0.38, scale(0.0)), (x + 0.38, top)];
            Rectangle::new(corners, fill(colour_of(regime_of(gaps))))
        }))?;
        chart.draw_series(bars.map(|gaps| {
            let place = (gaps as f64, scale(counts[gaps] as f64));
            plotters::element::EmptyElement::at(place)
                + Text::new(counts[gaps].to_string(), (0, -px(1)), style.clone())
        }))?;
        Ok(())
    })
}
