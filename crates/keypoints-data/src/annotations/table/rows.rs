//! From the cells of a row to the labels of an object.

use std::borrow::Cow;

use keypoints_core::{Keypoint, Labels, Region};

use super::cells::number;
use super::columns::Columns;
use crate::annotations::error::AnnotationProblem;
use crate::excerpt::excerpt;

/// What a row holds.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) picture: &'a str,
    pub(super) region: Option<Region>,
    pub(super) labels: Labels,
}

/// What is wrong with a row, and in which column.
#[derive(Debug)]
pub(super) struct RowFault {
    pub(super) column: Option<usize>,
    pub(super) problem: AnnotationProblem,
}

impl RowFault {
    fn row(what: String) -> Self {
        Self { column: None, problem: AnnotationProblem::Malformed(what) }
    }
}

/// Where the points of a schema stand in a row, and how its numbers are written.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) columns: &'a Columns,
    pub(super) points: Vec<(Keypoint, [usize; 2])>,
    /// The number that stands for the centre of the first pixel.
    pub(super) origin: f64,
    pub(super) decimal_comma: bool,
}

impl Reader<'_> {
    /// Reads a row. `None` where all its cells are blank.
    pub(super) fn read<'c>(&self, cells: &'c [Cow<'_, str>]) -> Result<Option<Row<'c>>, RowFault> {
        if cells.iter().all(|cell| cell.is_empty()) {
            return Ok(None);
        }
        let columns = self.columns;
        if !columns.fits(cells) {
            let (found, expected) = (cells.len(), columns.fields);
            let first = if columns.has_header() { "header" } else { "first line" };
            return Err(RowFault::row(format!("{found} fields, but the {first} has {expected}")));
        }
        let picture = &*cells[columns.picture];
        let no_picture = |what: String| RowFault {
            column: Some(columns.picture),
            problem: AnnotationProblem::Malformed(what),
        };
        if picture.is_empty() {
            return Err(no_picture("no picture is named".to_owned()));
        }
        if picture.chars().any(char::is_control) || picture.ends_with(['/', '\\', '.']) {
            let found = excerpt(picture.as_bytes());
            return Err(no_picture(format!("`{found}` is no picture's name")));
        }
        let number = |column: usize| {
            number(&cells[column], self.decimal_comma)
                .map_err(|problem| RowFault { column: Some(column), problem })
        };
        for &flag in &columns.flags {
            number(flag)?;
        }
        let mut labels = Labels::default();
        for &(keypoint, [x, y]) in &self.points {
            match (number(x)?, number(y)?) {
                (Some(x), Some(y)) => {
                    labels.set(keypoint.x(), Some((x - self.origin) as f32));
                    labels.set(keypoint.y(), Some((y - self.origin) as f32));
                }
                (None, None) => {}
                (one, _) => {
                    let (there, gap) = if one.is_some() { (x, y) } else { (y, x) };
                    let (there, gap) = (columns.label(there), columns.label(gap));
                    let what = format!("half a point: {there} has a number, {gap} has none");
                    return Err(RowFault::row(what));
                }
            }
        }
        let region = self.region(number)?;
        Ok(Some(Row { picture, region, labels }))
    }

    fn region(
        &self,
        number: impl Fn(usize) -> Result<Option<f64>, RowFault>,
    ) -> Result<Option<Region>, RowFault> {
        let Some(of_box) = &self.columns.region else { return Ok(None) };
        let [one, two, three, four] = of_box.columns;
        let (left, top, width, height) =
            match [number(one)?, number(two)?, number(three)?, number(four)?] {
                [None, None, None, None] => return Ok(None),
                [Some(left), Some(top), Some(right), Some(bottom)] if of_box.corners => {
                    (left, top, right - left, bottom - top)
                }
                [Some(left), Some(top), Some(width), Some(height)] => (left, top, width, height),
                _ => {
                    let what = "part of a box: expected four numbers or none".to_owned();
                    return Err(RowFault::row(what));
                }
            };
        if !(width > 0.0 && height > 0.0) {
            return Err(RowFault {
                column: None,
                problem: AnnotationProblem::EmptyBox { width, height },
            });
        }
        Ok(Some(Region::of_pixels(left, top, width, height)))
    }
}
