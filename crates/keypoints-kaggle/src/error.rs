//! What can go wrong between a prediction and a submission.

use std::io;
use std::path::PathBuf;

use keypoints_core::Coordinate;

use crate::coordinate;
use crate::problem::Problem;

/// Why a submission could not be made, written, read or scored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KaggleError {
    /// A file could not be opened or read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },

    /// A file could not be written; what stood there before is untouched.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },

    /// A file is no submission.
    #[error("{}: {problem}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The first thing that is wrong with it: row, column, expected, found.
        problem: Problem,
    },

    /// There is not one prediction per test image.
    #[error("expected one prediction per test image, {images}, found {predictions}")]
    PredictionCount {
        /// Images in the test set.
        images: usize,
        /// Predictions handed in.
        predictions: usize,
    },

    /// The lookup table asks for an image that the test set does not hold.
    #[error("row id {row_id} asks for image {image_id}, which is not in the test set")]
    UnknownImage {
        /// `RowId` of the request.
        row_id: u32,
        /// `ImageId` of the request.
        image_id: u32,
    },

    /// Nothing was predicted for a coordinate that the competition asks for.
    #[error("no prediction for {} of image {image_id} (row id {row_id})", coordinate::name(*.coordinate))]
    MissingPrediction {
        /// `RowId` of the request.
        row_id: u32,
        /// `ImageId` of the request.
        image_id: u32,
        /// The coordinate asked for.
        coordinate: Coordinate,
    },

    /// The prediction for a coordinate is NaN or infinite.
    #[error(
        "the prediction for {} of image {image_id} (row id {row_id}) is {found}, expected a finite number",
        coordinate::name(*.coordinate)
    )]
    NonFinitePrediction {
        /// `RowId` of the request.
        row_id: u32,
        /// `ImageId` of the request.
        image_id: u32,
        /// The coordinate asked for.
        coordinate: Coordinate,
        /// The prediction.
        found: f32,
    },

    /// Answers that were put together by hand do not make a submission.
    #[error("these answers are no submission: {problem}")]
    Answers {
        /// The first thing that is wrong with them.
        problem: Problem,
    },

    /// A request of the lookup table is not answered, so there is no score.
    #[error("the {file} has no row with row id {row_id} ({} of image {image_id})", coordinate::name(*.coordinate))]
    MissingAnswer {
        /// `submission` or `solution`.
        file: &'static str,
        /// `RowId` of the request.
        row_id: u32,
        /// `ImageId` of the request.
        image_id: u32,
        /// The coordinate asked for.
        coordinate: Coordinate,
    },

    /// The lookup table asks for a point that the competition does not have, so there is no score.
    #[error(
        "row id {row_id} asks for keypoint number {number}, counted from 0, but there are only fifteen"
    )]
    UnknownKeypoint {
        /// `RowId` of the request.
        row_id: u32,
        /// The keypoint's number, counted from 0.
        number: usize,
    },
}
