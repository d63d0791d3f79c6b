//! Faces of a video: followed from frame to frame, with ids and smoothed points.

mod clock;
mod one_euro;
mod one_track;
mod schedule;
mod settings;
mod sight;
mod smooth;
mod tracked_face;
mod tracker;

pub use one_euro::OneEuro;
pub use settings::{Smoothing, TrackerSettings};
pub use tracked_face::TrackedFace;
pub use tracker::Tracker;
