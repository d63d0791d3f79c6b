//! A face as plain numbers with names.

use keypoints_core::{Keypoint, Labels, Point, Schema};
use keypoints_detect::{Face, TrackedFace};

/// A face as JavaScript gets it. All lengths are in pixels of the picture. The box counts from the picture's corner, points from the centre
/// of its first pixel, as `predict --format json` writes them.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceValues {
    /// Left, top, width, height.
    pub region: [f64; 4],
    /// From 0 to 1.
    pub score: f64,
    /// Each point's name and place.
    pub keypoints: Vec<(String, [f64; 2])>,
    /// Each point's name and uncertainty, where the network knows it.
    pub uncertainty: Option<Vec<(String, f64)>>,
}

impl FaceValues {
    /// Names the points of a face.
    pub fn of(face: &Face, schema: &Schema) -> Self {
        let pixels =
            |(&one, &pixels): (&Keypoint, &f32)| (schema.name_of(one).to_owned(), pixels.into());
        Self {
            region: face.region.to_pixels(),
            score: face.score.into(),
            keypoints: named_points(&face.points, schema),
            uncertainty: face.uncertainty.as_ref().map(|all| all.iter().map(pixels).collect()),
        }
    }
}

/// A face of a video as JavaScript gets it.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackedValues {
    /// The same as long as the face is followed.
    pub id: u64,
    /// The face, smoothed.
    pub face: FaceValues,
    /// Each point's name and place as it was read in this frame.
    pub raw: Vec<(String, [f64; 2])>,
}

impl TrackedValues {
    /// Names the points of a face.
    pub fn of(tracked: &TrackedFace, schema: &Schema) -> Self {
        Self {
            id: tracked.id,
            face: FaceValues::of(&tracked.face, schema),
            raw: named_points(&tracked.raw, schema),
        }
    }
}

/// The name and the place of every point that is there.
pub(crate) fn named_points(points: &Labels, schema: &Schema) -> Vec<(String, [f64; 2])> {
    let named = |(one, Point { x, y })| (schema.name_of(one).to_owned(), [x.into(), y.into()]);
    points.points().map(named).collect()
}

#[cfg(test)]
mod tests;
