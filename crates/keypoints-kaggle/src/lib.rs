//! From predicted keypoints to a submission for Kaggle's "Facial Keypoints Detection": routing,
//! writing, checking, local score.
//!
//! ```text
//! IdLookupTable.csv ──▶ requests ──▶ Submission::route ──▶ submission.csv ──▶ check
//!                                         ▲                     │
//!                    predictions ─────────┘        solution ──▶ score
//! ```
//!
//! | to | use |
//! | --- | --- |
//! | know the label source of each test image | [`image_sources`] |
//! | answer all requests from one prediction per image | [`Submission::from_predictions`] |
//! | answer them from networks that predict per label source | [`Submission::route`] |
//! | write, read | [`Submission::write`], [`Submission::read`] |
//! | know before the upload whether Kaggle will take the file | [`check`] |
//! | score where the truth is known | [`score`] |
//!
//! This crate knows no tensor: predictions arrive as [`keypoints_core::Labels`] or as plain numbers.
//!
//! ```
//! use keypoints_core::kaggle15;
//! use keypoints_data::kaggle::{LookupTable, Request};
//! use keypoints_kaggle::{Submission, check};
//!
//! let lookup = LookupTable::new(vec![
//!     Request { row_id: 1, image_id: 7, coordinate: kaggle15::NOSE_TIP.x() },
//!     Request { row_id: 2, image_id: 7, coordinate: kaggle15::NOSE_TIP.y() },
//! ])
//! .ok_or("a RowId occurs twice")?;
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("submission.csv");
//! let submission = Submission::route(&lookup, |_image, _source, coordinate| {
//!     Some(if coordinate == kaggle15::NOSE_TIP.x() { 47.5 } else { 99.0 })
//! })?;
//! submission.write(&path)?;
//!
//! // The 99 left the picture and was clipped to its border.
//! assert_eq!(std::fs::read_to_string(&path)?, "RowId,Location\n1,47.5\n2,96.0\n");
//! assert!(check(&path, &lookup)?.is_ok());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod check;
mod coordinate;
mod csv;
mod error;
mod problem;
mod score;
mod source;
mod submission;

pub use answer::Answer;
pub use check::{CheckReport, Summary, check};
pub use error::KaggleError;
pub use problem::{LocationFault, Problem};
pub use score::{Score, score};
pub use source::image_sources;
pub use submission::Submission;
