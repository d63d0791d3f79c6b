//! What the command-line programs share: flags, device choice, progress, finding or making data, pictures.
//!
//! The programs in `examples/` are thin: each parses its flags with the groups of [`args`], opens the data
//! with [`DataArgs::open`], and prints what the libraries answer. Programs of your own can use the same parts:
//!
//! ```
//! use clap::Parser;
//! use keypoints_cli::{DataArgs, DeviceArgs};
//!
//! #[derive(Parser)]
//! struct Args {
//!     #[command(flatten)]
//!     data: DataArgs,
//!     #[command(flatten)]
//!     device: DeviceArgs,
//! }
//!
//! let args = Args::parse_from(["demo", "--device", "flex"]);
//! let device = args.device.open()?;
//! # Ok::<(), anyhow::Error>(())
//! ```

#![recursion_limit = "256"]

pub mod args;
mod augmented_faces;
mod compare_args;
mod data;
mod ensemble_args;
mod exit;
mod finder_progress;
mod imputed_faces;
mod memory;
mod negatives;
mod open_finder;
mod open_predictor;
mod own_pictures;
mod photos;
mod pictures;
mod predictions;
mod progress;
mod report_page;
mod report_parts;
mod rounds;
mod run_report;
mod scores;
mod session;
mod study_args;
mod study_pictures;
mod study_progress;
mod study_report;
mod submission;
mod suspects;
mod train_args;
mod tta_args;
mod until_closed;
mod video;
mod weights_file;
mod write_document;

pub use args::{DataArgs, DeviceArgs, parse_positive, parse_score};
pub use augmented_faces::{AugmentedFaces, augmentation_steps};
pub use compare_args::CompareArgs;
pub use data::Data;
pub use ensemble_args::EnsembleArgs;
pub use exit::{finish, say, tell};
pub use finder_progress::FinderTrainingProgress;
pub use imputed_faces::{ImputedFace, draw_imputed_faces};
pub use keypoints_image::shown;
pub use memory::keep_freed_memory;
pub use negatives::{drawn_negatives, negatives};
pub use open_finder::open_finder;
pub use open_predictor::{open_predictor, run_files, tell_of_missing_folds};
pub use own_pictures::OwnPictures;
pub use photos::{
    PhotoCounts, PhotoDetector, PhotoOptions, PictureFiles, find_pictures, predict_photos,
};
pub use pictures::{draw_calibration, draw_data_pictures, draw_held_out, draw_run_pictures};
pub use predictions::Predictions;
pub use progress::{TrainProgress, count_bar};
pub use rounds::draw_rounds;
pub use run_report::write_run_report;
pub use scores::{relative_table, score_table};
pub use session::{Trained, train_and_draw};
pub use study_args::{StudyArgs, StudyRun};
pub use study_pictures::draw_study;
pub use study_progress::StudyProgress;
pub use study_report::{write_cv_report, write_ensemble_report, write_study_report};
pub use submission::{Submitted, write_submission};
pub use suspects::{draw_suspects, suspect_table};
pub use train_args::{HoldOutArgs, TrainArgs, optimizer_names, quickstart_config};
pub use tta_args::TtaArgs;
pub use video::{FaceBox, TrackCounts, TrackFormat, TrackOptions, VideoFrames, track_video};
pub use weights_file::weights_file;
