//! Axes, grid, title and legend of the charts.

use std::ops::Range;
use std::path::Path;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, ValueFormatter};
use plotters::prelude::*;

use crate::area::{Area, DrawResult, px};
use crate::canvas::Canvas;
use crate::error::PlotError;
use crate::header::{Entry, Header};
use crate::style::{
    AXIS, Align, GRID, INK, LABEL_SIZE, SOFT_INK, line, printable, text, width, write,
};

/// A chart with its axes, ready to draw series into.
pub(crate) type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<AxisPlan, AxisPlan>>;

/// One axis: what it shows, from where to where, and its marks.
#[derive(Clone)]
pub(crate) struct AxisPlan {
    pub(crate) label: String,
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Places and words. On the y axis the words may have several lines.
    pub(crate) marks: Vec<(f64, String)>,
    /// Whether the marks continue as lines across the chart.
    pub(crate) grid: bool,
}

impl Ranged for AxisPlan {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (start, end): (i32, i32)) -> i32 {
        let share = (value - self.low) / (self.high - self.low);
        start + (share * f64::from(end - start)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        // The hint for the lines between the marks; there are none.
        if hint.weight().allow_light_points() {
            return Vec::new();
        }
        self.marks.iter().map(|(mark, _)| *mark).collect()
    }

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

impl ValueFormatter<f64> for AxisPlan {
    fn format_ext(&self, value: &f64) -> String {
        let mark = self.marks.iter().find(|(mark, _)| mark == value);
        // Plotters writes one line; several are written after it.
        let label = mark.map(|(_, label)| label).filter(|label| !label.contains('\n'));
        label.map(|label| printable(label)).unwrap_or_default()
    }
}

/// All of a chart but its series.
pub(crate) struct ChartPlan<'a> {
    pub(crate) size: (u32, u32),
    pub(crate) title: &'a str,
    pub(crate) legend: Vec<Entry>,
    pub(crate) x: AxisPlan,
    pub(crate) y: AxisPlan,
}

/// Around a chart, in pixels.
pub(crate) const MARGIN: i32 = 20;
/// Height of a line of words beside an axis, in pixels.
pub(crate) const LINE_HEIGHT: i32 = LABEL_SIZE + 3;
const TICK: i32 = 4;

impl ChartPlan<'_> {
    /// Draws the chart, lets `series` fill it, and stores it.
    pub(crate) fn save<F>(self, path: &Path, series: F) -> Result<(), PlotError>
    where
        F: FnOnce(&mut Chart<'_, '_>) -> DrawResult,
    {
        let canvas = Canvas { width: self.size.0, height: self.size.1, pictures: Vec::new() };
        canvas.save(path, |area| self.draw(area, series))
    }

    /// Draws the chart into an area of its size, and lets `series` fill it.
    pub(crate) fn draw<F>(self, area: &Area<'_>, series: F) -> DrawResult
    where
        F: FnOnce(&mut Chart<'_, '_>) -> DrawResult,
    {
        let Self { size, title, legend, x, y } = self;
        let room = i32::try_from(size.0).unwrap_or(i32::MAX) - 2 * MARGIN;
        let header = Header::new(title, legend, (MARGIN, MARGIN - 6), room);
        header.draw(area)?;
        let labels = text(LABEL_SIZE, SOFT_INK, false);
        let lines = y.marks.iter().flat_map(|(_, words)| words.lines());
        let widest = lines.map(|words| width(words, &labels)).max().unwrap_or(0);
        // Where an SVG is shown in another font, its words may be wider than the margin can take.
        let widest = widest + (widest / 8 - px(MARGIN - 6)).max(0);
        let name_room = if y.label.is_empty() { 0 } else { px(LABEL_SIZE + 10) };
        let (x_name, y_name) = (printable(&x.label), printable(&y.label));
        let (x_grid, y_grid) = (x.grid, y.grid);
        let (x_marks, y_marks) = (x.marks.len(), y.marks.len());
        let (start, tall) = (x.low, y.marks.clone());
        let mut chart = ChartBuilder::on(area)
            .margin_left(px(MARGIN))
            .margin_right(px(MARGIN + 8))
            .margin_bottom(px(MARGIN - 4))
            .margin_top(px(MARGIN + header.height + 2))
            .x_label_area_size(px(LABEL_SIZE * 2 + 22))
            .y_label_area_size(widest + px(2 * TICK + 4) + name_room)
            .build_cartesian_2d(x, y)?;
        let mut mesh = chart.configure_mesh();
        if !x_grid {
            mesh.disable_x_mesh();
        }
        if !y_grid {
            mesh.disable_y_mesh();
        }
        mesh.bold_line_style(line(GRID, 1.0))
            .light_line_style(TRANSPARENT)
            .axis_style(line(AXIS, 1.0))
            .set_all_tick_mark_size(px(TICK))
            .x_labels(x_marks)
            .y_labels(y_marks)
            .label_style(labels.clone())
            .axis_desc_style(text(LABEL_SIZE, INK, false))
            .x_desc(x_name)
            .y_desc(y_name)
            .draw()?;
        let corner = area.get_base_pixel();
        for (mark, words) in tall.iter().filter(|(_, words)| words.contains('\n')) {
            let (x, y) = chart.backend_coord(&(start, *mark));
            let top = y - corner.1 - px(LINE_HEIGHT * (words.lines().count() as i32 - 1)) / 2;
            for (index, words) in words.lines().enumerate() {
                let place = (x - corner.0 - px(2 * TICK), top + px(LINE_HEIGHT * index as i32));
                write(area, words, &labels, Align::Right, place)?;
            }
        }
        series(&mut chart)
    }
}
