//! What the points of a dataset are called, which change places in a mirror, and who labelled them.

mod builtin;
mod error;
mod file;
mod guess;
mod source;

pub use builtin::BUILTIN_SCHEMAS;
pub use error::SchemaError;
pub use source::{LabelSource, Source};

use serde::{Deserialize, Serialize};

use crate::keypoint::{Axis, Coordinate, Keypoint};
use crate::named::Named;
use file::SchemaFile;

/// The keypoints of a dataset: names, mirror pairs, the unit of the normalised error, and label sources.
///
/// A schema is a value. It is read from JSON, and every model file carries the schema of its network:
///
/// ```
/// use keypoints_core::Schema;
///
/// let schema: Schema = serde_json::from_str(
///     r#"{
///         "name": "hand-3",
///         "keypoints": ["wrist", "left_of_thumb", "right_of_thumb"],
///         "mirror_pairs": [["left_of_thumb", "right_of_thumb"]],
///         "unit": ["wrist", "left_of_thumb"]
///     }"#,
/// )?;
/// let [wrist, left, right] = ["wrist", "left_of_thumb", "right_of_thumb"].map(|name| schema.keypoint(name));
/// assert_eq!(left.and_then(|left| schema.mirrored(left)), right);
/// assert_eq!(wrist.and_then(|wrist| schema.mirrored(wrist)), wrist);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// `mirror_pairs`, `unit`, `groups` (names of points, scored together) and `sources` may be left out. Without `mirror_pairs` nobody knows what a mirror image looks like,
/// so flips are refused; an empty list says that every point is its own mirror image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "SchemaFile", into = "SchemaFile")]
pub struct Schema {
    name: String,
    keypoints: Vec<String>,
    /// The partner of every point, in order; `None` where nobody said.
    mirror: Option<Vec<Keypoint>>,
    unit: Option<[Keypoint; 2]>,
    /// Points that are scored together, by name.
    groups: Named<Vec<Keypoint>>,
    /// At least one.
    sources: Vec<LabelSource>,
}

impl Schema {
    /// Points with these names, labelled by one source, without mirror pairs and unit.
    ///
    /// # Errors
    /// [`SchemaError`] where there is no name, an empty one, or one twice.
    pub fn new<N: Into<String>>(
        name: impl Into<String>,
        keypoints: impl IntoIterator<Item = N>,
    ) -> Result<Self, SchemaError> {
        let keypoints = keypoints.into_iter().map(Into::into).collect();
        let file = SchemaFile { name: name.into(), keypoints, ..SchemaFile::default() };
        Self::try_from(file)
    }

    /// What the schema is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many keypoints there are; at least one.
    #[expect(clippy::len_without_is_empty, reason = "a schema is never empty")]
    pub fn len(&self) -> usize {
        self.keypoints.len()
    }

    /// All keypoints in order.
    pub fn keypoints(&self) -> impl ExactSizeIterator<Item = Keypoint> + Clone + use<> {
        (0..self.len()).map(|index| Keypoint::new(index as u16))
    }

    /// All coordinates in order: x before y, point by point.
    pub fn coordinates(&self) -> impl ExactSizeIterator<Item = Coordinate> + Clone + use<> {
        Coordinate::all(self.len())
    }

    /// The names of all keypoints in order.
    pub fn names(&self) -> &[String] {
        &self.keypoints
    }

    /// The name of a keypoint.
    ///
    /// # Panics
    /// If the schema has no such keypoint.
    pub fn name_of(&self, keypoint: Keypoint) -> &str {
        &self.keypoints[keypoint.index()]
    }

    /// The keypoint of that name.
    pub fn keypoint(&self, name: &str) -> Option<Keypoint> {
        let index = self.keypoints.iter().position(|one| one == name)?;
        Some(Keypoint::new(index as u16))
    }

    /// The name of a coordinate, `nose_tip_x` for example.
    ///
    /// # Panics
    /// If the schema has no such keypoint.
    pub fn coordinate_name(&self, coordinate: Coordinate) -> String {
        format!("{}_{}", self.name_of(coordinate.keypoint), coordinate.axis)
    }

    /// The names of all coordinates in order.
    pub fn coordinate_names(&self) -> Vec<String> {
        self.coordinates().map(|one| self.coordinate_name(one)).collect()
    }

    /// The coordinate of that name, `nose_tip_x` for example.
    pub fn coordinate(&self, name: &str) -> Option<Coordinate> {
        let (stem, axis) = name.rsplit_once('_')?;
        let axis = match axis {
            "x" => Axis::X,
            "y" => Axis::Y,
            _ => return None,
        };
        Some(Coordinate { keypoint: self.keypoint(stem)?, axis })
    }

    /// Whether the schema says which points change places in a mirror.
    pub fn has_mirror(&self) -> bool {
        self.mirror.is_some()
    }

    /// The keypoint that this one becomes in a mirror image, often itself. `None` where the schema does not say.
    pub fn mirrored(&self, keypoint: Keypoint) -> Option<Keypoint> {
        self.mirror.as_ref().map(|partners| partners[keypoint.index()])
    }

    /// The two points whose distance is the unit of the normalised mean error.
    pub fn unit(&self) -> Option<[Keypoint; 2]> {
        self.unit
    }

    /// Groups of points that are scored together, such as `eyes`; often none. Groups may share points.
    pub fn groups(&self) -> &Named<Vec<Keypoint>> {
        &self.groups
    }

    /// The label sources; at least one.
    pub fn sources(&self) -> &[LabelSource] {
        &self.sources
    }

    /// The indices of the label sources, in order.
    pub fn source_indices(&self) -> impl ExactSizeIterator<Item = Source> + Clone + use<> {
        (0..self.sources.len()).map(|index| Source::new(index as u8))
    }

    /// What is known of a label source.
    ///
    /// # Panics
    /// If the schema has no such source.
    pub fn source(&self, source: Source) -> &LabelSource {
        &self.sources[source.index()]
    }

    /// The label source of that name.
    pub fn source_named(&self, name: &str) -> Option<Source> {
        let index = self.sources.iter().position(|one| one.name() == name)?;
        Some(Source::new(index as u8))
    }

    /// The source to ask for a point of a row that `source` labelled: the row's own or, where it never marks that
    /// point, the first source that does.
    pub fn source_for(&self, source: Source, keypoint: Keypoint) -> Source {
        if self.source(source).marks(keypoint) {
            return source;
        }
        let other = self.source_indices().find(|&other| self.source(other).marks(keypoint));
        other.unwrap_or(source)
    }

    /// The share of each source in the [weighted error](crate::ErrorReport::weighted_rmse); `None` where they have none.
    pub fn weights(&self) -> Option<Vec<f64>> {
        self.sources.iter().map(LabelSource::weight).collect()
    }
}

#[cfg(test)]
mod tests;
