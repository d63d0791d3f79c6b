//! What can go wrong between a picture and its keypoints.

use keypoints_predict::PredictError;

/// A picture whose points cannot be found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DetectError {
    /// The model could not be opened, or the device failed.
    #[error(transparent)]
    Model(#[from] PredictError),
}
