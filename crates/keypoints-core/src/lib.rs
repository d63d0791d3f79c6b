//! Types for labelled pictures of any keypoints: schemas, labels, pictures and datasets; splits of datasets and scores of
//! predictions.
//!
//! No files, no tensors, no threads: this crate compiles for `wasm32-unknown-unknown`, and everything else stands on it.
//!
//! ```
//! use std::sync::Arc;
//! use keypoints_core::{Dataset, ErrorReport, Keypoint, Labels, PictureShape, Pictures, Schema, hold_out};
//!
//! // Two points on colour pictures of 32×32 pixels.
//! let schema = Arc::new(Schema::new("ears", ["left_ear", "right_ear"])?);
//! let left = Keypoint::new(0);
//! let shape = PictureShape::colour(32);
//! let pixels = (0..10u8).flat_map(|value| vec![value; shape.bytes()]).collect();
//! let pictures = Pictures::new(shape, pixels).ok_or("not whole pictures")?;
//! let labels: Vec<Labels> = (0..10).map(|row| [(left.x(), row as f32)].into_iter().collect()).collect();
//! let dataset = Dataset::of_one_source(Arc::clone(&schema), pictures, labels)?;
//!
//! let split = hold_out(&dataset, 0.2, 42)?;
//! assert_eq!((split.train.len(), split.validation.len()), (8, 2));
//! let report = ErrorReport::compare(&schema, dataset.sources(), dataset.labels(), dataset.labels());
//! assert_eq!((report.rmse, report.labels), (Some(0.0), 10));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | what | where |
//! | --- | --- |
//! | what points mean | [`Schema`], [`LabelSource`], [`kaggle15`] |
//! | labels | [`Labels`], [`Keypoint`], [`Coordinate`], [`LabelShifts`] |
//! | pictures | [`PictureShape`], [`Pictures`] |
//! | crops of photos | [`Region`], [`Crop`], [`CropTemplate`] |
//! | both together | [`Dataset`] |
//! | splits | [`hold_out`], [`k_fold`], [`picture_groups`] |
//! | scores | [`ErrorReport`], [`ErrorSums`], [`NmeReport`], [`RelativeErrors`], [`influences`] |

mod crop;
mod crop_fit;
mod crop_template;
mod dataset;
mod fingerprint;
pub mod kaggle15;
mod keypoint;
mod label_shift;
mod labels;
mod named;
mod normalize;
mod picture;
mod region;
mod schema;
mod scores;
mod split;

pub use crop::Crop;
pub use crop_template::CropTemplate;
pub use dataset::{Dataset, DatasetError};
pub use keypoint::{Axis, Coordinate, Keypoint};
pub use label_shift::LabelShifts;
pub use labels::{Labels, Point};
pub use named::Named;
pub use normalize::{CoordinateScale, normalize_pixel, normalize_pixels};
pub use picture::{PictureShape, Pictures, REFERENCE_SIDE};
pub use region::Region;
pub use schema::{BUILTIN_SCHEMAS, LabelSource, Schema, SchemaError, Source};
pub use scores::{
    ErrorReport, ErrorSums, FAILURE_THRESHOLD, NmeReport, RelativeErrors, Tally, influences,
    normalised_mean_error, standard_error,
};
pub use split::{Split, SplitError, hold_out, k_fold, picture_groups};
