//! The files of Kaggle's "Facial Keypoints Detection" as typed faces, without any tensor library.
//!
//! A [`DataDir`] is a folder with the files as Kaggle serves them, plain or zipped. Synthetic faces of the same layout stand in
//! where nobody has them:
//!
//! ```
//! use keypoints_data::synth::{SynthConfig, generate, write_files};
//! use keypoints_data::{DataDir, Keypoint, LabelRegime, hold_out};
//!
//! let folder = tempfile::tempdir()?;
//! let set = generate(&SynthConfig { training: 100, test: 10, ..Default::default() });
//! write_files(&set, folder.path(), false)?;
//!
//! let data = DataDir::new(folder.path());
//! let faces = data.training()?; // what is wrong is said with its file, row and column
//! assert_eq!((faces.len(), faces.images().get(0).len()), (100, 96 * 96));
//! // A missing label is `None`, here and everywhere.
//! let gaps = faces.labels().iter().filter(|labels| labels.point(Keypoint::MouthLeftCorner).is_none());
//! assert!(gaps.count() > 50);
//! assert!((0..100).any(|row| faces.regime(row) == LabelRegime::FourPoint));
//!
//! // Cut by whole pictures, each label regime in its share.
//! let split = hold_out(&faces, 0.2, 7)?;
//! assert_eq!(split.train.len() + split.validation.len(), 100);
//! let (test, lookup) = data.test_and_lookup()?;
//! println!("{} values to find in {} pictures", lookup.len(), test.len());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | what | where |
//! | --- | --- |
//! | read the files | [`DataDir`], [`read_training`], [`read_test`], [`read_lookup`] |
//! | faces and labels | [`FaceDataset`], [`Images`], [`Labels`], [`Keypoint`], [`Coordinate`] |
//! | what is in them | [`DataReport`], [`LabelShifts`] |
//! | cut them | [`hold_out`], [`k_fold`], [`picture_groups`] |
//! | fill gaps | [`impute`] |
//! | make some | [`synth`] |

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
