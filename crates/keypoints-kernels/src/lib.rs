//! Fast operations for training and running [Burn](burn)'s networks on a CPU.
//!
//! Models call these instead of Burn's own; each takes our kernels where they fit (Burn's Flex backend, `f32`) and
//! Burn's operation elsewhere, so that a model has one code path.
//!
//! | function | what it computes in one go |
//! | --- | --- |
//! | [`conv2d`], [`conv2d_layer`] | a convolution, dense or depthwise; 3×3 of stride 1 by Winograd's F(4×4, 3×3) where that pays |
//! | [`conv2d_relu`], [`conv2d_relu_layer`] | the same and a ReLU |
//! | [`conv2d_then_layer`] | the same and [what comes after](After): SiLU, sum with a shortcut, … |
//! | [`norm_layer`] | batch norm, and sum with a shortcut, ReLU, SiLU, 2×2 maximum [after](After) it |
//! | [`conv_norm_layer`] | a convolution and all that; one convolution where nothing is learned |
//! | [`squeeze_excite`] | maps weighed by what their means say |
//! | [`linear_layer`] | a linear layer, for a few rows |
//! | [`silu`], [`relu6`] | activations by themselves |
//! | [`halve`], [`double_add_relu`] | feature maps brought to half and twice their size |
//! | [`heat_map_means`], [`heat_map_divergences`] | where the mean of a heat map is, and how far the map is from a Gaussian target |
//! | [`AdamUpdate`] | a step of Adam or AdamW |
//! | [`MuonUpdate`] | a step of Muon |
//!
//! [`with_precision`] opts in to factors rounded to bf16 on processors that multiply those.
//! [`together`] keeps a forward pass among the threads that share it, [`in_parts`] its maps in the cache. [`Convolution`] is the convolution on slices, without Burn. [`without_kernels`] compares with Burn's own,
//! [`for_export`] traces for an ONNX file.

// The kernels stay compiled without the backend that calls them; `Convolution` needs no backend.
#![cfg_attr(not(feature = "flex"), allow(dead_code))]

mod activation;
mod adam;
mod after;
mod conv2d;
mod export;
#[cfg(feature = "flex")]
mod extension;
mod gate;
mod heat_map;
mod kernel;
mod layer;
mod linear;
mod maps;
mod muon;
mod norm;
mod parts;
mod precision;
#[cfg(feature = "flex")]
mod primitive;
mod scoped;
mod switch;
mod together;

pub use activation::{relu6, silu};
pub use adam::AdamUpdate;
pub use after::After;
pub use conv2d::{conv2d, conv2d_relu, is_accelerated};
pub use export::for_export;
pub use gate::squeeze_excite;
pub use heat_map::{heat_map_divergences, heat_map_means};
pub use kernel::{Bf16Level, Convolution, KernelError, Precision, SimdLevel};
pub use layer::{conv2d_layer, conv2d_relu_layer, conv2d_then_layer};
pub use linear::linear_layer;
pub use maps::{double_add_relu, halve};
pub use muon::MuonUpdate;
pub use norm::{NormLayer, conv_norm_layer, norm_layer};
pub use parts::in_parts;
pub use precision::{precision, with_precision};
pub use switch::without_kernels;
pub use together::together;
