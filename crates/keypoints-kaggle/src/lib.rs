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
//! | know which annotators a test image belongs to | [`image_regimes`] |
//! | answer all requests from one prediction per image | [`Submission::from_predictions`] |
//! | answer them from networks that predict per regime | [`Submission::route`] |
//! | write, read | [`Submission::write`], [`Submission::read`] |
//! | know before the upload whether Kaggle will take the file | [`check`] |
//! | score where the truth is known | [`score`] |
//!
//! This crate knows no tensor: predictions arrive as [`keypoints_data::Labels`] or as plain numbers.
//!
//! ```
//! use keypoints_data::{Keypoint, LookupTable, Request};
//! use keypoints_kaggle::{Submission, check};
//!
//! let lookup = LookupTable::new(vec![
//!     Request { row_id: 1, image_id: 7, coordinate: Keypoint::NoseTip.x() },
//!     Request { row_id: 2, image_id: 7, coordinate: Keypoint::NoseTip.y() },
//! ])
//! .ok_or("a RowId occurs twice")?;
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("submission.csv");
//! let submission = Submission::route(&lookup, |_image, _regime, coordinate| {
//!     Some(if coordinate == Keypoint::NoseTip.x() { 47.5 } else { 99.0 })
//! })?;
//! submission.write(&path)?;
//!
//! // The 99 left the picture and was clipped to its border.
//! assert_eq!(std::fs::read_to_string(&path)?, "RowId,Location\n1,47.5\n2,96.0\n");
//! assert!(check(&path, &lookup)?.is_ok());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod csv;
mod error;
mod problem;
mod regime;
mod score;
mod submission;

pub use check::{CheckReport, Summary, check};
pub use error::KaggleError;
pub use problem::{LocationFault, Problem};
pub use regime::image_regimes;
pub use score::{Score, score};
pub use submission::{Answer, Submission};
