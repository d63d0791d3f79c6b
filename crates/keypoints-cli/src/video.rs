//! Faces that are followed through a video: from frames to a table and drawn frames, one frame in memory at a time.

mod face_box;
mod frames;
mod natural;
mod table;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use keypoints_core::Region;
use keypoints_detect::{Picture, TrackedFace, Tracker};
use keypoints_image::shown;
use keypoints_plot::{FaceMarks, photo_overlay};

pub use self::face_box::FaceBox;
pub use self::frames::VideoFrames;
pub use self::table::TrackFormat;
use self::table::TrackTable;
use crate::exit::tell;
use crate::photos::face_marks;
use crate::progress::frame_bar;
use crate::until_closed::UntilClosed;
use crate::write_document::{cannot_write, counted, create_folder, write_document};

/// What [`track_video`] follows and writes.
#[derive(Clone, Debug, Default)]
pub struct TrackOptions {
    /// A box around a face of the first frame.
    pub face: Option<FaceBox>,
    /// How the faces are written.
    pub format: TrackFormat,
    /// The file for the faces; `None` for standard output.
    pub out: Option<PathBuf>,
    /// A folder for the frames with their faces drawn on them.
    pub drawn: Option<PathBuf>,
}

/// What [`track_video`] has read and found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrackCounts {
    /// Frames that were read.
    pub frames: usize,
    /// Faces in them: ids that were given.
    pub faces: u64,
    /// Frames and pictures that could not be read.
    pub unreadable: usize,
    /// The first frame without a face after one with a face.
    pub lost: Option<usize>,
    /// How long it took.
    pub time: Duration,
}

impl std::fmt::Display for TrackCounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rate = self.frames as f64 / self.time.as_secs_f64().max(1e-9);
        write!(f, "{} read ({rate:.0} a second)", counted(self.frames, "frame"))?;
        write!(f, ", {} followed", counted(self.faces as usize, "face"))?;
        match self.unreadable {
            0 => Ok(()),
            _ => write!(f, ", {} could not be read", counted(self.unreadable, "frame")),
        }
    }
}

/// Follows the faces of a video and writes them frame by frame. What is wrong with a frame that cannot be read is written to standard error,
/// and the next ones are read; their times are those of their numbers.
///
/// A file is replaced when the video is over. Where nobody reads standard output any more and no frames are drawn, the work ends.
///
/// # Errors
/// If there is no face finder and no box of a face, if the finder or the device fails, or with the file that cannot be written.
pub fn track_video(
    tracker: &mut Tracker,
    video: VideoFrames,
    options: &TrackOptions,
) -> anyhow::Result<TrackCounts> {
    if let Some(folder) = &options.drawn {
        create_folder(folder)?;
    }
    let place = options.out.as_deref().map_or("standard output".to_owned(), shown);
    let mut work = Work { tracker, options, place };
    let Some(path) = options.out.as_deref() else {
        return work.run(video, &mut io::stdout());
    };
    write_document(path, |_| true, |to| work.run(video, to))
}

struct Work<'a> {
    tracker: &'a mut Tracker,
    options: &'a TrackOptions,
    /// What is written to, in words.
    place: String,
}

impl Work<'_> {
    fn run(&mut self, video: VideoFrames, to: &mut dyn Write) -> anyhow::Result<TrackCounts> {
        let mut to = UntilClosed::new(to);
        let schema = self.tracker.detector().schema().clone();
        let table = TrackTable::new(schema, self.options.format);
        to.write_all(table.begin().as_bytes()).map_err(|error| cannot_write(error, &self.place))?;
        let (rate, bar) = (video.rate(), frame_bar(video.left()));
        let mut counts = TrackCounts { unreadable: video.missing(), ..Default::default() };
        let mut face: Vec<Region> = self.options.face.iter().map(|face| face.0).collect();
        for (number, frame) in video.enumerate() {
            bar.inc(1);
            let frame = match frame {
                Ok(frame) => frame,
                Err(error) => {
                    counts.unreadable += 1;
                    bar.suspend(|| tell(format_args!("error: {error:#}")));
                    continue;
                }
            };
            let seconds = number as f64 / rate;
            let faces = self.tracker.next_in(&frame, seconds, &std::mem::take(&mut face))?;
            counts.frames += 1;
            counts.faces = faces.iter().map(|face| face.id).fold(counts.faces, u64::max);
            if faces.is_empty() && counts.faces > 0 {
                counts.lost.get_or_insert(number);
            }
            let text = table.rows(number, seconds, &faces)?;
            // At once, for whoever reads a pipe.
            bar.suspend(|| to.write_all(text.as_bytes()).and_then(|()| to.flush()))
                .map_err(|error| cannot_write(error, &self.place))?;
            if let Some(folder) = &self.options.drawn {
                draw(folder, number, frame, &faces)?;
            } else if to.is_closed() {
                break;
            }
        }
        counts.time = bar.elapsed();
        bar.finish_and_clear();
        Ok(counts)
    }
}

/// Draws a frame with its faces and their ids.
fn draw(folder: &Path, number: usize, frame: Picture, faces: &[TrackedFace]) -> anyhow::Result<()> {
    let mark = |TrackedFace { id, face, .. }: &TrackedFace| face_marks(face, id.to_string());
    let marks: Vec<FaceMarks> = faces.iter().map(mark).collect();
    let path = folder.join(format!("{number:06}.jpg"));
    Ok(photo_overlay(&path, frame.into_image().into_rgb8(), &marks)?)
}

#[cfg(test)]
mod tests;
