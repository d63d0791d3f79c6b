//! Networks that find facial keypoints, on [Burn](https://burn.dev). They know nothing of the competition's files.
//!
//! Every network takes a batch of grey pictures, `[batch, 1, side, side]` with values in `0..=1`, and
//! answers with `[batch, outputs]`: one number per regressed coordinate, in whatever unit it was trained
//! on. Name one and initialise it:
//!
//! ```
//! use burn::tensor::{Device, Tensor};
//! use keypoints_models::{KeypointNetwork, NetworkConfig};
//!
//! let device = Device::flex();
//! let config = NetworkConfig::by_name("simple_cnn")?.with_outputs(30);
//! let network = config.init(&device)?;
//! let faces = Tensor::zeros([1, 1, 96, 96], &device);
//! assert_eq!(network.forward(faces).dims(), [1, 30]);
//! # Ok::<(), keypoints_models::ModelError>(())
//! ```
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`simple_cnn`] | the six-convolution network of the notebook |
//! | [`compact`] | a small residual network with a heat map per keypoint |
//! | [`efficientnet`] | EfficientNet as torchvision defines it; takes ImageNet weights |
//! | `weights` | trained weights from files, strictly, and into files (feature `weights`) |
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
//! | `weights` (default) | safetensors and PyTorch's .pth |
//! | `download` | fetches published weights once |

// The GPU backends nest their types deeply.
#![recursion_limit = "256"]

mod backbone;
pub mod compact;
pub mod efficientnet;
mod error;
pub mod layers;
mod network;
mod parameters;
pub mod registry;
pub mod simple_cnn;
#[cfg(feature = "weights")]
pub mod weights;

pub use backbone::{backbone_group, head_group};
pub use error::ModelError;
pub use network::{KeypointNetwork, NetworkSettings};
pub use parameters::trained_parameters;
pub use registry::{Network, NetworkConfig};
