//! Points on a face.

use keypoints_data::{Labels, Point};
use plotters::element::{Circle, PathElement};
use plotters::style::{BLACK, Color, ShapeStyle, WHITE};

use crate::canvas::{Area, DrawResult};
use crate::header::{Entry, Symbol};
use crate::style::{Colour, fill, line, sub_px};

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

/// Points that belong together, and how they look.
///
/// ```
/// use keypoints_data::Labels;
/// use keypoints_plot::{Colour, MarkSet, MarkStyle};
///
/// let ours = MarkSet::prediction(Labels::default());
/// let theirs = MarkSet { name: "theirs".into(), colour: Colour::SKY, style: MarkStyle::Dot, ..ours };
/// assert_eq!(theirs.name, "theirs");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MarkSet {
    /// In the legend; sets without a name are not in it.
    pub name: String,
    /// Where the points are, in pixels of the picture below; `(0, 0)` is the centre of its top left
    /// pixel. Missing points, and points far outside of the picture, are not drawn.
    pub points: Labels,
    /// Their shape.
    pub style: MarkStyle,
    /// Their colour.
    pub colour: Colour,
}

impl MarkSet {
    /// Green rings named `truth`.
    pub fn truth(points: Labels) -> Self {
        Self { name: "truth".into(), points, style: MarkStyle::Ring, colour: Colour::TRUTH }
    }

    /// Magenta crosses named `prediction`.
    pub fn prediction(points: Labels) -> Self {
        let (style, colour) = (MarkStyle::Cross, Colour::PREDICTION);
        Self { name: "prediction".into(), points, style, colour }
    }
}

/// Draws the sets, and a line from each point of the first set to the same point of the others.
///
/// `place` says where a point is in drawing units, `None` if it is not to be drawn; `radius` is in
/// pixels.
pub(crate) fn draw_marks(
    area: &Area<'_>,
    sets: &[MarkSet],
    place: impl Fn(Point) -> Option<(i32, i32)>,
    radius: f64,
    link: bool,
) -> DrawResult {
    if let (Some((first, others)), true) = (sets.split_first(), link) {
        for (keypoint, from) in first.points.points() {
            let targets = others.iter().filter_map(|other| other.points.point(keypoint));
            for (from, to) in targets.filter_map(|to| Some((place(from)?, place(to)?))) {
                let white = ShapeStyle::from(&WHITE.mix(0.85))
                    .stroke_width(sub_px(radius * 0.35).unsigned_abs());
                area.draw(&PathElement::new([from, to], white))?;
            }
        }
    }
    for set in sets {
        for at in set.points.points().filter_map(|(_, point)| place(point)) {
            draw_mark(area, set.style, set.colour, at, radius)?;
        }
    }
    Ok(())
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

/// The legend of several sets: each name once.
pub(crate) fn legend<'a>(sets: impl IntoIterator<Item = &'a MarkSet>) -> Vec<Entry> {
    let mut entries = Vec::<Entry>::new();
    for set in sets.into_iter().filter(|set| !set.name.is_empty()) {
        let symbol = Symbol::Mark(set.style);
        let entry = Entry { symbol, colour: set.colour, name: set.name.clone() };
        if !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    entries
}
