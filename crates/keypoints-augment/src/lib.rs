//! Faces and their keypoints moved, bent and dimmed on the way to a network, so that it never sees the same
//! picture twice. For any network on [Burn](https://burn.dev).
//!
//! Pixels and points go through the same map, so a point stays on its eye. Every number is drawn on the host
//! from a seed, per face; the pixels are worked on where they lie, a batch at a time.
//!
//! | part | what it is |
//! | --- | --- |
//! | [`AugmentConfig`] | which steps, how strong; JSON for settings files |
//! | [`Augmenter`] | applies them to batches, of any network |
//! | [`Warp`] | the map of one face, for points on the host |
//! | [`Elastic`] | the smooth field of a warp |
//!
//! The steps, in this order; each can be turned off without a change to what the others draw:
//!
//! 1. flip, scale, shear, rotation, perspective, shift, elastic field: one map, one resampling;
//! 2. blur, gamma, contrast and brightness, noise;
//! 3. cut-out.
//!
//! `augmentation.jpg` beside this crate's manifest shows each of them on a drawn face: `augment --row 8 --versions 4`.
//!
//! Pictures are square, grey or in colour, of any side; which points change places in a mirror, the schema says.
//!
//! ```
//! use burn::tensor::{Device, Tensor};
//! use keypoints_augment::{AugmentConfig, Augmenter};
//! use keypoints_core::{Coordinate, CoordinateScale, Labels, PictureShape, Schema};
//!
//! let schema: Schema = serde_json::from_str(
//!     r#"{ "name": "ears", "keypoints": ["left", "right"], "mirror_pairs": [["left", "right"]] }"#,
//! )?;
//! let coordinates: Vec<Coordinate> = schema.coordinates().collect();
//! let (shape, device) = (PictureShape::colour(64), Device::flex());
//! let config = AugmentConfig::standard();
//! let augmenter = Augmenter::new(&config, &schema, shape, &coordinates, CoordinateScale::PIXELS, &device)?;
//!
//! let labels = [Labels::new(vec![Some(20.0), Some(30.0), Some(44.0), Some(31.0)])];
//! let batch = augmenter.apply(Tensor::zeros([1, 3, 64, 64], &device), &labels, 7)?;
//! assert_eq!((batch.images.dims(), batch.values.dims()), ([1, 3, 64, 64], [1, 4]));
//! // Labels that are there and have stayed on the picture.
//! assert_eq!(batch.mask.sum().into_scalar::<f32>(), batch.labels as f32);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// The GPU backends nest their types deeply.
#![recursion_limit = "256"]

mod augmenter;
mod batch;
mod columns;
mod config;
mod draw;
mod elastic;
mod error;
mod frame;
mod matrix;
mod pixels;
mod resample;
mod tone;
mod tone_steps;
mod warp;

pub use augmenter::Augmenter;
pub use batch::AugmentedBatch;
pub use config::{AugmentConfig, CutoutConfig, ElasticConfig};
pub use elastic::Elastic;
pub use error::AugmentError;
pub use warp::{Warp, WarpParams};
