//! The fifteen named points, their two coordinates each, and who is whose mirror image.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Width and height of every face in the competition's files, in pixels.
pub const IMAGE_SIDE: usize = 96;
/// Grey values per face, `IMAGE_SIDE * IMAGE_SIDE`.
pub const IMAGE_PIXELS: usize = IMAGE_SIDE * IMAGE_SIDE;
/// Number of [`Keypoint`]s.
pub const NUM_KEYPOINTS: usize = 15;
/// Number of [`Coordinate`]s, two per keypoint.
pub const NUM_COORDINATES: usize = 2 * NUM_KEYPOINTS;
/// The smallest and the largest value a coordinate may take, in pixels.
pub const COORDINATE_RANGE: std::ops::RangeInclusive<f32> = 0.0..=IMAGE_SIDE as f32;

/// One of the fifteen facial points, in the order of the columns of `training.csv`.
///
/// "Left" and "right" are the *subject's*: on the picture `LeftEyeCenter` stands on the right-hand side.
///
/// ```
/// use keypoints_data::Keypoint;
///
/// assert_eq!(Keypoint::NoseTip.name(), "nose_tip");
/// assert_eq!("nose_tip".parse(), Ok(Keypoint::NoseTip));
/// assert_eq!(Keypoint::LeftEyeCenter.mirrored(), Keypoint::RightEyeCenter);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
#[allow(missing_docs)] // The names say it all.
pub enum Keypoint {
    LeftEyeCenter,
    RightEyeCenter,
    LeftEyeInnerCorner,
    LeftEyeOuterCorner,
    RightEyeInnerCorner,
    RightEyeOuterCorner,
    LeftEyebrowInnerEnd,
    LeftEyebrowOuterEnd,
    RightEyebrowInnerEnd,
    RightEyebrowOuterEnd,
    NoseTip,
    MouthLeftCorner,
    MouthRightCorner,
    MouthCenterTopLip,
    MouthCenterBottomLip,
}

use Keypoint::*;

impl Keypoint {
    /// All keypoints in column order.
    pub const ALL: [Keypoint; NUM_KEYPOINTS] = [
        LeftEyeCenter,
        RightEyeCenter,
        LeftEyeInnerCorner,
        LeftEyeOuterCorner,
        RightEyeInnerCorner,
        RightEyeOuterCorner,
        LeftEyebrowInnerEnd,
        LeftEyebrowOuterEnd,
        RightEyebrowInnerEnd,
        RightEyebrowOuterEnd,
        NoseTip,
        MouthLeftCorner,
        MouthRightCorner,
        MouthCenterTopLip,
        MouthCenterBottomLip,
    ];

    /// The four points that [`LabelRegime::FourPoint`](crate::LabelRegime::FourPoint) rows carry.
    pub const FOUR_POINT: [Keypoint; 4] =
        [LeftEyeCenter, RightEyeCenter, NoseTip, MouthCenterBottomLip];

    /// Position in [`Keypoint::ALL`], `0..15`.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The x coordinate (column) of this point.
    pub const fn x(self) -> Coordinate {
        Coordinate { keypoint: self, axis: Axis::X }
    }

    /// The y coordinate (row) of this point.
    pub const fn y(self) -> Coordinate {
        Coordinate { keypoint: self, axis: Axis::Y }
    }

    /// The stem that the competition's column names use, `left_eye_center` for example.
    pub const fn name(self) -> &'static str {
        match self {
            LeftEyeCenter => "left_eye_center",
            RightEyeCenter => "right_eye_center",
            LeftEyeInnerCorner => "left_eye_inner_corner",
            LeftEyeOuterCorner => "left_eye_outer_corner",
            RightEyeInnerCorner => "right_eye_inner_corner",
            RightEyeOuterCorner => "right_eye_outer_corner",
            LeftEyebrowInnerEnd => "left_eyebrow_inner_end",
            LeftEyebrowOuterEnd => "left_eyebrow_outer_end",
            RightEyebrowInnerEnd => "right_eyebrow_inner_end",
            RightEyebrowOuterEnd => "right_eyebrow_outer_end",
            NoseTip => "nose_tip",
            MouthLeftCorner => "mouth_left_corner",
            MouthRightCorner => "mouth_right_corner",
            MouthCenterTopLip => "mouth_center_top_lip",
            MouthCenterBottomLip => "mouth_center_bottom_lip",
        }
    }

    /// The point that this one becomes when the picture is flipped left to right.
    pub const fn mirrored(self) -> Keypoint {
        match self {
            LeftEyeCenter => RightEyeCenter,
            RightEyeCenter => LeftEyeCenter,
            LeftEyeInnerCorner => RightEyeInnerCorner,
            LeftEyeOuterCorner => RightEyeOuterCorner,
            RightEyeInnerCorner => LeftEyeInnerCorner,
            RightEyeOuterCorner => LeftEyeOuterCorner,
            LeftEyebrowInnerEnd => RightEyebrowInnerEnd,
            LeftEyebrowOuterEnd => RightEyebrowOuterEnd,
            RightEyebrowInnerEnd => LeftEyebrowInnerEnd,
            RightEyebrowOuterEnd => LeftEyebrowOuterEnd,
            MouthLeftCorner => MouthRightCorner,
            MouthRightCorner => MouthLeftCorner,
            NoseTip | MouthCenterTopLip | MouthCenterBottomLip => self,
        }
    }
}

impl fmt::Display for Keypoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A text that names no keypoint or coordinate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {kind} `{name}`")]
pub struct UnknownName {
    /// What was looked for: "keypoint" or "coordinate".
    pub kind: &'static str,
    /// The text as it was found.
    pub name: String,
}

impl FromStr for Keypoint {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Keypoint::ALL
            .into_iter()
            .find(|keypoint| keypoint.name() == name)
            .ok_or_else(|| UnknownName { kind: "keypoint", name: name.to_owned() })
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

/// One of the thirty numbers that a fully labelled face carries.
///
/// Values are in pixels of the 96×96 image; the centre of the top left pixel is `(0, 0)`.
///
/// ```
/// use keypoints_data::{Coordinate, Keypoint};
///
/// let coordinate: Coordinate = "nose_tip_y".parse()?;
/// assert_eq!(coordinate, Keypoint::NoseTip.y());
/// assert_eq!(coordinate.index(), 21);
/// # Ok::<(), keypoints_data::UnknownName>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Coordinate {
    /// The point.
    pub keypoint: Keypoint,
    /// Which of its two numbers.
    pub axis: Axis,
}

impl Coordinate {
    /// All coordinates in column order: x before y, keypoint by keypoint.
    pub fn all() -> impl ExactSizeIterator<Item = Coordinate> + Clone {
        (0..NUM_COORDINATES).map(Self::at)
    }

    /// Position in column order, `0..30`.
    pub const fn index(self) -> usize {
        2 * self.keypoint as usize + self.axis as usize
    }

    /// The coordinate at a position in column order, if there is one.
    pub fn from_index(index: usize) -> Option<Self> {
        (index < NUM_COORDINATES).then(|| Self::at(index))
    }

    const fn at(index: usize) -> Self {
        let axis = if index.is_multiple_of(2) { Axis::X } else { Axis::Y };
        Self { keypoint: Keypoint::ALL[index / 2], axis }
    }

    /// The coordinate that this one becomes when the picture is flipped left to right. Its value changes as well if it is an x: to 95 − x.
    ///
    /// ```
    /// use keypoints_data::Keypoint;
    ///
    /// assert_eq!(Keypoint::LeftEyeCenter.x().mirrored(), Keypoint::RightEyeCenter.x());
    /// ```
    pub const fn mirrored(self) -> Self {
        Self { keypoint: self.keypoint.mirrored(), axis: self.axis }
    }

    /// The competition's column name, `left_eye_center_x` for example.
    pub fn name(self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Coordinate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let axis = match self.axis {
            Axis::X => "x",
            Axis::Y => "y",
        };
        write!(f, "{}_{axis}", self.keypoint.name())
    }
}

impl FromStr for Coordinate {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let unknown = || UnknownName { kind: "coordinate", name: name.to_owned() };
        let (stem, axis) = name.rsplit_once('_').ok_or_else(unknown)?;
        let keypoint = stem.parse::<Keypoint>().map_err(|_| unknown())?;
        match axis {
            "x" => Ok(keypoint.x()),
            "y" => Ok(keypoint.y()),
            _ => Err(unknown()),
        }
    }
}

// A coordinate is its name wherever it is written down: config files, reports, map keys.
impl Serialize for Coordinate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Coordinate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_in_the_order_of_training_csv() {
        let names: Vec<String> = Coordinate::all().map(Coordinate::name).collect();
        assert_eq!(names[0], "left_eye_center_x");
        assert_eq!(names[3], "right_eye_center_y");
        assert_eq!(names[20], "nose_tip_x");
        assert_eq!(names[29], "mouth_center_bottom_lip_y");
    }

    #[test]
    fn every_name_and_index_reads_back() {
        for (index, coordinate) in Coordinate::all().enumerate() {
            assert_eq!(coordinate.index(), index);
            assert_eq!(Coordinate::from_index(index), Some(coordinate));
            assert_eq!(coordinate.name().parse(), Ok(coordinate));
        }
        assert_eq!(Coordinate::from_index(NUM_COORDINATES), None);
        for name in ["", "_x", "nose_tip", "nose_tip_z", "Nose_tip_x", "nose_tip_x "] {
            assert!(name.parse::<Coordinate>().is_err(), "{name:?}");
        }
    }

    #[test]
    fn mirroring_twice_changes_nothing() {
        for keypoint in Keypoint::ALL {
            assert_eq!(keypoint.mirrored().mirrored(), keypoint);
        }
    }
}
