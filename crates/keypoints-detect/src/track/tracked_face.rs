//! A face of a frame.

use keypoints_core::Labels;

use crate::face::Face;

/// A face of a frame that is followed from frame to frame.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackedFace {
    /// Its number: the same as long as the face is followed, and never that of another face.
    pub id: u64,
    /// The face. Its points and its box are smoothed; its score is that of the last search.
    pub face: Face,
    /// The points as they were read in this frame.
    pub raw: Labels,
}
