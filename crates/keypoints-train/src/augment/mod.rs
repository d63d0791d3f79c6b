//! Faces and their keypoints moved, bent and dimmed on the way to a network, so that it never sees the same
//! picture twice.
//!
//! Pixels and points go through the same map, so a point stays on its eye. Every number is drawn on the host
//! from a seed, per face; the pixels are worked on where they lie, a batch at a time.
//!
//! | part | what it is |
//! | --- | --- |
//! | [`AugmentConfig`] | which steps, how strong; in [`TrainConfig::augment`](crate::TrainConfig::augment) |
//! | [`Augmenter`] | applies them to batches, of any network |
//! | [`Warp`] | the map of one face, for points on the host |
//! | [`Elastic`] | the smooth field of a warp |
//! | [`average_flipped`] | a network asked twice, the second time in a mirror |
//!
//! The steps, in this order; each can be turned off without a change to what the others draw:
//!
//! (`augmentation.jpg` beside this crate's manifest shows each, as `augment --row 8 --versions 4` draws it on synthetic faces.)
//!
//! 1. flip, scale, shear, rotation, perspective, shift, elastic field: one map, one resampling;
//! 2. blur, gamma, contrast and brightness, noise;
//! 3. cut-out.

mod augmenter;
mod averaged;
mod batch;
mod columns;
mod config;
mod draw;
mod elastic;
mod matrix;
mod moved;
mod pixels;
mod resample;
mod tone;
mod tone_steps;
mod warp;

pub use augmenter::Augmenter;
pub use averaged::average_flipped;
pub(crate) use averaged::{average_flipped_outputs, mirrored_columns};
pub use batch::AugmentedBatch;
pub use config::{AugmentConfig, CutoutConfig, ElasticConfig};
pub use elastic::Elastic;
pub use moved::average_moved;
pub(crate) use moved::average_moved_outputs;
pub use warp::{Warp, WarpParams};

use keypoints_data::IMAGE_SIDE;

/// The last pixel centre of a row or column: places on the image are in `0..=LAST`.
const LAST: f64 = (IMAGE_SIDE - 1) as f64;

/// The middle of the image, which rotation, scale and flip leave where it is.
const MIDDLE: f64 = LAST / 2.0;
