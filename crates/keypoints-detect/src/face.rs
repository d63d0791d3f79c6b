//! Faces on photos.

use keypoints_core::{Crop, Labels, Region};
use keypoints_finder::keep_best;
use keypoints_predict::Uncertainty;

/// A face on a photo, with its points. All lengths are in pixels of the photo; 0 is the centre of the first pixel.
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    /// A box around the face: upright, and as large as the face however the head leans. Given to
    /// [`Detector::find_in`](crate::Detector::find_in), it leads to the same face.
    pub region: Region,
    /// How sure the face finder is that this is a face, from 0 to 1. 1 where a caller said so.
    pub score: f32,
    /// The points, which may lie outside of the photo where the face does.
    pub points: Labels,
    /// The uncertainty of every point, in pixels of the photo: on crops like those that the network was tested on, 68 % of points lie
    /// within it. `None` where the network has no heat maps.
    pub uncertainty: Option<Uncertainty>,
    /// The square that the network looked at for these points.
    pub crop: Crop,
}

/// Points that are closer than this share of the crop's side on average are those of one face: 0.3 of the distance between the eyes on the
/// competition's crops.
const SAME_POINTS: f64 = 0.115;

/// Crops that have more than this share of their area in common are those of one face. Cheek to cheek, two faces share a tenth.
pub(crate) const SAME_CROPS: f64 = 0.5;

impl Face {
    /// Whether two faces of one photo are the same: their points lie at the same places, or their crops cover each other.
    ///
    /// ```
    /// use keypoints_core::Crop;
    /// use keypoints_detect::{Face, Labels};
    ///
    /// let face = |x: f64| {
    ///     let crop = Crop::upright([x, 100.0], 80.0);
    ///     Face { region: crop.region(), score: 1.0, points: Labels::default(), uncertainty: None, crop }
    /// };
    /// assert!(face(100.0).is_same(&face(110.0)));
    /// assert!(!face(100.0).is_same(&face(160.0)));
    /// ```
    pub fn is_same(&self, other: &Self) -> bool {
        if self.crop.region().overlap(other.crop.region()) > SAME_CROPS {
            return true;
        }
        let distance = |(keypoint, point)| Some(other.points.point(keypoint)?.distance(point));
        let distances: Vec<f64> = self.points.points().filter_map(distance).collect();
        let mean = distances.iter().sum::<f64>() / distances.len() as f64;
        // Without common points the mean is NaN.
        mean < SAME_POINTS * self.crop.side.min(other.crop.side)
    }

    /// The mean uncertainty of the points, as a share of the crop's side.
    pub(crate) fn mean_uncertainty(&self) -> Option<f64> {
        let all = self.uncertainty.as_ref()?;
        let sum: f64 = all.values().map(|&pixels| f64::from(pixels)).sum();
        Some(sum / all.len() as f64 / self.crop.side).filter(|mean| mean.is_finite())
    }
}

/// Leaves of every group of faces that are the same the one with the highest score; the highest score first.
pub(crate) fn without_doubles(faces: Vec<Face>) -> Vec<Face> {
    keep_best(faces, |face| face.score, Face::is_same)
}

#[cfg(test)]
mod tests;
