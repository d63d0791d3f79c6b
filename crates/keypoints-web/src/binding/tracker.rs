//! `FaceTracker`.

use std::sync::Arc;

use keypoints_detect::Tracker;
use wasm_bindgen::prelude::*;

use super::arguments::{PictureData, TrackerOptions};
use super::detector::FaceDetector;
use super::objects::{TrackedFaces, list, tracked_object};
use crate::options::tracker_settings;
use crate::values::TrackedValues;

/// Follows the faces of a video or a camera: an id per face, and smoothed points.
#[wasm_bindgen]
#[derive(Debug)]
pub struct FaceTracker {
    tracker: Tracker,
}

#[wasm_bindgen]
impl FaceTracker {
    /// A tracker that has seen no frame. The detector stays usable, and may be freed before the tracker.
    #[wasm_bindgen(constructor)]
    pub fn new(
        detector: &FaceDetector,
        options: Option<TrackerOptions>,
    ) -> Result<FaceTracker, JsError> {
        let (every, smooth) = match &options {
            Some(options) => (options.search_every(), options.smooth()),
            None => (None, None),
        };
        let settings = tracker_settings(every, smooth)?;
        Ok(Self { tracker: Tracker::new(Arc::clone(detector.detector()), settings) })
    }

    /// Returns the faces of the next frame, the lowest id first. `seconds` is the frame's time, from any start. A frame of another
    /// size is the first of another video.
    pub fn next(&mut self, frame: &PictureData, seconds: f64) -> Result<TrackedFaces, JsError> {
        let faces = self.tracker.next(&frame.picture()?, seconds)?;
        let schema = self.tracker.detector().schema();
        let object = |face| tracked_object(&TrackedValues::of(face, schema));
        Ok(list(faces.iter().map(object)))
    }

    /// Forgets all faces and times, for another video. Ids go on: none is given twice.
    pub fn reset(&mut self) {
        self.tracker.reset();
    }
}
