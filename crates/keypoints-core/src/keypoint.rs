//! Points and their two coordinates, by number.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A keypoint: its place in the list of its [`Schema`](crate::Schema), counted from 0.
///
/// ```
/// use keypoints_core::{Keypoint, Schema};
///
/// let schema = Schema::builtin("kaggle-15").ok_or("a built-in schema")?;
/// let nose = schema.keypoint("nose_tip").ok_or("a keypoint of it")?;
/// assert_eq!(nose, Keypoint::new(10));
/// assert_eq!(schema.name_of(nose), "nose_tip");
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Keypoint(u16);

impl Keypoint {
    /// The keypoint at this place of a schema's list.
    pub const fn new(index: u16) -> Self {
        Self(index)
    }

    /// Its place in the list, counted from 0.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The x coordinate (column) of this point.
    pub const fn x(self) -> Coordinate {
        Coordinate { keypoint: self, axis: Axis::X }
    }

    /// The y coordinate (row) of this point.
    pub const fn y(self) -> Coordinate {
        Coordinate { keypoint: self, axis: Axis::Y }
    }
}

/// Horizontal or vertical.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum Axis {
    /// Columns, growing to the right of the picture.
    X,
    /// Rows, growing downwards.
    Y,
}

impl Axis {
    /// `x` or `y`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::X => "x",
            Self::Y => "y",
        }
    }
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One of the two numbers of a keypoint.
///
/// Values are in pixels of the picture; the centre of the top left pixel is `(0, 0)`.
///
/// ```
/// use keypoints_core::{Coordinate, Keypoint};
///
/// let coordinate = Keypoint::new(10).y();
/// assert_eq!(coordinate.index(), 21);
/// assert_eq!(Coordinate::at(21), coordinate);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Coordinate {
    /// The point.
    pub keypoint: Keypoint,
    /// Which of its two numbers.
    pub axis: Axis,
}

impl Coordinate {
    /// The coordinates of the first `keypoints` points in order: x before y, point by point.
    pub fn all(keypoints: usize) -> impl ExactSizeIterator<Item = Self> + Clone {
        (0..2 * keypoints).map(Self::at)
    }

    /// Position in that order.
    pub const fn index(self) -> usize {
        2 * self.keypoint.0 as usize + self.axis as usize
    }

    /// The coordinate at a position in that order.
    pub const fn at(index: usize) -> Self {
        let axis = if index.is_multiple_of(2) { Axis::X } else { Axis::Y };
        Self { keypoint: Keypoint((index / 2) as u16), axis }
    }

    /// The same axis of another point.
    #[must_use]
    pub const fn of(self, keypoint: Keypoint) -> Self {
        Self { keypoint, axis: self.axis }
    }
}

#[cfg(test)]
mod tests;
