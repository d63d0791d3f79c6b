//! A trained keypoint network that predicts: model files, test-time augmentation, uncertainty.
//!
//! A model file carries its schema, picture shape and crop template, so it opens without anything else:
//!
//! ```
//! use burn::tensor::Device;
//! use keypoints_core::{CoordinateScale, LabelShifts, PictureShape, Pictures, Schema};
//! use keypoints_models::{BuildNetwork, NetworkConfig, compact::CompactConfig};
//! use keypoints_predict::{Heads, KeypointPredictor, Model, ModelRecord, NetworkRecord, Predictor};
//! use std::sync::Arc;
//!
//! // An untrained network for two points on colour pictures; `keypoints-train` trains one.
//! let (schema, pictures) = (Arc::new(Schema::new("ears", ["left", "right"])?), PictureShape::colour(32));
//! let (config, device) = (NetworkConfig::CompactNet(CompactConfig { width: 2, ..Default::default() }), Device::flex());
//! let record = ModelRecord {
//!     network: NetworkRecord::of(&config, 4, pictures),
//!     coordinates: schema.coordinates().collect(),
//!     heads: Heads::Shared,
//!     scale: CoordinateScale::centred(32),
//!     tta: Default::default(),
//!     label_shifts: LabelShifts::default(),
//!     sources: schema.source_indices().collect(),
//!     training: Default::default(),
//!     crop: None,
//!     margin: None,
//!     calibration: None,
//!     pictures,
//!     schema,
//! };
//! let network = record.init(&config, &device)?;
//! let predictor = Predictor::of_model(Model { network, record, epoch: 1 }, None, &device);
//!
//! let folder = tempfile::tempdir()?;
//! let file = folder.path().join("ears.safetensors");
//! std::fs::write(&file, predictor.to_model_bytes(&file)?)?;
//!
//! let predictor = Predictor::open_model(&file, &device)?;
//! assert_eq!((predictor.schema().name(), predictor.pictures()), ("ears", PictureShape::colour(32)));
//! let points = predictor.predict(&Pictures::new(pictures, vec![0; pictures.bytes()]).ok_or("one picture")?)?;
//! assert_eq!(points[0].count(), 4);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | what | where |
//! | --- | --- |
//! | points for pictures | [`Predictor`], [`KeypointPredictor`] |
//! | what a network is | [`ModelRecord`], [`Model`], [`Outputs`], [`Heads`] |
//! | averages over versions of a picture | [`TestTimeAugmentation`] |
//! | an error estimate per point | [`Uncertainty`], [`Calibration`] |
//! | a file for programs in other languages (feature `onnx`) | `Predictor::to_onnx_bytes` |

// The GPU backends nest their types deeply.
#![recursion_limit = "256"]

mod calibration;
mod error;
mod heads;
mod keypoint_predictor;
mod model;
mod model_file;
#[cfg(feature = "onnx")]
pub mod onnx;
// It needs no exporter, so it is tested by every build.
#[cfg(all(test, feature = "flex", not(feature = "onnx")))]
#[path = "onnx/heat_maps.rs"]
mod heat_maps;
mod outputs;
mod pictures;
mod predictor;
mod record;
mod tta;

pub use calibration::{Calibration, CalibrationPoint};
pub use error::PredictError;
pub use heads::Heads;
pub use keypoint_predictor::{KeypointPredictor, check};
pub use model::{Model, Uncertainty};
pub use outputs::Outputs;
pub use pictures::DevicePictures;
pub use predictor::Predictor;
pub use record::{ModelRecord, NetworkRecord, TrainingRecord, are_points};
pub use tta::{LARGEST_SHIFT, TestTimeAugmentation, mirrored_columns};
