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
mod data;
mod exit;
mod photo;
mod pictures;
mod predictions;
mod progress;
mod scores;
mod session;
mod submission;
mod train_args;

pub use args::{DataArgs, DeviceArgs};
pub use data::OpenData;
pub use exit::finish;
pub use photo::Photo;
pub use pictures::{draw_data_pictures, draw_run_pictures};
pub use predictions::Predictions;
pub use progress::{TrainProgress, count_bar};
pub use scores::score_table;
pub use session::{Trained, train_and_draw};
pub use submission::{Submitted, write_submission};
pub use train_args::{TrainArgs, quickstart_config};
