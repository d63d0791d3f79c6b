//! What can go wrong between a picture and its keypoints.

use keypoints_predict::PredictError;

/// A picture whose points cannot be found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DetectError {
    /// The picture has no pixels.
    #[error("empty picture ({width}×{height} pixels)")]
    EmptyPicture {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// The model could not be opened, or the device failed.
    #[error(transparent)]
    Model(#[from] PredictError),
}
