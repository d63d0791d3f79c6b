//! The files of Kaggle's "Facial Keypoints Detection" as typed faces, without any tensor library.

mod atomic;
mod cache;
mod csv;
mod data_dir;
mod dataset;
mod error;
mod fingerprint;
pub mod impute;
mod inspect;
mod keypoint;
mod label_shift;
mod labels;
mod normalize;
mod pixels;
mod read;
mod row_list;
mod split;
pub mod synth;
mod tally;

pub use atomic::write_atomically;
pub use data_dir::DataDir;
pub use dataset::{FaceDataset, Images, LookupTable, Request, TestSet};
pub use error::DataError;
pub use impute::{FittedImputer, Imputer, ImputerConfig};
pub use inspect::{CoordinateSummary, DataReport, DuplicateSummary, RegimeCounts, ValueRange};
pub use keypoint::{
    Axis, COORDINATE_RANGE, Coordinate, IMAGE_PIXELS, IMAGE_SIDE, Keypoint, NUM_COORDINATES,
    NUM_KEYPOINTS, UnknownName,
};
pub use label_shift::LabelShifts;
pub use labels::{LabelRegime, Labels, Point};
pub use normalize::{CoordinateScale, normalize_pixel, normalize_pixels};
pub use pixels::{PixelFault, parse_pixels};
pub use read::{check_lookup, read_lookup, read_test, read_training};
pub use row_list::read_row_list;
pub use split::{Split, SplitError, hold_out, k_fold, picture_groups};
pub use synth::{SynthConfig, SynthError, SyntheticFace, SyntheticSet};
pub use tally::Tally;
