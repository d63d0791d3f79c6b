//! The trait of face finders.

use std::fmt::Debug;

use keypoints_core::Crop;
use keypoints_image::Picture;

use crate::error::FinderError;

/// A face that a finder found on a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoundFace {
    /// The square, turned with the face, that brings the face roughly onto the competition's crop template
    /// ([`kaggle15::crop_template`](keypoints_core::kaggle15::crop_template)). In pixels of the picture.
    pub crop: Crop,
    /// How sure the finder is that this is a face, from 0 to 1.
    pub score: f32,
}

/// Finds faces on pictures.
///
/// The crate's front page has an example.
pub trait FaceFinder: Debug + Send + Sync {
    /// Finds the faces of a picture, the one with the highest score first. A picture without faces gives an empty list.
    ///
    /// # Errors
    /// [`FinderError`] if the finder fails; never because there is no face.
    fn find(&self, picture: &Picture) -> Result<Vec<FoundFace>, FinderError>;

    /// Finds what may be a face, for a caller who reads the points of each and lets [`FaceFinder::judge`] decide: all that
    /// [`FaceFinder::find`] finds, and what scores too low for it. By default there is nothing else.
    ///
    /// # Errors
    /// As [`FaceFinder::find`].
    fn candidates(&self, picture: &Picture) -> Result<Vec<FoundFace>, FinderError> {
        self.find(picture)
    }

    /// The score of a candidate whose points are known, `None` where it is no face. `uncertainty` is the mean calibrated uncertainty of
    /// its points, as a share of the side of the crop that they were read on: on what is no face, points are uncertain. By default it
    /// changes nothing.
    fn judge(&self, candidate: &FoundFace, uncertainty: f64) -> Option<f32> {
        let _ = uncertainty;
        Some(candidate.score)
    }
}
