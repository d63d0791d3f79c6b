//! Which numbers of a COCO file are the points, and what they mean.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use keypoints_core::{Keypoint, Schema};

use super::json::{File, Object, parse, place};
use crate::annotations::SchemaOrigin;
use crate::annotations::error::{AnnotationError, AnnotationProblem};
use crate::annotations::format::ReadOptions;
use crate::annotations::points::{schema_of_count, schema_of_names};
use crate::annotations::whole::stem;
use crate::excerpt::excerpt;

/// What `face_kpts` are.
const FACE: &str = "coco-face-68";
/// How many categories an error names.
const MOST_NAMED: usize = 8;

/// Where the points of each object are.
pub(super) struct Layout {
    pub(super) schema: Arc<Schema>,
    pub(super) origin: SchemaOrigin,
    /// Whether they are in `face_kpts`.
    pub(super) faces: bool,
    /// The points of the schema in the order of the file.
    pub(super) columns: Vec<Keypoint>,
}

/// The objects of one category that have labelled points.
struct Group {
    objects: usize,
    /// How many points the first of them has.
    points: usize,
}

impl Layout {
    pub(super) fn of(
        file: &File,
        path: &Path,
        options: &ReadOptions,
    ) -> Result<Self, AnnotationError> {
        let mut faces = false;
        let mut groups = BTreeMap::<Option<String>, Group>::new();
        let mut first_fault = None;
        for (index, one) in file.annotations.iter().enumerate() {
            let object: Object = match parse(one) {
                Ok(object) => object,
                Err(problem) => {
                    first_fault
                        .get_or_insert_with(|| problem.at(path, place(one, "annotation", index)));
                    continue;
                }
            };
            if object.is_crowd() {
                continue;
            }
            faces |= object.face_kpts.is_some();
            if is_labelled(&object.keypoints) {
                let points = object.keypoints.len() / 3;
                let group = || Group { objects: 0, points };
                groups.entry(object.category_id()).or_insert_with(group).objects += 1;
            }
        }
        if let Some(layout) = Self::of_faces(faces, file, path, options)? {
            return Ok(layout);
        }
        let nothing = || first_fault.unwrap_or_else(|| AnnotationProblem::NoRows.of(path));
        let (id, group) = groups.first_key_value().ok_or_else(nothing)?;
        if groups.len() > 1 {
            return Err(AnnotationProblem::Malformed(several(file, &groups)).of(path));
        }
        Self::of_category(file, id.as_deref(), group.points, path, options)
    }

    /// The layout of faces; `None` where the points of bodies are to be read.
    fn of_faces(
        faces: bool,
        file: &File,
        path: &Path,
        options: &ReadOptions,
    ) -> Result<Option<Self>, AnnotationError> {
        let Some(face) = Schema::builtin(FACE).filter(|_| faces) else { return Ok(None) };
        let layout = match &options.schema {
            None => {
                let columns = face.keypoints().collect();
                Self { schema: face, origin: SchemaOrigin::Counted, faces, columns }
            }
            Some(given) => match columns(given, face.names(), path) {
                Ok(columns) => {
                    let schema = Arc::clone(given);
                    Self { schema, origin: SchemaOrigin::Given, faces, columns }
                }
                Err(fault) => {
                    let fits = |points: &[String]| columns(given, points, path).is_ok();
                    let body = file.categories.iter().any(|one| fits(&one.keypoints));
                    return if body { Ok(None) } else { Err(fault) };
                }
            },
        };
        Ok(Some(layout))
    }

    fn of_category(
        file: &File,
        id: Option<&str>,
        points: usize,
        path: &Path,
        options: &ReadOptions,
    ) -> Result<Self, AnnotationError> {
        let malformed = |problem| Err(AnnotationProblem::Malformed(problem).of(path));
        let mut of_id = file.categories.iter().filter(|one| match id {
            Some(id) => one.id().as_deref() == Some(id),
            // Where no annotation names a category, it is the only one that has points.
            None => !one.keypoints.is_empty(),
        });
        let category = of_id.next();
        let second = of_id.next();
        let named = id.map(|id| excerpt(id.as_bytes()));
        match (named, category, second) {
            (Some(id), Some(_), Some(_)) => {
                return malformed(format!("two categories with id {id}; give each its own"));
            }
            (None, Some(_), Some(_)) => {
                return malformed("annotations without category_id, but several categories".into());
            }
            (Some(id), None, _) if !file.categories.is_empty() => {
                return malformed(format!(
                    "annotations of category {id}, which `categories` lacks"
                ));
            }
            _ => {}
        }
        let Some(category) = category.filter(|one| !one.keypoints.is_empty()) else {
            let (schema, origin) = schema_of_count(options.schema.as_ref(), points, path)?;
            let columns = schema.keypoints().collect();
            return Ok(Self { schema, origin, faces: false, columns });
        };
        let names = &category.keypoints;
        if let Some(given) = &options.schema {
            let columns = columns(given, names, path)?;
            let (schema, origin) = (Arc::clone(given), SchemaOrigin::Given);
            return Ok(Self { schema, origin, faces: false, columns });
        }
        let name = category.name.clone().filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| stem(path));
        let (schema, origin) = schema_of_names(&name, names, path)?;
        let columns = schema.keypoints().collect();
        Ok(Self { schema, origin, faces: false, columns })
    }
}

/// Whether any of the points has a visibility.
pub(super) fn is_labelled(numbers: &[f64]) -> bool {
    numbers.chunks_exact(3).any(|point| point[2] != 0.0)
}

/// The points of a schema in the order of the file: by name if it has all of them, else by position.
fn columns(
    schema: &Schema,
    names: &[String],
    path: &Path,
) -> Result<Vec<Keypoint>, AnnotationError> {
    let known: HashMap<&str, Keypoint> =
        schema.names().iter().map(String::as_str).zip(schema.keypoints()).collect();
    let named: Option<Vec<Keypoint>> =
        names.iter().map(|name| known.get(name.as_str()).copied()).collect();
    let once = |columns: &Vec<Keypoint>| {
        let mut sorted = columns.clone();
        sorted.sort();
        !sorted.is_empty() && sorted.windows(2).all(|pair| pair[0] != pair[1])
    };
    if let Some(columns) = named.filter(once) {
        return Ok(columns);
    }
    if names.len() == schema.len() {
        return Ok(schema.keypoints().collect());
    }
    let (expected, found, schema) = (schema.len(), names.len(), schema.name().to_owned());
    Err(AnnotationProblem::WrongCount { expected, found, schema }.of(path))
}

fn several(file: &File, groups: &BTreeMap<Option<String>, Group>) -> String {
    let named = |(id, group): (&Option<String>, &Group)| {
        let category = file.categories.iter().find(|one| one.id() == *id);
        let name = category.and_then(|one| one.name.as_ref()).or(id.as_ref());
        let name = name.map_or_else(|| "no category".into(), |name| excerpt(name.as_bytes()));
        format!("`{name}` ({})", group.objects)
    };
    let mut names: Vec<String> = groups.iter().take(MOST_NAMED).map(named).collect();
    if groups.len() > MOST_NAMED {
        names.push("…".to_owned());
    }
    format!(
        "keypoints of {} categories: {}; keep the annotations of one category in the file",
        groups.len(),
        names.join(", ")
    )
}
