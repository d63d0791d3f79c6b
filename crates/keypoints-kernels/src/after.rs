//! Operations after a convolution or a batch norm.

use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use burn::tensor::module::max_pool2d;
use burn::tensor::ops::MaxPoolOptions;

#[cfg(feature = "flex")]
use crate::conv2d::is_ours;
#[cfg(feature = "flex")]
use crate::kernel::norm::Then;
use crate::{relu6, silu};

/// Operations after a convolution or a batch norm.
#[derive(Clone, Debug)]
// A value lives for one call: an allocation would cost more than moving it.
#[allow(clippy::large_enum_variant)]
pub enum After {
    /// Nothing.
    Nothing,
    /// ReLU.
    Relu,
    /// ReLU, and nothing above 6.
    Relu6,
    /// SiLU: see [`silu`].
    Silu,
    /// The sum with another tensor of the same shape: a residual block's end.
    Add(Tensor<4>),
    /// The sum with another tensor of the same shape, then ReLU: a residual block's end.
    AddRelu(Tensor<4>),
    /// ReLU, then the maximum of every 2×2 pixels.
    ReluPool,
}

impl After {
    /// Applies it by Burn's operations.
    pub(crate) fn apply(self, x: Tensor<4>) -> Tensor<4> {
        match self {
            Self::Nothing => x,
            Self::Relu => relu(x),
            Self::Relu6 => relu6(x),
            Self::Silu => silu(x),
            Self::Add(shortcut) => x + shortcut,
            Self::AddRelu(shortcut) => relu(x + shortcut),
            Self::ReluPool => max_pool2d(relu(x), MaxPoolOptions::new([2, 2]).with_stride([2, 2])),
        }
    }

    /// Returns what our kernels call it. A shortcut is an argument of its own.
    #[cfg(feature = "flex")]
    pub(crate) fn then(&self) -> Then {
        match self {
            Self::Nothing | Self::Add(_) => Then::Nothing,
            Self::Relu6 => Then::Relu6,
            Self::Silu => Then::Silu,
            Self::Relu | Self::AddRelu(_) => Then::Relu,
            Self::ReluPool => Then::ReluPool,
        }
    }

    /// Takes the shortcut out.
    #[cfg(feature = "flex")]
    pub(crate) fn shortcut(self) -> Option<Tensor<4>> {
        match self {
            Self::Add(shortcut) | Self::AddRelu(shortcut) => Some(shortcut),
            _ => None,
        }
    }

    /// Returns whether our kernels can apply it to an output of `dims`.
    #[cfg(feature = "flex")]
    pub(crate) fn fits(&self, dims: [usize; 4]) -> bool {
        match self {
            Self::Nothing | Self::Relu | Self::Relu6 | Self::Silu => true,
            Self::Add(shortcut) | Self::AddRelu(shortcut) => {
                is_ours(shortcut) && shortcut.dims() == dims
            }
            Self::ReluPool => dims[2].is_multiple_of(2) && dims[3].is_multiple_of(2),
        }
    }
}
