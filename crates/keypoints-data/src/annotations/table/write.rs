//! Labels as a table of text.

use std::borrow::Cow;
use std::path::Path;

use super::cells::{Cells, Rows};
use super::columns::Columns;
use crate::annotations::error::{AnnotationError, AnnotationProblem};
use crate::annotations::whole::{decimal, write_whole};
use crate::annotations::{Annotations, picture_name};

const BOX: [&str; 4] = ["left", "top", "width", "height"];

/// Writes a comma-separated table or, for a name that ends with `.tsv`, one separated by tabs.
pub(super) fn write(annotations: &Annotations, path: &Path) -> Result<(), AnnotationError> {
    let cannot =
        |reason: String| Err(AnnotationProblem::CannotWrite { format: "table", reason }.of(path));
    let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
    if ending == "parquet" {
        return cannot("only .csv and .tsv files are written".to_owned());
    }
    let separator = if ending == "tsv" { '\t' } else { ',' };
    let folder = path.parent().unwrap_or(Path::new(""));
    let has_boxes = annotations.rows.iter().any(|row| row.region.is_some());
    let mut header = vec!["picture".to_owned()];
    if has_boxes {
        header.extend(BOX.map(str::to_owned));
    }
    header.extend(annotations.schema.coordinate_names());
    if let Some(name) = not_read_back(annotations.schema.names(), &header) {
        return cannot(format!("a column named after point `{name}` means something else"));
    }
    let mut text = String::new();
    line(&mut text, separator, header);
    for row in &annotations.rows {
        let wrong = row
            .picture
            .to_str()
            .is_none_or(|name| name.trim().is_empty() || name.chars().any(char::is_control));
        let name = picture_name(folder, &row.picture);
        if wrong || name.trim() != name || name.ends_with(['/', '\\', '.']) {
            return cannot(format!("a cell cannot hold the picture's name {:?}", row.picture));
        }
        let mut cells = vec![name];
        match row.region {
            Some(region) => cells.extend(region.to_pixels().map(|number| number.to_string())),
            None if has_boxes => cells.extend(BOX.map(|_| String::new())),
            None => {}
        }
        for keypoint in annotations.schema.keypoints() {
            match row.labels.point(keypoint) {
                Some(point) if point.x.is_finite() && point.y.is_finite() => {
                    cells.extend([point.x, point.y].map(|value| decimal(value).to_string()));
                }
                Some(_) => {
                    let point = annotations.schema.name_of(keypoint);
                    let reason = format!("point `{point}` of `{}` is not finite", row.name);
                    return cannot(reason);
                }
                None => cells.extend([String::new(), String::new()]),
            }
        }
        line(&mut text, separator, cells);
    }
    write_whole(path, text.as_bytes())
}

/// The first point that is not read from the columns that are named after it.
fn not_read_back<'a>(names: &'a [String], header: &[String]) -> Option<&'a String> {
    struct None;
    impl Rows for None {
        fn unit(&self) -> &'static str {
            "line"
        }

        fn has_decimal_comma(&self) -> bool {
            false
        }

        fn rows(
            &self,
        ) -> Box<dyn Iterator<Item = (usize, Result<Cells<'_>, AnnotationProblem>)> + '_> {
            Box::new(std::iter::empty())
        }
    }
    let cells: Vec<Cow<'_, str>> = header.iter().map(|name| Cow::Borrowed(&**name)).collect();
    let read = Columns::of_header(&cells, &None);
    let points = read.map(|columns| columns.points).unwrap_or_default();
    names.iter().enumerate().find_map(|(index, name)| {
        let is_it = points.get(index).is_some_and(|point| point.name == *name);
        (!is_it).then_some(name)
    })
}

fn line(text: &mut String, separator: char, cells: Vec<String>) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            text.push(separator);
        }
        match cell.contains([',', ';', '\t', '"']) {
            true => {
                text.push('"');
                text.push_str(&cell.replace('"', "\"\""));
                text.push('"');
            }
            false => text.push_str(cell),
        }
    }
    text.push('\n');
}
