//! The faces of a video as CSV and as JSON lines.

use std::fmt::Write as _;

use clap::ValueEnum;
use keypoints_core::Schema;
use keypoints_detect::TrackedFace;
use serde::Serialize;

use crate::photos::FaceObject;

/// How the faces of a video are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TrackFormat {
    /// A line of column names, then a line per face and frame.
    #[default]
    Csv,
    /// A JSON object per face and frame, each on its line.
    Jsonl,
}

/// The faces of a video, a line per face and frame: the frame, counted from 0, its time in seconds, the face's id and score, its box, and its
/// points in pixels of the frame.
pub(super) struct TrackTable {
    schema: Schema,
    format: TrackFormat,
}

impl TrackTable {
    pub(super) fn new(schema: Schema, format: TrackFormat) -> Self {
        Self { schema, format }
    }

    /// What comes before the first frame.
    pub(super) fn begin(&self) -> String {
        let points = self.schema.coordinate_names().join(",");
        match self.format {
            TrackFormat::Csv => {
                format!("frame,seconds,id,score,left,top,width,height,{points}\n")
            }
            TrackFormat::Jsonl => String::new(),
        }
    }

    /// The faces of a frame.
    pub(super) fn rows(
        &self,
        frame: usize,
        seconds: f64,
        faces: &[TrackedFace],
    ) -> serde_json::Result<String> {
        let mut text = String::new();
        for TrackedFace { id, face, .. } in faces {
            match self.format {
                TrackFormat::Csv => {
                    let _ = write!(text, "{frame},{seconds:.6},{id},{:.3}", face.score);
                    for length in face.region.to_pixels() {
                        let _ = write!(text, ",{length:.3}");
                    }
                    for coordinate in self.schema.coordinates() {
                        text.push(',');
                        if let Some(value) = face.points.get(coordinate) {
                            let _ = write!(text, "{value:.3}");
                        }
                    }
                }
                TrackFormat::Jsonl => {
                    let seconds = (seconds * 1e6).round() / 1e6;
                    let face = FaceObject::of(face, &self.schema);
                    text += &serde_json::to_string(&Row { frame, seconds, id: *id, face })?;
                }
            }
            text.push('\n');
        }
        Ok(text)
    }
}

#[derive(Serialize)]
struct Row {
    frame: usize,
    seconds: f64,
    id: u64,
    #[serde(flatten)]
    face: FaceObject,
}

#[cfg(test)]
mod tests;
