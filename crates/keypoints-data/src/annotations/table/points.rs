//! Which point of which schema a column is.

use std::path::Path;
use std::sync::Arc;

use keypoints_core::{BUILTIN_SCHEMAS, Keypoint, Schema};

use super::columns::Columns;
use super::coordinates::PointColumns;
use crate::annotations::SchemaOrigin;
use crate::annotations::error::{AnnotationError, AnnotationProblem};
use crate::annotations::points::schema_of_count;

/// The schema of a table and the columns of its points.
#[derive(Debug)]
pub(super) struct Points {
    pub(super) schema: Arc<Schema>,
    pub(super) origin: SchemaOrigin,
    pub(super) columns: Vec<(Keypoint, [usize; 2])>,
}

impl Points {
    /// Matches columns to the given schema: by name where it has all of their names, by position where it has none of them and as
    /// many points.
    ///
    /// Without a schema, one of the built-in ones is taken if it has exactly these names or if numbered points are as many, else one
    /// is guessed. Numbered points are in the order of their numbers, others in the order of the columns.
    pub(super) fn new(
        columns: &Columns,
        given: Option<&Arc<Schema>>,
        path: &Path,
    ) -> Result<Self, AnnotationError> {
        let (points, numbers) = in_order(&columns.points);
        if let Some(schema) = given {
            let mut unknown = points.iter().filter(|point| schema.keypoint(&point.name).is_none());
            let name = || schema.name().to_owned();
            return match (unknown.clone().count(), unknown.next()) {
                (_, None) => Ok(Self::by_name(&points, schema, SchemaOrigin::Given)),
                (all, _) if all == points.len() && all == schema.len() => {
                    Ok(Self::by_position(&points, schema, SchemaOrigin::Given))
                }
                (all, _) if all == points.len() => {
                    let (expected, found) = (schema.len(), points.len());
                    Err(AnnotationProblem::WrongCount { expected, found, schema: name() }.of(path))
                }
                (_, Some(point)) => {
                    let point = point.name.clone();
                    Err(AnnotationProblem::UnknownPoint { name: point, schema: name() }.of(path))
                }
            };
        }
        if matches!(numbers[..], [0 | 1, ..]) && numbers.windows(2).all(|two| two[0] + 1 == two[1])
        {
            let (schema, origin) = schema_of_count(None, points.len(), path)?;
            return Ok(Self::by_position(&points, &schema, origin));
        }
        let has_all = |schema: &Arc<Schema>| {
            schema.len() == points.len()
                && points.iter().all(|point| schema.keypoint(&point.name).is_some())
        };
        let builtin = BUILTIN_SCHEMAS.iter().filter_map(|name| Schema::builtin(name)).find(has_all);
        if let Some(schema) = builtin {
            return Ok(Self::by_name(&points, &schema, SchemaOrigin::Counted));
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let name = |point: &PointColumns| match numbers.is_empty() {
            true => point.name.clone(),
            false => format!("point_{}", point.name),
        };
        let schema = Schema::guess(stem, points.iter().map(name))
            .map_err(|error| AnnotationProblem::Schema(error).of(path))?;
        Ok(Self::by_position(&points, &Arc::new(schema), SchemaOrigin::Guessed))
    }

    fn by_name(points: &[PointColumns], schema: &Arc<Schema>, origin: SchemaOrigin) -> Self {
        let column =
            |point: &PointColumns| Some((schema.keypoint(&point.name)?, [point.x, point.y]));
        let columns = points.iter().filter_map(column).collect();
        Self { schema: Arc::clone(schema), origin, columns }
    }

    fn by_position(points: &[PointColumns], schema: &Arc<Schema>, origin: SchemaOrigin) -> Self {
        let columns = points.iter().map(|point| [point.x, point.y]);
        let columns = schema.keypoints().zip(columns).collect();
        Self { schema: Arc::clone(schema), origin, columns }
    }
}

/// Points in the order of their numbers with those numbers, if all are numbered; else as they are, with none.
fn in_order(points: &[PointColumns]) -> (Vec<PointColumns>, Vec<u32>) {
    let number = |point: &PointColumns| {
        let digits = point.name.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| point.name.parse::<u32>().ok()).flatten()
    };
    let mut numbered = Vec::new();
    for point in points {
        let Some(number) = number(point) else { return (points.to_vec(), vec![]) };
        numbered.push((number, point.clone()));
    }
    numbered.sort_by_key(|(number, _)| *number);
    let (numbers, points) = numbered.into_iter().unzip();
    (points, numbers)
}
