//! What the annotators wrote down for one face: up to thirty numbers, any of which may be missing.

use serde::{Deserialize, Serialize};

use crate::keypoint::{Coordinate, Keypoint, NUM_COORDINATES};

/// A place on the picture, in pixels; `(0, 0)` is the centre of the top left pixel.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Column, growing to the right.
    pub x: f32,
    /// Row, growing downwards.
    pub y: f32,
}

/// Which annotators labelled a face.
///
/// The training data comes from two of them, and they mark the *same* point at different places, so a
/// network has to know which of the two it imitates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelRegime {
    /// More than four keypoints: eye corners, eyebrows and mouth as well.
    Full,
    /// At most four keypoints: eye centres, nose tip and bottom lip.
    FourPoint,
}

impl LabelRegime {
    /// Both regimes.
    pub const ALL: [LabelRegime; 2] = [LabelRegime::Full, LabelRegime::FourPoint];

    /// The regime of a face with so many labelled (or requested) coordinates.
    ///
    /// ```
    /// use keypoints_data::LabelRegime;
    ///
    /// assert_eq!(LabelRegime::from_coordinate_count(30), LabelRegime::Full);
    /// assert_eq!(LabelRegime::from_coordinate_count(8), LabelRegime::FourPoint);
    /// ```
    pub const fn from_coordinate_count(count: usize) -> Self {
        if count > 2 * Keypoint::FOUR_POINT.len() { Self::Full } else { Self::FourPoint }
    }

    /// `full` or `four_point`, as in reports and file names.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::FourPoint => "four_point",
        }
    }
}

/// The labels of one face. A coordinate that nobody marked is `None`, never a number.
///
/// ```
/// use keypoints_data::{Keypoint, LabelRegime, Labels};
///
/// let mut labels = Labels::default();
/// labels.set(Keypoint::NoseTip.x(), Some(48.0));
/// assert_eq!(labels.get(Keypoint::NoseTip.x()), Some(48.0));
/// assert_eq!(labels.point(Keypoint::NoseTip), None); // its y is missing
/// assert_eq!(labels.gaps(), 29);
/// assert_eq!(labels.regime(), LabelRegime::FourPoint);
/// ```
///
/// As JSON it is an array of thirty numbers or `null`s in column order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Labels([Option<f32>; NUM_COORDINATES]);

impl Labels {
    /// Labels from values in column order (see [`Coordinate`]).
    pub const fn new(values: [Option<f32>; NUM_COORDINATES]) -> Self {
        Self(values)
    }

    /// The value of a coordinate in pixels, or `None` where it is missing.
    pub const fn get(&self, coordinate: Coordinate) -> Option<f32> {
        self.0[coordinate.index()]
    }

    /// Writes or removes the value of a coordinate.
    pub const fn set(&mut self, coordinate: Coordinate, value: Option<f32>) {
        self.0[coordinate.index()] = value;
    }

    /// Writes both coordinates of a keypoint.
    pub const fn set_point(&mut self, keypoint: Keypoint, point: Point) {
        self.set(keypoint.x(), Some(point.x));
        self.set(keypoint.y(), Some(point.y));
    }

    /// A keypoint of which both coordinates are labelled.
    pub const fn point(&self, keypoint: Keypoint) -> Option<Point> {
        match (self.get(keypoint.x()), self.get(keypoint.y())) {
            (Some(x), Some(y)) => Some(Point { x, y }),
            _ => None,
        }
    }

    /// The thirty values in column order.
    pub const fn values(&self) -> &[Option<f32>; NUM_COORDINATES] {
        &self.0
    }

    /// The labelled coordinates with their values.
    pub fn present(&self) -> impl Iterator<Item = (Coordinate, f32)> + '_ {
        Coordinate::all().zip(self.0).filter_map(|(coordinate, value)| Some((coordinate, value?)))
    }

    /// The fully labelled keypoints with their places.
    pub fn points(&self) -> impl Iterator<Item = (Keypoint, Point)> + '_ {
        Keypoint::ALL.into_iter().filter_map(|keypoint| Some((keypoint, self.point(keypoint)?)))
    }

    /// How many coordinates are labelled, `0..=30`.
    pub fn count(&self) -> usize {
        self.0.iter().flatten().count()
    }

    /// How many coordinates are missing, `0..=30`.
    pub fn gaps(&self) -> usize {
        NUM_COORDINATES - self.count()
    }

    /// Whether nothing is missing.
    pub fn is_complete(&self) -> bool {
        self.0.iter().all(Option::is_some)
    }

    /// Who labelled this face, judged by how many coordinates there are.
    pub fn regime(&self) -> LabelRegime {
        LabelRegime::from_coordinate_count(self.count())
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
