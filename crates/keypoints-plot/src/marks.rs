//! Points on a picture.

use keypoints_core::Labels;
use plotters::element::PathElement;
use plotters::style::{Color, ShapeStyle, WHITE};

use crate::area::{Area, DrawResult, sub_px};
use crate::header::{Entry, Symbol};
use crate::mark_style::{MarkStyle, draw_mark};
use crate::place::Placed;
use crate::style::Colour;

/// Points that belong together, and how they look.
///
/// ```
/// use keypoints_core::Labels;
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

/// Draws the sets on a picture, and with `link` a line from each point of the first set to the same point of the
/// others. `radius` is in pixels.
pub(crate) fn draw_marks(
    area: &Area<'_>,
    sets: &[MarkSet],
    picture: &Placed<'_>,
    radius: f64,
    link: bool,
) -> DrawResult {
    if let (Some((first, others)), true) = (sets.split_first(), link) {
        for (keypoint, from) in first.points.points() {
            let targets = others.iter().filter_map(|other| other.points.point(keypoint));
            for (from, to) in
                targets.filter_map(|to| Some((picture.units(from)?, picture.units(to)?)))
            {
                let white = ShapeStyle::from(&WHITE.mix(0.85))
                    .stroke_width(sub_px(radius * 0.35).unsigned_abs());
                area.draw(&PathElement::new([from, to], white))?;
            }
        }
    }
    for set in sets {
        for at in set.points.points().filter_map(|(_, point)| picture.units(point)) {
            draw_mark(area, set.style, set.colour, at, radius)?;
        }
    }
    Ok(())
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
