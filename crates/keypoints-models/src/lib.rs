//! Networks that predict keypoints, on [Burn](https://burn.dev).
//!
//! Every network takes a batch of pictures, `[batch, channels, side, side]` with values in `0..=1`, and
//! returns `[batch, outputs]`: one number per regressed coordinate, in whatever unit it was trained
//! on. Name one and initialise it:
//!
//! ```
//! use burn::tensor::{Device, Tensor};
//! use keypoints_core::PictureShape;
//! use keypoints_models::{KeypointNetwork, NetworkConfig};
//!
//! let device = Device::flex();
//! let config = NetworkConfig::by_name("compact")?.with_outputs(10).with_pictures(PictureShape::colour(64));
//! let network = config.init(&device)?;
//! let pictures = Tensor::zeros([1, 3, 64, 64], &device);
//! assert_eq!(network.forward(pictures).dims(), [1, 10]);
//! # Ok::<(), keypoints_models::ModelError>(())
//! ```
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`simple_cnn`] | the six-convolution network of the notebook |
//! | [`compact`] | a small residual network with a heat map per keypoint |
//! | [`efficientnet`] | EfficientNet as torchvision defines it; takes ImageNet weights |
//! | `weights` | trained weights from files, strictly, and into files (features `weights` and `safetensors`) |
//! | [`registry`] | all networks by name: [`NetworkConfig`], [`Network`] |
//! | [`layers`] | building blocks that Burn does not have |
//!
//! To add a network, write one file and add one line to [`registry`].
//!
//! | feature | what it brings |
//! | --- | --- |
//! | `flex` (default) | CPU, pure Rust |
//! | `cuda` | NVIDIA GPUs |
//! | `wgpu` | any GPU through WebGPU |
//! | `vulkan` | any GPU through Vulkan |
//! | `tuned` | on a GPU: kernels chosen by trying them, neighbouring operations in one kernel; slow to start |
//! | `safetensors` | weights in safetensors files that are in memory |
//! | `weights` (default) | weights in files: safetensors, what PyTorch saves, checkpoints of runs |
//! | `download` | fetches published weights once |

// The GPU backends nest their types deeply.
#![recursion_limit = "256"]

mod backbone;
mod build;
pub mod compact;
pub mod efficientnet;
mod error;
pub mod layers;
mod network;
mod parameters;
pub mod registry;
pub mod simple_cnn;
#[cfg(feature = "safetensors")]
pub mod weights;

pub use backbone::{backbone_group, head_group};
pub use build::BuildNetwork;
pub use error::ModelError;
pub use network::{KeypointNetwork, NetworkSettings};
pub use parameters::trained_parameters;
pub use registry::{Network, NetworkConfig};
