//! From the network's outputs to faces.

use keypoints_core::{Point, Region};

use super::face::YuNetFace;
use super::weights::OUTPUTS;
use crate::keep_best::keep_best;

/// Of two faces whose boxes overlap by more, the one with the lower score goes. OpenCV's default.
const OVERLAP: f64 = 0.3;

/// Faces that are compared at most; those with lower scores go. OpenCV's default.
const MOST: usize = 5000;

/// The output of one stride.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cells<'a> {
    /// [`OUTPUTS`] maps, each row by row.
    pub(super) values: &'a [f32],
    pub(super) columns: usize,
    /// Pixels of the input along a cell.
    pub(super) stride: usize,
    /// Pixels of the picture along a pixel of the input: across and down.
    pub(super) scale: [f64; 2],
}

impl Cells<'_> {
    /// Returns the faces with at least this score, one per cell. Those with numbers that are not finite are left out.
    pub(super) fn faces(self, score: f32) -> impl Iterator<Item = YuNetFace> {
        let cells = self.values.len() / OUTPUTS;
        (0..cells).filter_map(move |cell| self.face(cell, cells, score))
    }

    fn face(&self, cell: usize, cells: usize, least: f32) -> Option<YuNetFace> {
        let value = |map: usize| self.values[map * cells + cell];
        let score = (probability(value(0)) * probability(value(1))).sqrt();
        // A score that is no number is not high enough either.
        let high_enough = score >= least;
        if !high_enough {
            return None;
        }
        let corner = [cell % self.columns, cell / self.columns].map(|index| index as f64);
        // From a distance to the cell's corner, in cells, to the picture.
        let place = |axis: usize, map: usize| {
            (corner[axis] + f64::from(value(map))) * self.stride as f64 * self.scale[axis]
        };
        let length = |axis: usize, map: usize| {
            f64::from(value(map)).exp() * self.stride as f64 * self.scale[axis]
        };
        let (width, height) = (length(0, 4), length(1, 5));
        let region =
            Region::of_pixels(place(0, 2) - width / 2.0, place(1, 3) - height / 2.0, width, height);
        // The network counts from the picture's corner, labels from the centre of the first pixel.
        let points = std::array::from_fn(|point| Point {
            x: (place(0, 6 + 2 * point) - 0.5) as f32,
            y: (place(1, 7 + 2 * point) - 0.5) as f32,
        });
        let Region { left, top, right, bottom } = region;
        let finite = [left, top, right, bottom].iter().all(|edge| edge.is_finite())
            && points.iter().all(|point: &Point| point.x.is_finite() && point.y.is_finite());
        finite.then_some(YuNetFace { region, points, score })
    }
}

/// The probability of log odds.
fn probability(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// Sorts by score, the highest first, and keeps one of the faces at each place (non-maximum suppression).
pub(super) fn suppress(mut faces: Vec<YuNetFace>) -> Vec<YuNetFace> {
    faces.sort_by(|one, other| other.score.total_cmp(&one.score));
    faces.truncate(MOST);
    let is_same = |one: &YuNetFace, other: &YuNetFace| one.region.overlap(other.region) > OVERLAP;
    keep_best(faces, |face| face.score, is_same)
}

#[cfg(test)]
mod tests;
