//! Writes imglab files.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use keypoints_core::{Labels, Region, Schema};

use crate::annotations::error::{AnnotationError, AnnotationProblem};
use crate::annotations::whole::{decimal, unwritable, write_whole};
use crate::annotations::{Annotation, Annotations, picture_name};

pub(super) fn write(annotations: &Annotations, path: &Path) -> Result<usize, AnnotationError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let schema = &annotations.schema;
    let cannot = |reason| AnnotationProblem::CannotWrite { format: "imglab", reason };
    // A picture that stood there twice would seem to have objects without a box, which a detector would learn from.
    let mut places = HashMap::new();
    let mut images: Vec<(&Path, String)> = Vec::new();
    for row in &annotations.rows {
        let place = *places.entry(&row.picture).or_insert_with(|| {
            images.push((&row.picture, String::new()));
            images.len() - 1
        });
        add_box(&mut images[place].1, row, schema)
            .map_err(|reason| cannot(reason).at(path, &row.name))?;
    }
    let text_of = |text: &str| {
        escape(text).ok_or_else(|| cannot(format!("XML cannot hold the name {text:?}")).of(path))
    };
    let mut text = String::from("<?xml version='1.0' encoding='UTF-8'?>\n<dataset>\n");
    let _ = writeln!(text, "<name>{}</name>\n<images>", text_of(schema.name())?);
    for (picture, boxes) in images {
        let file = text_of(&picture_name(folder, picture))?;
        let _ = writeln!(text, "  <image file='{file}'>\n{boxes}  </image>");
    }
    text.push_str("</images>\n</dataset>\n");
    write_whole(path, text.as_bytes())?;
    Ok(1)
}

/// Adds the box of a row and its parts. A row without box and points is passed over.
fn add_box(text: &mut String, row: &Annotation, schema: &Schema) -> Result<(), String> {
    if let Some(reason) = unwritable(&row.labels, row.region) {
        return Err(reason.to_owned());
    }
    let bounds = row.region.map(Region::to_pixels).or_else(|| pixels_around(&row.labels));
    let Some([left, top, width, height]) = bounds else { return Ok(()) };
    let _ = writeln!(text, "    <box top='{top}' left='{left}' width='{width}' height='{height}'>");
    for (keypoint, point) in row.labels.points() {
        let name = schema.names().get(keypoint.index());
        let name =
            name.ok_or_else(|| format!("a point beyond the {} of the schema", schema.len()))?;
        let name = escape(name).ok_or_else(|| format!("XML cannot hold the name {name:?}"))?;
        let (x, y) = (decimal(point.x), decimal(point.y));
        let _ = writeln!(text, "      <part name='{name}' x='{x}' y='{y}'/>");
    }
    text.push_str("    </box>\n");
    Ok(())
}

/// The box of all whole pixels that have a point on them: left, top, width, height.
fn pixels_around(labels: &Labels) -> Option<[f64; 4]> {
    let around = Region::of_points(labels)?;
    let [left, top, right, bottom] =
        [around.left, around.top, around.right, around.bottom].map(|edge| (edge + 0.5).floor());
    Some([left, top, right - left + 1.0, bottom - top + 1.0])
}

/// A text for use between tags or single quotes. `None` where XML has no way to write it.
fn escape(text: &str) -> Option<String> {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\'' => escaped.push_str("&apos;"),
            '"' => escaped.push_str("&quot;"),
            // As they are, they would be read as spaces.
            '\t' | '\n' | '\r' => {
                let _ = write!(escaped, "&#{};", u32::from(character));
            }
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => return None,
            _ => escaped.push(character),
        }
    }
    Some(escaped)
}
