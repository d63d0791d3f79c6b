//! Labelled pictures from files, and into files: read, inspect, fill gaps, synthesise. Without any tensor library.
//!
//! What a dataset is, [`keypoints_core`] says. This crate reads the files of Kaggle's "Facial Keypoints Detection", plain or zipped
//! ([`kaggle`]). Synthetic faces of the same layout stand in where nobody has them:
//!
//! ```
//! use keypoints_core::{hold_out, kaggle15};
//! use keypoints_data::kaggle::DataDir;
//! use keypoints_data::synth::{SynthConfig, generate, write_files};
//!
//! let folder = tempfile::tempdir()?;
//! let set = generate(&SynthConfig { training: 100, test: 10, ..Default::default() });
//! write_files(&set, folder.path(), false)?;
//!
//! let data = DataDir::new(folder.path());
//! let faces = data.training()?; // errors name file, row and column
//! assert_eq!((faces.len(), faces.pictures().get(0).len()), (100, 96 * 96));
//! // A missing label is `None`, here and everywhere.
//! let gaps = faces.labels().iter().filter(|labels| labels.point(kaggle15::MOUTH_LEFT_CORNER).is_none());
//! assert!(gaps.count() > 50);
//! assert!(faces.sources().contains(&kaggle15::FOUR_POINT));
//!
//! // Split by whole pictures, each label source in its share.
//! let split = hold_out(&faces, 0.2, 7)?;
//! assert_eq!(split.train.len() + split.validation.len(), 100);
//! let (test, lookup) = data.test_and_lookup()?;
//! println!("{} values to find in {} pictures", lookup.len(), test.len());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | what | where |
//! | --- | --- |
//! | read the competition's files | [`kaggle`] |
//! | read and write labels of any points | [`annotations`] |
//! | cut labelled photos to pictures of one size | [`photos`] |
//! | what is in a dataset | [`DataReport`] |
//! | labels that look filled in, swapped or scaled | [`LabelWarning`] |
//! | fill gaps | [`impute`] |
//! | draw faces | [`synth`] |
//! | lists of rows, whole files | [`read_row_list`], [`write_atomically`], [`not_text`] |

pub mod annotations;
mod error;
mod excerpt;
mod fields;
pub mod impute;
mod inspect;
pub mod kaggle;
mod not_text;
pub mod photos;
mod row_list;
pub mod synth;

pub use error::DataError;
pub use inspect::{
    ColumnCount, CoordinateSummary, DataReport, DuplicateSummary, LabelFault, LabelWarning,
    ValueRange,
};
pub use keypoints_files::write as write_atomically;
pub use not_text::not_text;
pub use row_list::read_row_list;
