//! Networks as [ONNX](https://onnx.ai) files, for programs in other languages.
//!
//! [`Predictor::to_onnx_bytes`](crate::Predictor::to_onnx_bytes) writes a file that takes crops as they are and returns points:
//!
//! | name | shape | |
//! | --- | --- | --- |
//! | `pictures` | `[batch, channels, side, side]` | input: `f32`, 0 black to 255 white; red, green, blue |
//! | `points` | `[batch, K, 2]` | x before y, in pixels of the crop, 0 at the centre of the first one; not clipped |
//! | `uncertainty` | `[batch, K]` | of each point, in pixels of the crop; of networks with heat maps only |
//!
//! Points are where [`KeypointPredictor::predict_on_picture`](crate::KeypointPredictor::predict_on_picture) finds them, those of the first
//! label source without its label shift. `K` counts the points that the network knows, in the order of the schema. The
//! record's test-time augmentation is part of the file; uncertainties are those of the picture as it is.
//!
//! The metadata of the file (`metadata_props`):
//!
//! | key | value |
//! | --- | --- |
//! | `points` | the names of the `K` points, a JSON list |
//! | `schema` | the whole [`Schema`](keypoints_core::Schema), JSON |
//! | `pictures` | `{"side":96,"channels":1}` |
//! | `crop` | the [`CropTemplate`](keypoints_core::CropTemplate), JSON; only if known |
//! | `margin` | the margin around regions of photos; only if known |
//! | `license` | the licence of the weights; only if named |
//! | `version` | the version of this crate |

mod columns;
mod error;
mod export;
mod file;
mod graph;
mod heat_maps;
mod layer;
mod metadata;
mod outputs;
mod trace;
mod uncertainty;
mod versions;

pub use error::OnnxError;
pub use file::OnnxText;
pub use outputs::TracedOutput;
pub use trace::export_module;
