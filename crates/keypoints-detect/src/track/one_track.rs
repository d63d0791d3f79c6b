//! One face that is followed.

use keypoints_core::{Crop, Labels, Region};
use keypoints_image::Picture;

use crate::align::Change;
use crate::detector::Detector;
use crate::face::Face;
use crate::track::settings::Smoothing;
use crate::track::smooth::SmoothPoints;
use crate::track::tracked_face::TrackedFace;

/// A face is lost when its points are this many times as uncertain as when it was last found. By the built-in network on 150 faces of Helen:
/// 99 of 100 crops that are off by a fifth of their side stay below 3.1 times, nine of ten crops beside a face are above 8.7 times.
const MOST_UNCERTAIN: f64 = 4.5;

/// A crop that changes by more than this from one frame to the next does not show the same face: the longer side over the shorter one, the
/// way of the middle in sides, and the angle in radians.
const MOST_RATIO: f64 = 1.5;
const MOST_MOVED: f64 = 0.5;
const MOST_TURNED: f64 = 0.8;

/// The share of a face's crop that must lie on the frame.
const LEAST_ON_FRAME: f64 = 0.5;

/// A face that is followed.
#[derive(Clone, Debug)]
pub(crate) struct Track {
    pub(crate) id: u64,
    /// The face as it was read in the last frame.
    pub(crate) face: Face,
    /// The crop that its points ask for in the next frame. `None` where they ask for none.
    pub(crate) crop: Option<Crop>,
    /// Searches in a row that have not found it.
    pub(crate) missed: u32,
    /// How its middle moves, in pixels per second.
    velocity: [f64; 2],
    /// The uncertainty of its points when the finder last saw it.
    sure: Option<f64>,
    points: SmoothPoints,
}

impl Track {
    /// Starts with a face that was found.
    pub(crate) fn new(id: u64, face: Face, detector: &Detector) -> Self {
        Self {
            id,
            crop: detector.crop_of(&face),
            missed: 0,
            velocity: [0.0; 2],
            sure: face.mean_uncertainty(),
            points: SmoothPoints::new(&face.points),
            face,
        }
    }

    /// Whether a face that was read on the track's crop can be the same one: its points make sense, and are no more uncertain than before.
    pub(crate) fn goes_on_with(&self, face: &Face, detector: &Detector) -> bool {
        let is_sure = match (face.mean_uncertainty(), self.sure) {
            (Some(now), Some(before)) => now <= MOST_UNCERTAIN * before,
            _ => true,
        };
        let follows = |crop: Crop| {
            let change = Change::between(&face.crop, &crop);
            change.ratio <= MOST_RATIO && change.moved <= MOST_MOVED && change.turned <= MOST_TURNED
        };
        is_sure && detector.crop_of(face).is_some_and(follows)
    }

    /// How far a face lies from where the track's movement leads, in sides of its crop.
    pub(crate) fn surprise(&self, face: &Face, step: f64) -> f64 {
        let [x, y] = [0, 1].map(|axis| {
            let moved = face.crop.centre[axis] - self.face.crop.centre[axis];
            moved - self.velocity[axis] * step
        });
        x.hypot(y) / self.face.crop.side
    }

    /// Goes on with a face of the next frame, `step` seconds later. Returns the face smoothed.
    pub(crate) fn go_on(
        &mut self,
        face: Face,
        smoothing: Option<&Smoothing>,
        step: f64,
        detector: &Detector,
    ) -> TrackedFace {
        let crop = detector.crop_of(&face);
        if let (Some(from), Some(to)) = (self.crop, crop) {
            self.velocity = [0, 1].map(|axis| (to.centre[axis] - from.centre[axis]) / step);
        }
        let side = crop.unwrap_or(face.crop).side;
        let smooth = match smoothing {
            Some(smoothing) => self.points.next(smoothing, &face.points, side, step),
            None => face.points.clone(),
        };
        let raw = face.points.clone();
        (self.crop, self.face) = (crop, face);
        self.shown(smooth, raw, detector)
    }

    /// The face in the frame that the track begins with.
    pub(crate) fn begin(&self, detector: &Detector) -> TrackedFace {
        self.shown(self.face.points.clone(), self.face.points.clone(), detector)
    }

    fn shown(&self, smooth: Labels, raw: Labels, detector: &Detector) -> TrackedFace {
        let mut face = Face { points: smooth, ..self.face.clone() };
        if let Some(crop) = detector.crop_of(&face) {
            face.region = detector.alignment().region(&crop);
        }
        TrackedFace { id: self.id, face, raw }
    }

    /// The finder has seen the face in the last frame.
    pub(crate) fn confirm(&mut self) {
        self.missed = 0;
        self.sure = self.face.mean_uncertainty().or(self.sure);
    }
}

/// Whether enough of a face's crop lies on a frame to follow the face.
pub(crate) fn is_on_frame(crop: &Crop, frame: &Picture) -> bool {
    let Region { left, top, right, bottom } = crop.region();
    let [width, height] = [frame.width(), frame.height()].map(f64::from);
    let x = right.min(width - 0.5) - left.max(-0.5);
    let y = bottom.min(height - 0.5) - top.max(-0.5);
    crop.is_valid() && x.max(0.0) * y.max(0.0) >= LEAST_ON_FRAME * crop.side * crop.side
}
