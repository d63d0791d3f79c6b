//! The points and label sources of the schema `kaggle-15` as constants.
//!
//! "Left" and "right" are the *subject's*: on the picture [`LEFT_EYE_CENTER`] is on the right-hand side.
//!
//! ```
//! use keypoints_core::{Schema, kaggle15};
//!
//! let schema = Schema::kaggle15();
//! assert_eq!(schema.name_of(kaggle15::NOSE_TIP), "nose_tip");
//! assert_eq!(schema.mirrored(kaggle15::LEFT_EYE_CENTER), Some(kaggle15::RIGHT_EYE_CENTER));
//! assert!(!schema.source(kaggle15::FOUR_POINT).marks(kaggle15::MOUTH_LEFT_CORNER));
//! ```

use crate::crop_template::CropTemplate;
use crate::keypoint::Keypoint;
use crate::picture::PictureShape;
use crate::schema::Source;

macro_rules! points {
    ($($name:ident = $index:literal;)+) => {
        $(
            #[allow(missing_docs)] // The names say it all.
            pub const $name: Keypoint = Keypoint::new($index);
        )+
        #[cfg(test)]
        const NAMED: &[(&str, Keypoint)] = &[$((stringify!($name), $name)),+];
    };
}

points! {
    LEFT_EYE_CENTER = 0;
    RIGHT_EYE_CENTER = 1;
    LEFT_EYE_INNER_CORNER = 2;
    LEFT_EYE_OUTER_CORNER = 3;
    RIGHT_EYE_INNER_CORNER = 4;
    RIGHT_EYE_OUTER_CORNER = 5;
    LEFT_EYEBROW_INNER_END = 6;
    LEFT_EYEBROW_OUTER_END = 7;
    RIGHT_EYEBROW_INNER_END = 8;
    RIGHT_EYEBROW_OUTER_END = 9;
    NOSE_TIP = 10;
    MOUTH_LEFT_CORNER = 11;
    MOUTH_RIGHT_CORNER = 12;
    MOUTH_CENTER_TOP_LIP = 13;
    MOUTH_CENTER_BOTTOM_LIP = 14;
}

/// The pictures of the competition's files.
pub const SHAPE: PictureShape = PictureShape::grey(96);

/// Where eyes and mouth corners lie in the competition's pictures, on average over the complete rows of `training.csv`.
pub fn crop_template() -> CropTemplate {
    CropTemplate::from_pixels(
        SHAPE.side,
        [
            ("left_eye_center", [66.1, 36.9]),
            ("right_eye_center", [29.7, 37.1]),
            ("mouth_left_corner", [63.3, 76.0]),
            ("mouth_right_corner", [32.9, 76.2]),
        ],
    )
}

/// Rows labelled with more than four points: eye corners, eyebrows and mouth as well.
pub const FULL: Source = Source::new(0);

/// Rows labelled with at most four points: eye centres, nose tip and bottom lip.
pub const FOUR_POINT: Source = Source::new(1);

/// The points that [`FOUR_POINT`] rows may have.
pub const FOUR_POINTS: [Keypoint; 4] =
    [LEFT_EYE_CENTER, RIGHT_EYE_CENTER, NOSE_TIP, MOUTH_CENTER_BOTTOM_LIP];

/// The source of a row with so many labelled (or requested) coordinates: the competition's files do not name it.
///
/// ```
/// use keypoints_core::kaggle15;
///
/// assert_eq!(kaggle15::source_of_count(30), kaggle15::FULL);
/// assert_eq!(kaggle15::source_of_count(8), kaggle15::FOUR_POINT);
/// ```
pub const fn source_of_count(coordinates: usize) -> Source {
    if coordinates > 2 * FOUR_POINTS.len() { FULL } else { FOUR_POINT }
}

/// What tells the rows of a source apart, in words.
pub(crate) fn source_title(name: &str) -> Option<&'static str> {
    match name {
        "full" => Some("more than four keypoints labelled"),
        "four_point" => Some("at most four keypoints labelled"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
