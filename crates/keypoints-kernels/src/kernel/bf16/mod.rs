//! Convolutions with factors rounded to bf16, on processors that multiply those faster.
//!
//! Pixels lie as lines of 32 channels, so that 16 neighbours are a tile of 16 × 32 factors wherever a tap
//! begins: no step moves data. See [`layout`] for the forward pass and the input gradient, [`gradient`] for
//! the weight gradient.

mod level;
mod precision;

#[cfg(target_arch = "x86_64")]
mod band;
#[cfg(target_arch = "x86_64")]
mod buffer;
#[cfg(target_arch = "x86_64")]
mod correlate;
#[cfg(target_arch = "x86_64")]
mod dot;
#[cfg(target_arch = "x86_64")]
mod gradient;
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod grant;
#[cfg(target_arch = "x86_64")]
mod layout;
#[cfg(target_arch = "x86_64")]
mod line;
#[cfg(target_arch = "x86_64")]
mod multiply;
#[cfg(target_arch = "x86_64")]
mod operands;
#[cfg(target_arch = "x86_64")]
mod pack;
#[cfg(target_arch = "x86_64")]
mod pages;
#[cfg(target_arch = "x86_64")]
mod passes;
#[cfg(target_arch = "x86_64")]
mod round;
#[cfg(target_arch = "x86_64")]
mod segment;
#[cfg(target_arch = "x86_64")]
mod store;
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod tiles;
#[cfg(target_arch = "x86_64")]
mod transpose;

#[cfg(target_arch = "x86_64")]
pub(crate) use gradient::weight_gradient;
pub use level::Bf16Level;
#[cfg(target_arch = "x86_64")]
pub(crate) use passes::{forward, input_gradient};
pub use precision::Precision;
