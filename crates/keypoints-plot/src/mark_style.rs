//! One point on a picture.

use plotters::element::{Circle, PathElement};
use plotters::style::{BLACK, Color, ShapeStyle};

use crate::area::{Area, DrawResult, sub_px};
use crate::style::{Colour, fill, line};

/// The shape of a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MarkStyle {
    /// A filled circle.
    #[default]
    Dot,
    /// A circle that lets the picture through.
    Ring,
    /// Two crossed lines.
    Cross,
}

/// Draws one point with a dark rim, so that it shows on light skin and in dark hair.
pub(crate) fn draw_mark(
    area: &Area<'_>,
    style: MarkStyle,
    colour: Colour,
    at: (i32, i32),
    radius: f64,
) -> DrawResult {
    let rim =
        |width: f64| ShapeStyle::from(&BLACK.mix(0.6)).stroke_width(sub_px(width).unsigned_abs());
    let stroke = radius * 0.45;
    match style {
        MarkStyle::Dot => {
            area.draw(&Circle::new(at, sub_px(radius * 1.0), rim(0.0).filled()))?;
            area.draw(&Circle::new(at, sub_px(radius * 0.75), fill(colour)))
        }
        MarkStyle::Ring => {
            area.draw(&Circle::new(at, sub_px(radius), rim(stroke + radius * 0.4)))?;
            area.draw(&Circle::new(at, sub_px(radius), line(colour, stroke)))
        }
        MarkStyle::Cross => {
            let arm = sub_px(radius * 0.8);
            let (x, y) = at;
            let strokes = [
                [(x - arm, y - arm), (x + arm, y + arm)],
                [(x - arm, y + arm), (x + arm, y - arm)],
            ];
            for ends in strokes {
                area.draw(&PathElement::new(ends, rim(stroke + radius * 0.4)))?;
            }
            for ends in strokes {
                area.draw(&PathElement::new(ends, line(colour, stroke)))?;
            }
            Ok(())
        }
    }
}
