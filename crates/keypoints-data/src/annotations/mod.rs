//! Labelled pictures of any points, in the file formats that annotation tools and datasets use.
//!
//! A [`Format`] reads [`Annotations`] from a file or a folder and writes them. [`find`] tells by content which format it is.
//!
//! ```
//! use keypoints_data::annotations::{ReadOptions, find};
//!
//! let folder = tempfile::tempdir()?;
//! std::fs::write(folder.path().join("me.pts"), "version: 1\nn_points: 2\n{\n11 21\n31 41\n}\n")?;
//! std::fs::write(folder.path().join("me.jpg"), "(a picture)")?;
//!
//! let found = find(folder.path(), None)?;
//! assert_eq!(found.format.name(), "pts");
//! let annotations = found.format.read(&found.path, &ReadOptions::default())?;
//! let me = &annotations.rows[0];
//! assert_eq!(me.picture, folder.path().join("me.jpg"));
//! let first = me.labels.points().next().ok_or("a point")?.1;
//! assert_eq!((first.x, first.y), (10.0, 20.0)); // .pts files count from 1
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod coco;
mod error;
mod find;
mod format;
mod imglab;
mod points;
mod pts;
mod table;
mod whole;

pub use error::{AnnotationError, AnnotationProblem};
pub use find::{Found, find};
pub use format::{Format, ReadOptions};
pub use points::read_schema;

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use keypoints_core::{Keypoint, Labels, Region, Schema, SchemaError};

/// All formats, in the order in which a file is tried.
pub static FORMATS: &[&dyn Format] = &[&pts::Pts, &coco::Coco, &imglab::Imglab, &table::Table];

/// Points that somebody marked on one object (a face, a hand, a cat) of one picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    /// The picture file.
    pub picture: PathBuf,
    /// What the row is called: the picture as the file names it, without its ending, and `_2`, `_3` for further objects of one
    /// picture. No two rows have the same name.
    pub name: String,
    /// Where the object is, if the file says so.
    pub region: Option<Region>,
    /// The points in pixels of the picture; `0` is the centre of the first pixel.
    pub labels: Labels,
}

/// What a file or folder of labels holds.
#[derive(Debug)]
pub struct Annotations {
    /// What the points mean.
    pub schema: Arc<Schema>,
    /// Where the schema comes from.
    pub origin: SchemaOrigin,
    /// The objects, in the order of the files' names or of the file.
    pub rows: Vec<Annotation>,
    /// What was left out: rows that cannot be read, each with its place and the reason.
    pub faults: Vec<AnnotationError>,
}

/// Where a schema comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaOrigin {
    /// The caller or a `points.json` gave it.
    Given,
    /// A built-in schema has that many points.
    Counted,
    /// Its mirror pairs and unit were guessed from the names of the points.
    Guessed,
}

impl Annotations {
    /// Keeps some of the points, in the order asked for. Rows that have none of them stay.
    ///
    /// # Errors
    /// As [`Schema::select`].
    ///
    /// # Panics
    /// If the schema has no such point.
    pub fn select(self, keypoints: &[Keypoint]) -> Result<Self, SchemaError> {
        let schema = Arc::new(self.schema.select(keypoints)?);
        let select = |row: Annotation| {
            let mut labels = Labels::default();
            for (&old, new) in keypoints.iter().zip(schema.keypoints()) {
                if let Some(point) = row.labels.point(old) {
                    labels.set_point(new, point);
                }
            }
            // A region that was the box of all points would shrink with them.
            let region = row.region.or_else(|| Region::of_points(&row.labels));
            Annotation { labels, region, ..row }
        };
        let rows = self.rows.into_iter().map(select).collect();
        Ok(Self { schema, rows, ..self })
    }
}

/// A picture's path as a label file in `folder` names it: relative to that folder unless absolute. Backslashes of Windows
/// separate folders where there is no such file otherwise.
pub(crate) fn picture_path(folder: &Path, named: &str) -> PathBuf {
    let path = folder.join(named);
    if named.contains('\\') && !path.exists() {
        return folder.join(named.replace('\\', "/"));
    }
    path
}

/// The picture's path as a label file in `folder` should name it: relative where it lies in that folder, else absolute.
pub(crate) fn picture_name(folder: &Path, picture: &Path) -> String {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (folder, picture) = (absolute(folder), absolute(picture));
    picture.strip_prefix(folder).unwrap_or(&picture).to_string_lossy().into_owned()
}

/// Names rows after their pictures: without ending, numbered from the second object of one name on.
#[derive(Debug, Default)]
pub(crate) struct RowNames(std::collections::HashMap<String, usize>);

impl RowNames {
    /// The name of the next object on a picture. It can name a file in a folder: roots and `..` of the picture's path are left out.
    pub(crate) fn next(&mut self, named: &str) -> String {
        let path = Path::new(named).with_extension("");
        let parts = path.components().filter(|part| matches!(part, Component::Normal(_)));
        let stem = parts.collect::<PathBuf>().to_string_lossy().into_owned();
        let mut number = self.0.get(&stem).copied().unwrap_or_default() + 1;
        let mut name = stem.clone();
        // `a_2` may be the name of another picture.
        while number > 1 {
            name = format!("{stem}_{number}");
            if !self.0.contains_key(&name) {
                self.0.insert(name.clone(), 1);
                break;
            }
            number += 1;
        }
        self.0.insert(stem, number);
        name
    }
}
