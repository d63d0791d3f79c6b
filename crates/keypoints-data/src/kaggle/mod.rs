//! The files of Kaggle's "Facial Keypoints Detection".
//!
//! `training.csv` does not say who labelled a row. Rows with more than four points come from one label source, `full`, the
//! others from another, `four_point`: [`dataset`] stores that with every row, and nothing else derives it again.

mod csv;
mod data_dir;
mod files;
mod pixels;
mod read;

pub use data_dir::DataDir;
pub use files::{LookupTable, Request, TestSet, dataset};
pub use pixels::{PixelFault, parse_pixels};
pub use read::{check_lookup, read_lookup, read_test, read_training};
pub(crate) use read::{faces, test_set};
