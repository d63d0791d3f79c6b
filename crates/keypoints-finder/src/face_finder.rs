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

    /// Finds windows that may be faces, also those with a score below the threshold of [`FaceFinder::find`]. The caller predicts the points
    /// of each and calls [`FaceFinder::judge`]. By default these are the faces of [`FaceFinder::find`].
    ///
    /// # Errors
    /// As [`FaceFinder::find`].
    fn candidates(&self, picture: &Picture) -> Result<Vec<FoundFace>, FinderError> {
        self.find(picture)
    }

    /// Computes the score of a candidate after its points were predicted; `None` if it is not a face. `uncertainty` is the mean
    /// calibrated uncertainty of the points, as a share of the crop's side: it is large where there is no face. By default the score stays.
    fn judge(&self, candidate: &FoundFace, uncertainty: f64) -> Option<f32> {
        let _ = uncertainty;
        Some(candidate.score)
    }
}
