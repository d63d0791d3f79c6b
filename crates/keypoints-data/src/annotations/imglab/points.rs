//! The points that the parts of an imglab file stand for.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use keypoints_core::{Keypoint, Schema};

use crate::annotations::SchemaOrigin;
use crate::annotations::error::AnnotationError;
use crate::annotations::format::ReadOptions;
use crate::annotations::points::{schema_of_count, schema_of_names};
use crate::annotations::whole::stem;

/// A schema and the points of it that part names stand for.
pub(super) struct Points<'a> {
    pub(super) schema: Arc<Schema>,
    pub(super) origin: SchemaOrigin,
    by_name: HashMap<&'a str, Keypoint>,
}

impl<'a> Points<'a> {
    /// `names` are those of all parts of the file, each once, in the order in which they first occur.
    pub(super) fn of(
        mut names: Vec<&'a str>,
        path: &Path,
        options: &ReadOptions,
    ) -> Result<Self, AnnotationError> {
        if let Some(given) = &options.schema {
            let (schema, origin) = (Arc::clone(given), SchemaOrigin::Given);
            let by_name = given_points(&names, given);
            return Ok(Self { schema, origin, by_name });
        }
        let numbers: Option<Vec<u64>> = names.iter().map(|name| number(name)).collect();
        let is_numbered = numbers.is_some();
        let mut counted = false;
        if let Some(mut numbers) = numbers {
            names.sort_by_key(|name| number(name));
            numbers.sort_unstable();
            let first = numbers.first().copied().unwrap_or_default();
            counted = first <= 1 && (first..).zip(&numbers).all(|(rank, &one)| rank == one);
        }
        let (schema, origin) = if is_numbered && counted {
            schema_of_count(None, names.len(), path)?
        } else {
            let points: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            schema_of_names(&stem(path), &points, path)?
        };
        let by_name = names.into_iter().zip(schema.keypoints()).collect();
        Ok(Self { schema, origin, by_name })
    }

    pub(super) fn get(&self, name: &str) -> Option<Keypoint> {
        self.by_name.get(name).copied()
    }
}

/// The points of a given schema: by name, else by number.
fn given_points<'a>(names: &[&'a str], schema: &Schema) -> HashMap<&'a str, Keypoint> {
    let known: HashMap<&str, Keypoint> =
        schema.names().iter().map(String::as_str).zip(schema.keypoints()).collect();
    let numbers = || names.iter().filter_map(|name| number(name));
    let from_1 = numbers().min() > Some(0) && numbers().max() == Some(schema.len() as u64);
    let by_number = |name: &str| {
        let index = number(name)?.checked_sub(from_1.into())?;
        let index = u16::try_from(index).ok().filter(|&index| usize::from(index) < schema.len());
        index.map(Keypoint::new)
    };
    let point = |&name: &&'a str| {
        let point = known.get(name).copied().or_else(|| by_number(name));
        point.map(|point| (name, point))
    };
    names.iter().filter_map(point).collect()
}

/// The number that a part is called: digits only.
fn number(name: &str) -> Option<u64> {
    let is_digits = name.bytes().all(|byte| byte.is_ascii_digit());
    if is_digits { name.parse().ok() } else { None }
}
