//! The schema of a dataset: given, from its number of points, or guessed from names.

use std::path::Path;
use std::sync::Arc;

use keypoints_core::{BUILTIN_SCHEMAS, Schema};

use super::SchemaOrigin;
use super::error::{AnnotationError, AnnotationProblem};

/// The file beside the labels that says what the points mean.
pub(crate) const POINTS_FILE: &str = "points.json";

/// A schema by its name or from a JSON file. `None` reads `points.json` in a folder, if it is there.
///
/// ```
/// use keypoints_data::annotations::read_schema;
///
/// let folder = tempfile::tempdir()?;
/// assert!(read_schema(None, folder.path())?.is_none());
/// std::fs::write(folder.path().join("points.json"), r#"{ "name": "dot", "keypoints": ["dot"] }"#)?;
/// assert_eq!(read_schema(None, folder.path())?.map(|schema| schema.len()), Some(1));
/// assert_eq!(read_schema(Some("ibug-68"), folder.path())?.map(|schema| schema.len()), Some(68));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`AnnotationError`] for a file that cannot be read or is no schema.
pub fn read_schema(
    named: Option<&str>,
    folder: &Path,
) -> Result<Option<Arc<Schema>>, AnnotationError> {
    let path = match named {
        Some(name) => match Schema::builtin(name) {
            Some(schema) => return Ok(Some(schema)),
            None => Path::new(name).to_owned(),
        },
        None => folder.join(POINTS_FILE),
    };
    if named.is_none() && !path.exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => AnnotationProblem::Malformed(format!(
            "no such schema: neither one of {} nor a file",
            BUILTIN_SCHEMAS.join(", ")
        ))
        .of(&path),
        _ => AnnotationProblem::Io(error).of(&path),
    })?;
    match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(schema) => Ok(Some(Arc::new(schema))),
        Err(error) => Err(AnnotationProblem::Malformed(format!("not a schema: {error}")).of(path)),
    }
}

/// The schema of points that have no names: the given one, else the built-in one with so many points, else points called
/// `point_1` and so on.
pub(crate) fn schema_of_count(
    given: Option<&Arc<Schema>>,
    points: usize,
    path: &Path,
) -> Result<(Arc<Schema>, SchemaOrigin), AnnotationError> {
    if let Some(schema) = given {
        return Ok((Arc::clone(schema), SchemaOrigin::Given));
    }
    // `coco-face-68` has the same points as `ibug-68`.
    let builtin = match points {
        68 => Schema::builtin("ibug-68"),
        98 => Schema::builtin("wflw-98"),
        _ => None,
    };
    if let Some(schema) = builtin {
        return Ok((schema, SchemaOrigin::Counted));
    }
    let names = (1..=points).map(|number| format!("point_{number}"));
    let schema = Schema::new(format!("points-{points}"), names)
        .map_err(|error| AnnotationProblem::Schema(error).of(path))?;
    Ok((Arc::new(schema), SchemaOrigin::Guessed))
}

/// The schema of points with these names. Mirror pairs and unit are guessed.
pub(crate) fn schema_of_names(
    name: &str,
    points: &[String],
    path: &Path,
) -> Result<(Arc<Schema>, SchemaOrigin), AnnotationError> {
    // Guessing takes long for more points than a schema may have, so their number is checked first.
    let schema = Schema::new(name, points).and_then(|_| Schema::guess(name, points));
    let schema = schema.map_err(|error| AnnotationProblem::Schema(error).of(path))?;
    Ok((Arc::new(schema), SchemaOrigin::Guessed))
}
