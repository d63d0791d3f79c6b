//! A convolution and the batch norm behind it as one convolution with other weights, for networks that have
//! learned.

use super::*;
use crate::kernel::Convolution;
use crate::kernel::norm::Then;
use crate::primitive::{Folded, filter_and_then, filter_folded, multiply_rows};

/// Not for autodiff devices: nothing here has a gradient. `statistics` are gamma, beta, mean and variance of the
/// norm, one behind the other.
#[backend_extension(Flex)]
pub(crate) trait InferenceBackend: Backend {
    /// A few rows times a matrix.
    fn kernel_linear(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self>;

    /// Convolution with bias, and what comes behind it.
    fn kernel_conv2d_then(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        convolution: Convolution,
        then: Then,
    ) -> FloatTensor<Self>;

    /// Convolution, norm, sum with a shortcut where there is one (then a ReLU or nothing), and what comes behind them.
    fn kernel_conv2d_norm(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        statistics: FloatTensor<Self>,
        #[extension_type] shortcut: Optional<Self>,
        convolution: Convolution,
        folded: Folded,
        then: Then,
    ) -> FloatTensor<Self>;
}

impl InferenceBackend for Flex {
    fn kernel_linear(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        multiply_rows(x, weight)
    }

    fn kernel_conv2d_then(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        convolution: Convolution,
        then: Then,
    ) -> FloatTensor<Self> {
        filter_and_then(&convolution, x, weight, bias, then)
    }

    fn kernel_conv2d_norm(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        statistics: FloatTensor<Self>,
        shortcut: Optional<Self>,
        convolution: Convolution,
        folded: Folded,
        then: Then,
    ) -> FloatTensor<Self> {
        filter_folded(&convolution, [x, weight, statistics], shortcut.get(), folded, then)
    }
}
