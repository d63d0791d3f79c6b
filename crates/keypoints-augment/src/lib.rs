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
//! Faces are grey and 96×96 pixels large, and points are those of `keypoints-data`, which knows what is left and right in a mirror.
//!
//! ```
//! use burn::tensor::{Device, Tensor, TensorData};
//! use keypoints_augment::{AugmentConfig, Augmenter};
//! use keypoints_data::synth::{SynthConfig, generate};
//! use keypoints_data::{Coordinate, CoordinateScale};
//!
//! let faces = generate(&SynthConfig { training: 8, test: 0, ..Default::default() }).training;
//! let device = Device::flex();
//! let pixels: Vec<f32> = faces.images().as_bytes().iter().map(|&grey| f32::from(grey) / 255.0).collect();
//! let images = Tensor::<4>::from_data(TensorData::new(pixels, [8, 1, 96, 96]), &device);
//!
//! let coordinates: Vec<Coordinate> = Coordinate::all().collect();
//! let config = AugmentConfig::standard();
//! let augmenter = Augmenter::new(&config, &coordinates, CoordinateScale::PIXELS, &device)?;
//! let batch = augmenter.apply_labels(images, faces.labels(), 7)?;
//! assert_eq!((batch.images.dims(), batch.values.dims()), ([8, 1, 96, 96], [8, 30]));
//! // Labels that are there and have stayed on the image.
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

use keypoints_data::IMAGE_SIDE;

/// The last pixel centre of a row or column: places on the image are in `0..=LAST`.
const LAST: f64 = (IMAGE_SIDE - 1) as f64;

/// The middle of the image, which rotation, scale and flip leave where it is.
const MIDDLE: f64 = LAST / 2.0;
