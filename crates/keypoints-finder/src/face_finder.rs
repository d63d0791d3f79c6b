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
}
