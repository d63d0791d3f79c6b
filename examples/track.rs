//! Follow the faces of a video.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;
use burn::tensor::Device;
use clap::Parser;
use keypoints_cli::{
    DeviceArgs, FaceBox, TrackFormat, TrackOptions, VideoFrames, finish, open_finder,
    open_predictor, parse_positive, parse_score, run_files, shown, tell, track_video,
};
use keypoints_detect::{Detector, Tracker, TrackerSettings};
use keypoints_files::refuse_inputs;

/// Follows the faces of a video: finds them, follows their points from frame to frame, and writes a line per face and frame, with an id
/// that stays with the face. The points are smoothed: they hardly jitter at rest and hardly lag in motion.
///
/// The video is a folder of pictures or a YUV4MPEG2 stream, which ffmpeg makes of any video. A picture that cannot be opened is named on
/// standard error; the others are read, and the program ends with 1. So it does where a stream is cut off: the frames before are
/// written.
#[derive(Parser)]
#[command(name = "track", after_help = EXAMPLES)]
struct Args {
    /// A folder of pictures, in the order of their names (2 before 10), or a Y4M file; - or nothing: a Y4M stream on standard input.
    #[arg(value_name = "VIDEO")]
    video: Option<PathBuf>,

    #[command(flatten)]
    device: DeviceArgs,

    /// Network that reads the points: the folder of a run, by its best checkpoint, or a model file. [default: the trained network that
    /// comes with the program]
    #[arg(long, value_name = "PATH")]
    run: Option<PathBuf>,

    /// Face finder: a file that `train_finder` made, or YuNet's ONNX file. [default: the one that comes with the program]
    #[arg(long, value_name = "FILE", conflicts_with = "face")]
    finder: Option<PathBuf>,

    /// Score from which a place is a face, from 0 to 1: less finds more faces, and more of what is none [default: 0.5; of YuNet 0.8].
    #[arg(long, value_name = "SCORE", conflicts_with = "face", value_parser = parse_score)]
    min_score: Option<f32>,

    /// Follow only this face: its box in the first frame, in pixels from the upper left corner, roughly from the eyebrows to the chin. No
    /// face finder is needed.
    #[arg(long = "box", value_name = "X,Y,W,H", allow_hyphen_values = true)]
    face: Option<FaceBox>,

    /// Search for faces in every Nth frame, and when a face is lost; in between, follow them.
    #[arg(long, value_name = "N", default_value = "10", conflicts_with = "face")]
    every: NonZeroUsize,

    /// Write the points as they are read.
    #[arg(long)]
    no_smooth: bool,

    /// Frames per second. [default: what the stream says, else 30]
    #[arg(long, value_name = "RATE", value_parser = parse_positive)]
    fps: Option<f64>,

    /// How to write the faces.
    #[arg(long, value_name = "NAME", value_enum, default_value_t = TrackFormat::Csv)]
    format: TrackFormat,

    /// Where to write the faces: a file, which is none of those that are read, a pipe or a device. [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Draw each frame with the boxes, points and ids of its faces into this folder, as 000000.jpg and so on.
    #[arg(long, value_name = "DIR")]
    frames: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  track frames                                        the pictures of a folder, 30 a second
  ffmpeg -i in.mp4 -f yuv4mpegpipe - | track          any video, through ffmpeg
  track video.y4m --format jsonl --out faces.jsonl    JSON lines
  track video.y4m --box 140,90,120,120                this face only
  track video.y4m --frames drawn                      draw the frames, and
  ffmpeg -framerate 30 -i drawn/%06d.jpg out.mp4      make a video of them

Columns: frame (from 0), seconds, id, score of the last search, box (left, top, width, height), x and y of each point in pixels; 0 is the
centre of the first pixel.";

fn main() -> ExitCode {
    match run(&Args::parse()) {
        // What is wrong with each frame has been said.
        Ok(unreadable) if unreadable > 0 => ExitCode::FAILURE,
        result => finish(result.map(|_| ())),
    }
}

/// Returns how many of the frames could not be read.
fn run(args: &Args) -> anyhow::Result<usize> {
    let video = VideoFrames::open(args.video.as_deref(), args.fps, args.frames.as_deref())?;
    if let Some(out) = &args.out {
        let read = args.run.as_deref().map(run_files).into_iter().flatten();
        refuse_inputs(
            out,
            read.chain(args.finder.clone()).chain(args.video.clone()).chain(video.files().to_vec()),
        )?;
    }
    let device = args.device.open()?;
    let finder = open_finder(args.finder.as_deref(), args.min_score, &device)?;
    let detector = detector(args.run.as_deref(), &device)?.with_finder(finder);
    let mut settings = TrackerSettings {
        search_every: Some(args.every).filter(|_| args.face.is_none()),
        ..Default::default()
    };
    if args.no_smooth {
        settings.smoothing = None;
    }
    let options = TrackOptions {
        face: args.face,
        format: args.format,
        out: args.out.clone(),
        drawn: args.frames.clone(),
    };
    let counts = track_video(&mut Tracker::new(detector, settings), video, &options)?;
    tell(counts);
    if let (Some(frame), Some(_)) = (counts.lost, args.face) {
        tell(format_args!("the face was lost in frame {frame}"));
    }
    Ok(counts.unreadable)
}

fn detector(run: Option<&Path>, device: &Device) -> anyhow::Result<Detector> {
    let predictor = open_predictor(run, device)?;
    let mut runs = predictor.runs();
    match (runs.next(), runs.next()) {
        (Some(one), None) => Ok(Detector::of_predictor(one.clone())),
        _ => bail!(
            "{}: several networks; a video is read by one of them: name its folder",
            run.map(shown).unwrap_or_default()
        ),
    }
}
