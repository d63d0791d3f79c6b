//! Activations by themselves.

use super::unary::{Unary, tracked};
use super::*;
use crate::kernel::activation::Activation;
use crate::primitive::{activate, activate_back};

#[backend_extension(Flex, Autodiff)]
pub(crate) trait ActivationBackend: Backend {
    /// The activation of every value.
    fn kernel_activate(x: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self>;
}

impl ActivationBackend for Flex {
    fn kernel_activate(x: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self> {
        activate(activation, x)
    }
}

impl Unary for Activation {
    fn forward(&self, x: FlexTensor) -> FlexTensor {
        activate(*self, x)
    }

    fn back(&self, x: FlexTensor, gradient: FlexTensor) -> FlexTensor {
        activate_back(*self, x, gradient)
    }
}

impl<C: CheckpointStrategy> ActivationBackend for Autodiff<Flex, C> {
    fn kernel_activate(x: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self> {
        tracked::<C>(x, activation)
    }
}
