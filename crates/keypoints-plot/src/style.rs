//! Colours, text and line widths that all pictures share.

use std::sync::Once;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, TextStyle};

use crate::area::{Area, DrawResult, px, sub_px};

/// A colour of red, green and blue, `0..=255` each.
///
/// The constants are told apart by colour-blind readers too, and stand out on grey pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// First choice for a series.
    pub const BLUE: Self = Self(0, 114, 178);
    /// Second choice for a series.
    pub const ORANGE: Self = Self(230, 126, 0);
    /// Third choice for a series.
    pub const TEAL: Self = Self(0, 158, 115);
    /// Fourth choice for a series.
    pub const ROSE: Self = Self(204, 121, 167);
    /// Fifth choice for a series.
    pub const SKY: Self = Self(86, 180, 233);
    /// Sixth choice for a series.
    pub const UMBER: Self = Self(140, 86, 75);
    /// True points on a picture.
    pub const TRUTH: Self = Self(64, 236, 160);
    /// Predicted points on a picture.
    pub const PREDICTION: Self = Self(255, 64, 190);

    const SERIES: [Self; 6] =
        [Self::BLUE, Self::ORANGE, Self::TEAL, Self::ROSE, Self::SKY, Self::UMBER];

    /// The colour of the series number `index`; they repeat after six.
    pub const fn series(index: usize) -> Self {
        Self::SERIES[index % Self::SERIES.len()]
    }

    pub(crate) const fn rgb(self) -> RGBColor {
        RGBColor(self.0, self.1, self.2)
    }
}

pub(crate) const INK: Colour = Colour(34, 40, 49);
pub(crate) const SOFT_INK: Colour = Colour(92, 99, 112);
pub(crate) const AXIS: Colour = Colour(168, 174, 184);
pub(crate) const GRID: Colour = Colour(230, 233, 238);

pub(crate) const TITLE_SIZE: i32 = 19;
pub(crate) const LABEL_SIZE: i32 = 14;

/// A filled shape.
pub(crate) fn fill(colour: Colour) -> ShapeStyle {
    ShapeStyle::from(&colour.rgb()).filled()
}

/// A line of so many pixels.
pub(crate) fn line(colour: Colour, width: f64) -> ShapeStyle {
    ShapeStyle::from(&colour.rgb()).stroke_width(sub_px(width).unsigned_abs())
}

/// A dot that stands out among others.
pub(crate) fn best_dot<P: Clone>(place: P, colour: Colour) -> [Circle<P, i32>; 3] {
    let white = Colour(255, 255, 255);
    [(px(7), white), (px(6), colour), (sub_px(2.5), white)]
        .map(|(radius, colour)| Circle::new(place.clone(), radius, fill(colour)))
}

/// A hollow diamond around the place of an `EmptyElement`.
pub(crate) fn diamond(colour: Colour) -> PathElement<(i32, i32)> {
    let reach = sub_px(5.5);
    let corners = [(0, -reach), (reach, 0), (0, reach), (-reach, 0), (0, -reach)];
    PathElement::new(corners, line(colour, 1.6))
}

/// The embedded font leads, its relatives on other machines follow.
const FAMILY: &str = "Noto Sans, Segoe UI, Helvetica Neue, Arial, sans-serif";

/// Plotters sets type at `size / 1.24`.
const SIZE_FACTOR: f64 = 1.24;

/// What plotters takes for the width of a text, against its real width in the embedded font.
const WIDTH_FACTOR: f64 = 1.1;

/// A text style of `size` pixels to the em.
pub(crate) fn text(size: i32, colour: Colour, bold: bool) -> TextStyle<'static> {
    static REGISTER: Once = Once::new();
    REGISTER.call_once(|| {
        // Should an embedded font not be one, the first text that is drawn says so.
        let regular =
            plotters::style::register_font(FAMILY, FontStyle::Normal, notosans::REGULAR_TTF);
        let bold = plotters::style::register_font(FAMILY, FontStyle::Bold, notosans::BOLD_TTF);
        drop((regular, bold));
    });
    let weight = if bold { FontStyle::Bold } else { FontStyle::Normal };
    let font = FontDesc::new(FontFamily::Name(FAMILY), f64::from(px(size)) * SIZE_FACTOR, weight);
    TextStyle { color: colour.rgb().to_backend_color(), ..TextStyle::from(font) }
}

/// Where a text stands in relation to the place it is given.
#[derive(Clone, Copy)]
pub(crate) enum Align {
    Left,
    Centre,
    Right,
}

/// Writes one line of text, centred vertically on a place in drawing units.
pub(crate) fn write(
    area: &Area<'_>,
    content: &str,
    style: &TextStyle<'_>,
    align: Align,
    place: (i32, i32),
) -> DrawResult {
    let h_pos = match align {
        Align::Left => HPos::Left,
        Align::Centre => HPos::Center,
        Align::Right => HPos::Right,
    };
    area.draw_text(&printable(content), &style.pos(Pos::new(h_pos, VPos::Center)), place)
}

/// Width of a text in drawing units; nothing if its font is missing, which drawing it will tell.
pub(crate) fn width(content: &str, style: &TextStyle<'_>) -> i32 {
    let (width, _) = style.font.box_size(&printable(content)).unwrap_or_default();
    (f64::from(width) * WIDTH_FACTOR).round() as i32
}

/// Control characters have no picture, and would make an SVG unreadable.
pub(crate) fn printable(content: &str) -> String {
    content
        .chars()
        .filter(|one| !one.is_control() && !matches!(one, '\u{fffe}' | '\u{ffff}'))
        .collect()
}
