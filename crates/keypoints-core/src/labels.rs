//! What was marked on one picture: coordinates, any of which may be missing.

use serde::{Deserialize, Serialize};

use crate::keypoint::{Coordinate, Keypoint};

/// A place on the picture, in pixels; `(0, 0)` is the centre of the top left pixel.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Column, growing to the right.
    pub x: f32,
    /// Row, growing downwards.
    pub y: f32,
}

impl Point {
    /// The distance to another point, in pixels.
    pub fn distance(self, other: Self) -> f64 {
        f64::from(self.x - other.x).hypot(f64::from(self.y - other.y))
    }
}

/// The labels of one picture. A coordinate that nobody marked is `None`, never a number.
///
/// The list may be shorter than the schema: beyond its end nothing is labelled.
///
/// ```
/// use keypoints_core::{Keypoint, Labels};
///
/// let nose = Keypoint::new(10);
/// let mut labels = Labels::default();
/// labels.set(nose.x(), Some(48.0));
/// assert_eq!(labels.get(nose.x()), Some(48.0));
/// assert_eq!(labels.point(nose), None); // its y is missing
/// assert_eq!(labels.count(), 1);
/// ```
///
/// As JSON it is an array of numbers or `null`s: x before y, point by point.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Labels(Vec<Option<f32>>);

impl Labels {
    /// Labels from values in order (see [`Coordinate::all`]).
    pub const fn new(values: Vec<Option<f32>>) -> Self {
        Self(values)
    }

    /// The value of a coordinate in pixels, or `None` where it is missing.
    pub fn get(&self, coordinate: Coordinate) -> Option<f32> {
        self.0.get(coordinate.index()).copied().flatten()
    }

    /// Writes or removes the value of a coordinate.
    pub fn set(&mut self, coordinate: Coordinate, value: Option<f32>) {
        let index = coordinate.index();
        if index >= self.0.len() {
            if value.is_none() {
                return;
            }
            self.0.resize(index + 1, None);
        }
        self.0[index] = value;
    }

    /// Writes both coordinates of a keypoint.
    pub fn set_point(&mut self, keypoint: Keypoint, point: Point) {
        self.set(keypoint.x(), Some(point.x));
        self.set(keypoint.y(), Some(point.y));
    }

    /// A keypoint of which both coordinates are labelled.
    pub fn point(&self, keypoint: Keypoint) -> Option<Point> {
        Some(Point { x: self.get(keypoint.x())?, y: self.get(keypoint.y())? })
    }

    /// The labelled coordinates with their values, in order.
    pub fn present(&self) -> impl Iterator<Item = (Coordinate, f32)> + '_ {
        let values = self.0.iter().enumerate();
        values.filter_map(|(index, value)| Some((Coordinate::at(index), (*value)?)))
    }

    /// The keypoints of which both coordinates are labelled, with their places.
    pub fn points(&self) -> impl Iterator<Item = (Keypoint, Point)> + '_ {
        let keypoints = (0..self.0.len().div_ceil(2)).map(|index| Keypoint::new(index as u16));
        keypoints.filter_map(|keypoint| Some((keypoint, self.point(keypoint)?)))
    }

    /// How many coordinates are labelled.
    pub fn count(&self) -> usize {
        self.0.iter().flatten().count()
    }

    /// One past the last labelled coordinate's position; 0 without labels.
    pub fn end(&self) -> usize {
        self.0.iter().rposition(Option::is_some).map_or(0, |last| last + 1)
    }
}

/// Labels are equal where the same coordinates have the same values, however long the lists are.
impl PartialEq for Labels {
    fn eq(&self, other: &Self) -> bool {
        self.0[..self.end()] == other.0[..other.end()]
    }
}

impl FromIterator<(Coordinate, f32)> for Labels {
    fn from_iter<I: IntoIterator<Item = (Coordinate, f32)>>(values: I) -> Self {
        let mut labels = Self::default();
        for (coordinate, value) in values {
            labels.set(coordinate, Some(value));
        }
        labels
    }
}

#[cfg(test)]
mod tests;
