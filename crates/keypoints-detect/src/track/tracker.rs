//! The tracker.

use std::sync::Arc;

use keypoints_core::{Crop, Region};
use keypoints_image::Picture;

use crate::align::Change;
use crate::detector::Detector;
use crate::error::DetectError;
use crate::face::Face;
use crate::track::clock::Clock;
use crate::track::one_track::{Track, is_on_frame};
use crate::track::schedule::{Outcome, Schedule};
use crate::track::settings::TrackerSettings;
use crate::track::sight::Sight;
use crate::track::tracked_face::TrackedFace;

/// After so many seconds without a frame, faces are searched for: they may be anywhere.
const LONGEST_STEP: f64 = 0.5;

/// Searches in a row that miss a face before it is gone.
const MOST_MISSED: u32 = 2;

/// Faces of a video: found, followed from frame to frame, with an id each and with smoothed points.
///
/// Faces are searched for in the first frame, in every tenth (see [`TrackerSettings::search_every`]), and in a frame in which a face is
/// lost. In the frames between, each face is read where its last points were. While there is no face, the searches are 1, 2, 4 frames apart and
/// so on, up to the usual distance.
///
/// A face is followed until it is lost: its points cannot be those of a face, jump, or become far more uncertain; or more than half of
/// its crop lies beyond the frame; or two searches in a row do not find it, the second in the frame after the first. A face that is lost
/// and found again in the same frame keeps its id. A face that was hidden for a while has a new one.
///
/// A network whose model file does not say how its pictures were cut cannot follow a face: then every frame is searched.
///
/// ```
/// use keypoints_core::Crop;
/// use keypoints_detect::{
///     Detector, Device, FaceFinder, FinderError, FoundFace, Picture, Tracker, TrackerSettings, image::DynamicImage,
/// };
///
/// /// Knows where the face is.
/// #[derive(Debug)]
/// struct Known(Crop);
///
/// impl FaceFinder for Known {
///     fn find(&self, _: &Picture) -> Result<Vec<FoundFace>, FinderError> {
///         Ok(vec![FoundFace { crop: self.0, score: 0.9 }])
///     }
/// }
///
/// let finder = Known(Crop::upright([200.0, 150.0], 120.0));
/// let detector = Detector::pretrained(&Device::flex())?.with_finder(Box::new(finder));
/// let mut tracker = Tracker::new(detector, TrackerSettings::default());
/// for frame in 0..3 {
///     let picture = Picture::from_image(DynamicImage::new_luma8(400, 300))?;
///     for face in tracker.next(&picture, f64::from(frame) / 30.0)? {
///         println!("frame {frame}, face {}: {:?}", face.id, face.face.points);
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tracker {
    detector: Arc<Detector>,
    settings: TrackerSettings,
    tracks: Vec<Track>,
    /// The id of the next new face.
    next_id: u64,
    clock: Clock,
    schedule: Schedule,
    /// Width and height of the frames.
    size: Option<[u32; 2]>,
    /// Whether the caller has said where a face is.
    was_told: bool,
}

impl Tracker {
    /// A tracker that has seen no frame. It takes a [`Detector`], or an `Arc` of one that several trackers share.
    pub fn new(detector: impl Into<Arc<Detector>>, settings: TrackerSettings) -> Self {
        Self {
            detector: detector.into(),
            settings,
            tracks: Vec::new(),
            next_id: 1,
            clock: Clock::new(),
            schedule: Schedule::new(),
            size: None,
            was_told: false,
        }
    }

    /// What finds and reads the faces.
    pub fn detector(&self) -> &Detector {
        &self.detector
    }

    /// How it works.
    pub fn settings(&self) -> &TrackerSettings {
        &self.settings
    }

    /// Forgets all faces and times, for another video. Ids go on: none is given twice.
    pub fn reset(&mut self) {
        let (detector, settings) = (Arc::clone(&self.detector), self.settings);
        *self = Self { next_id: self.next_id, ..Self::new(detector, settings) };
    }

    /// Returns the faces of the next frame, the lowest id first. A frame without faces gives an empty list.
    ///
    /// `seconds` is the frame's time, from any start. A time that is not after the last one, or not finite, counts as one more step of
    /// the last length (at first, a thirtieth of a second). After half a second or more without a frame, faces are searched for.
    ///
    /// A frame of another size is the first of another video: see [`Tracker::reset`].
    ///
    /// # Errors
    /// [`DetectError::NoFinder`] if there is nobody to say where faces are: no [finder](Detector::with_finder), and no box by
    /// [`Tracker::next_in`] so far in this video. [`DetectError::Finder`] if the finder fails, [`DetectError::Model`] if the device
    /// fails: then the frame does not count.
    pub fn next(&mut self, frame: &Picture, seconds: f64) -> Result<Vec<TrackedFace>, DetectError> {
        self.next_in(frame, seconds, &[])
    }

    /// [`Tracker::next`], and the faces in these boxes of the frame are followed from now on. The boxes are those of
    /// [`Detector::find_in`]. A box around a face that is followed already changes nothing.
    ///
    /// With [`TrackerSettings::search_every`] of `None` these faces are the only ones, and no finder is needed.
    ///
    /// # Errors
    /// As [`Tracker::next`], and [`DetectError::BadRegion`] as [`Detector::find_in`].
    pub fn next_in(
        &mut self,
        frame: &Picture,
        seconds: f64,
        regions: &[Region],
    ) -> Result<Vec<TrackedFace>, DetectError> {
        let size = [frame.width(), frame.height()];
        if self.size.is_some_and(|last| last != size) {
            self.reset();
        }
        let every = self.settings.search_every.filter(|_| self.detector.finder().is_some());
        let was_told = self.was_told || !regions.is_empty();
        if every.is_none() && self.settings.search_every.is_some() && !was_told {
            return Err(DetectError::NoFinder);
        }
        let mut clock = self.clock;
        let step = clock.go_to(seconds);
        let mut sight = Sight::of(self.follow(frame, step)?);
        let mut new = self.detector.find_in(frame, regions)?;
        let search =
            every.filter(|_| self.schedule.is_due() || step > LONGEST_STEP || sight.has_lost());
        if search.is_some() {
            let mut found = self.detector.found(frame)?;
            found.retain(|one| is_on_frame(&one.crop, frame));
            let detector = &self.detector;
            let unknown = sight.confirm(
                found,
                |face| detector.crop_of(face),
                |seen, face| detector.judge(seen, face),
            );
            new.extend(self.detector.read_found(frame, &unknown)?);
        }
        let new = sight.settle(new, &self.tracks, search.is_some());

        // Nothing fails from here on: the frame counts.
        (self.clock, self.size, self.was_told) = (clock, Some(size), was_told);
        let shown = self.go_on(sight, new, step, search.is_some());
        match search {
            Some(every) => self.schedule.searched(self.outcome(), every),
            None => self.schedule.pass(),
        }
        Ok(shown)
    }

    /// The faces of the tracks in a frame, `None` for those that are lost.
    fn follow(&self, frame: &Picture, step: f64) -> Result<Vec<Option<Face>>, DetectError> {
        let crops = self.tracks.iter().map(|track| track.crop);
        let mut faces = self.read(frame, crops.collect())?;
        // A crop that has moved far has not shown the face well.
        let again = faces.iter().map(|face| {
            let face = face.as_ref()?;
            let to = self.detector.crop_of(face)?;
            Change::between(&face.crop, &to).is_large().then_some(to)
        });
        let again = self.read(frame, again.collect())?;
        for (face, again) in faces.iter_mut().zip(again) {
            if again.is_some() {
                *face = again;
            }
        }
        self.part_doubles(&mut faces, step);
        Ok(faces)
    }

    /// Reads a track's face on each crop that lies on the frame. `None` where there is no crop, or its face is not the track's.
    fn read(
        &self,
        frame: &Picture,
        mut crops: Vec<Option<Crop>>,
    ) -> Result<Vec<Option<Face>>, DetectError> {
        for crop in &mut crops {
            *crop = crop.filter(|crop| is_on_frame(crop, frame));
        }
        let some: Vec<Crop> = crops.iter().copied().flatten().collect();
        let mut faces = self.detector.follow(frame, &some)?.into_iter();
        let read = |(track, crop): (&Track, Option<Crop>)| {
            let face = crop.and_then(|_| faces.next())?;
            let face = Face { score: track.face.score, ..face };
            track.goes_on_with(&face, &self.detector).then_some(face)
        };
        Ok(self.tracks.iter().zip(crops).map(read).collect())
    }

    /// Keeps of tracks that show the same face the one whose movement leads there.
    fn part_doubles(&self, faces: &mut [Option<Face>], step: f64) {
        for one in 0..faces.len() {
            for other in 0..one {
                let (Some(face), Some(before)) = (&faces[one], &faces[other]) else { continue };
                if face.is_same(before) {
                    let surprise = |index: usize, face| self.tracks[index].surprise(face, step);
                    let is_worse = surprise(one, face) >= surprise(other, before);
                    faces[if is_worse { one } else { other }] = None;
                }
            }
        }
    }

    /// Goes on with what was seen in a frame.
    fn go_on(
        &mut self,
        sight: Sight,
        new: Vec<Face>,
        step: f64,
        searched: bool,
    ) -> Vec<TrackedFace> {
        let (detector, smoothing) = (&self.detector, self.settings.smoothing.as_ref());
        let mut shown = Vec::new();
        let mut kept = Vec::new();
        let seen = self.tracks.drain(..).zip(sight.faces).zip(sight.scores);
        for ((mut track, face), score) in seen {
            let Some(face) = face else { continue };
            let face = Face { score: score.unwrap_or(face.score), ..face };
            let tracked = track.go_on(face, smoothing, step, detector);
            match score {
                Some(_) => track.confirm(),
                None if searched => track.missed += 1,
                None => {}
            }
            if track.missed < MOST_MISSED {
                kept.push(track);
                shown.push(tracked);
            }
        }
        for face in new {
            let track = Track::new(self.next_id, face, detector);
            self.next_id += 1;
            shown.push(track.begin(detector));
            kept.push(track);
        }
        self.tracks = kept;
        shown
    }

    fn outcome(&self) -> Outcome {
        match &self.tracks[..] {
            [] => Outcome::Nobody,
            tracks if tracks.iter().any(|track| track.missed > 0) => Outcome::Doubt,
            _ => Outcome::Faces,
        }
    }
}
