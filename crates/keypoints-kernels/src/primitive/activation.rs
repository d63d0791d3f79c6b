//! Activations of whole tensors.

use burn::backend::flex::FlexTensor;

use super::{contiguous, owned, values};
use crate::SimdLevel;
use crate::kernel::activation::Activation;

/// [`Activation::apply`], in the input's memory where nobody else holds it.
pub(crate) fn activate(activation: Activation, x: FlexTensor) -> FlexTensor {
    let mut x = owned(x);
    activation.apply(SimdLevel::best(), x.storage_mut());
    x
}

/// [`Activation::back`]
pub(crate) fn activate_back(
    activation: Activation,
    x: FlexTensor,
    gradient: FlexTensor,
) -> FlexTensor {
    let mut gradient = owned(gradient);
    activation.back(SimdLevel::best(), values(&contiguous(x)), gradient.storage_mut());
    gradient
}
