//! What can go wrong between a picture and its keypoints.

use keypoints_train::TrainError;

/// A picture without an answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DetectError {
    /// The picture has no pixels.
    #[error("a picture with at least one pixel expected, but this one is {width}×{height}")]
    EmptyPicture {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// The model could not be opened, or the device failed.
    #[error(transparent)]
    Model(#[from] TrainError),
}
