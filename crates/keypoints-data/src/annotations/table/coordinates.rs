//! The columns of points.

use std::collections::HashMap;

use super::boxes::simple;
use crate::annotations::error::AnnotationProblem;

/// A point's two columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PointColumns {
    /// The point as the header names it, or its number.
    pub(super) name: String,
    pub(super) x: usize,
    pub(super) y: usize,
}

/// A column of one coordinate.
pub(super) struct Coordinate {
    pub(super) name: String,
    pub(super) is_y: bool,
    pub(super) column: usize,
}

/// The point of a column and whether it is the point's y: `<point>_x`, `<point>.x`, `x_<point>`, `x<number>`.
pub(super) fn coordinate(column: &str) -> Option<(&str, bool)> {
    let is_y = |axis: char| match axis {
        'x' | 'X' => Some(false),
        'y' | 'Y' => Some(true),
        _ => None,
    };
    let mut chars = column.chars();
    if let Some(is_y) = chars.next_back().and_then(is_y)
        && let Some(name) = chars.as_str().strip_suffix(['_', '.'])
    {
        // Such are parts of a box.
        let is_point = !matches!(&*simple(name), "" | "box" | "bbox");
        return is_point.then_some((name, is_y));
    }
    let mut chars = column.chars();
    let is_y = chars.next().and_then(is_y)?;
    let rest = chars.as_str();
    let name = match rest.strip_prefix('_') {
        Some(name) if !matches!(&*simple(name), "" | "min" | "max") => name,
        None if !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => return None,
    };
    Some((name, is_y))
}

/// Points from their columns, in the order in which their names come.
pub(super) fn points(
    coordinates: &[Coordinate],
    shown: &dyn Fn(usize) -> String,
) -> Result<Vec<PointColumns>, AnnotationProblem> {
    let wrong = |what: String| Err(AnnotationProblem::Malformed(what));
    let mut found: Vec<(&str, [Option<usize>; 2])> = Vec::new();
    let mut places = HashMap::new();
    for one in coordinates {
        let place = *places.entry(&*one.name).or_insert_with(|| {
            found.push((&one.name, [None; 2]));
            found.len() - 1
        });
        let column = &mut found[place].1[usize::from(one.is_y)];
        if let Some(other) = column.replace(one.column) {
            let (one, other) = (shown(one.column), shown(other));
            return wrong(format!("columns {other} and {one} are the same coordinate; keep one"));
        }
    }
    let mut points = Vec::new();
    for (name, columns) in found {
        match columns {
            [Some(x), Some(y)] => points.push(PointColumns { name: name.to_owned(), x, y }),
            [Some(one), None] => {
                return wrong(format!("column {} has no column for y beside it", shown(one)));
            }
            [_, one] => {
                let column = one.map(shown).unwrap_or_default();
                return wrong(format!("column {column} has no column for x beside it"));
            }
        }
    }
    match points.is_empty() {
        true => wrong("no coordinates; expected columns `<point>_x` and `<point>_y`".to_owned()),
        false => Ok(points),
    }
}
