//! What can be set of a tracker.

use std::num::NonZeroUsize;

use crate::track::one_euro::OneEuro;

/// How a [`Tracker`](crate::Tracker) works.
///
/// ```
/// use std::num::NonZeroUsize;
/// use keypoints_detect::TrackerSettings;
///
/// let settings = TrackerSettings { search_every: NonZeroUsize::new(5), ..Default::default() };
/// assert!(settings.smoothing.is_some());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrackerSettings {
    /// Frames from one search for faces to the next. `None` never searches: only faces of [`Tracker::next_in`](crate::Tracker::next_in)
    /// are followed. Default: 10.
    pub search_every: Option<NonZeroUsize>,
    /// How the points are smoothed. `None` leaves them as they were read.
    pub smoothing: Option<Smoothing>,
}

impl Default for TrackerSettings {
    fn default() -> Self {
        Self { search_every: NonZeroUsize::new(10), smoothing: Some(Smoothing::default()) }
    }
}

/// How points are smoothed: by One-Euro filters for the face's pose and for its shape.
///
/// The pose is where the points lie together, how they are turned and how large they are. All points tell it, so it hardly jitters, and its
/// filters can follow quickly. The shape is the rest, for each point: the expression, and turns of the head to the side.
///
/// The unit of length is the side of the face's crop ([`Detector::crop_of`](crate::Detector::crop_of)), and time is in seconds: the settings
/// mean the same for faces of any size and for any frame rate. With the defaults, at 30 frames a second, a face that rests has a fifth to a
/// quarter of its jitter left, and a face that moves by a quarter of its crop a second lags by half a frame, a faster one by less:
/// `tests/track.rs` measures both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Smoothing {
    /// The filters of the pose. Default: a cutoff of 0.3 Hz at rest and 40 Hz more per side and second, speed cutoff 1.5 Hz.
    pub pose: OneEuro,
    /// The filters of the shape. Default: a cutoff of 0.2 Hz at rest and 6 Hz more per side and second, speed cutoff 1 Hz.
    pub shape: OneEuro,
}

impl Default for Smoothing {
    fn default() -> Self {
        Self {
            pose: OneEuro { min_cutoff: 0.3, beta: 40.0, speed_cutoff: 1.5 },
            shape: OneEuro { min_cutoff: 0.2, beta: 6.0, speed_cutoff: 1.0 },
        }
    }
}
