//! Where the dots and words of [`crate::score_dots()`] stand.

use plotters::element::{Circle, EmptyElement, PathElement, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, ShapeStyle};

use crate::area::{DrawResult, px, sub_px};
use crate::chart::{AxisPlan, Chart};
use crate::scores::{ScoreOptions, ScoreRow};
use crate::style::{Colour, INK, LABEL_SIZE, SOFT_INK, fill, line, text, width};
use crate::ticks;
use crate::wrap::wrap;

const VALUE_SIZE: i32 = 13;

/// A row as it is shown.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) lanes: Vec<Lane>,
    pub(crate) reference: Option<f64>,
}

/// One series of a row as it is shown.
pub(crate) struct Lane {
    pub(crate) scores: Vec<f64>,
    mean: f64,
    /// The mean in words.
    value: String,
    /// Whether the words stand before the dots, not behind them.
    before: bool,
}

impl Row {
    pub(crate) fn new(row: &ScoreRow, options: &ScoreOptions) -> Self {
        let style = text(LABEL_SIZE, SOFT_INK, false);
        let room = i32::try_from(options.width).unwrap_or(i32::MAX) / 5 * 2;
        let lane = |scores: &Vec<f64>| Lane::new(scores, options.decimals);
        Self {
            name: wrap(&row.name, &style, px(room)).join("\n"),
            lanes: row.scores.iter().map(lane).collect(),
            reference: row.reference.filter(|score| score.is_finite()),
        }
    }
}

impl Lane {
    fn new(scores: &[f64], decimals: usize) -> Self {
        let scores: Vec<f64> = scores.iter().copied().filter(|score| score.is_finite()).collect();
        let mean = scores.iter().sum::<f64>() / scores.len() as f64;
        let value = format!("{mean:.decimals$}").replace('-', "−");
        let value = if scores.is_empty() { "no score".to_owned() } else { value };
        Self { scores, mean, value, before: false }
    }

    pub(crate) fn draw(
        &self,
        chart: &mut Chart<'_, '_>,
        colour: Colour,
        y: f64,
        left: f64,
    ) -> DrawResult {
        if let (Some(_), (low, high)) =
            (self.scores.get(1), ticks::extent(self.scores.iter().copied()))
        {
            let span =
                ShapeStyle::from(&colour.rgb().mix(0.35)).stroke_width(sub_px(2.0).unsigned_abs());
            chart.draw_series([PathElement::new([(low, y), (high, y)], span)])?;
        }
        for &score in &self.scores {
            // The rim tells dots apart that lie on each other.
            chart.draw_series([
                Circle::new((score, y), sub_px(5.5), fill(Colour(255, 255, 255))),
                Circle::new((score, y), sub_px(4.5), fill(colour)),
            ])?;
        }
        if self.scores.len() > 1 {
            let stroke = [(0, -px(9)), (0, px(9))];
            let mean = EmptyElement::at((self.mean, y)) + PathElement::new(stroke, line(INK, 2.0));
            chart.draw_series([mean])?;
        }
        let (low, high) = ticks::extent(self.scores.iter().copied());
        let (place, side, gap) = match (self.scores.is_empty(), self.before) {
            (true, _) => (left, HPos::Left, px(11)),
            (false, true) => (low, HPos::Right, -px(11)),
            (false, false) => (high, HPos::Left, px(11)),
        };
        let colour = if self.scores.is_empty() { SOFT_INK } else { INK };
        let style = text(VALUE_SIZE, colour, false).pos(Pos::new(side, VPos::Center));
        let value = Text::new(self.value.clone(), (gap, 0), style);
        chart.draw_series([EmptyElement::at((place, y)) + value])?;
        Ok(())
    }
}

/// From the lowest to the highest score, with room for the words beside them.
///
/// With a single series the hollow mark stands among the dots. Words that it would cover, or that would seem
/// to be its own, go to the other side of the dots.
pub(crate) fn score_axis(rows: &mut [Row], options: &ScoreOptions) -> AxisPlan {
    let lanes = rows.iter().flat_map(|row| &row.lanes);
    let scores = lanes.clone().flat_map(|lane| lane.scores.iter().copied());
    let (lowest, highest) =
        ticks::extent(scores.chain(rows.iter().filter_map(|row| row.reference)));
    let range = highest - lowest;
    let pad = if range == 0.0 { (lowest.abs() * 0.1).max(0.1) } else { range * 0.05 };

    let names = text(LABEL_SIZE, SOFT_INK, false);
    let name = rows.iter().flat_map(|row| row.name.lines()).map(|words| width(words, &names)).max();
    let values = text(VALUE_SIZE, INK, false);
    let value = lanes.map(|lane| width(&lane.value, &values)).max().unwrap_or(0) + px(20);
    // The chart between its margins and names. One too narrow for its words still gets an axis.
    let room = f64::from(options.width) * f64::from(px(1)) - f64::from(name.unwrap_or(0) + px(60));
    let share = (f64::from(value) / room.max(1.0)).clamp(0.0, 0.35);
    let words = (range + pad) * share / (1.0 - 2.0 * share);

    for row in rows.iter_mut() {
        let (Some(reference), [lane]) = (row.reference, &mut row.lanes[..]) else { continue };
        let (_, high) = ticks::extent(lane.scores.iter().copied());
        lane.before = (high..high + 2.0 * words).contains(&reference);
    }
    let before = rows.iter().flat_map(|row| &row.lanes).any(|lane| lane.before);
    let low = if before { lowest - words.max(pad) } else { lowest - pad };
    let end = highest + words.max(pad);

    let marks = ticks::linear(low, end, 8);
    let step = marks.get(1).map_or(1.0, |second| second - marks[0]);
    AxisPlan {
        label: options.x_label.clone(),
        low,
        high: end,
        marks: marks.into_iter().map(|mark| (mark, ticks::label(mark, step))).collect(),
        grid: true,
    }
}
