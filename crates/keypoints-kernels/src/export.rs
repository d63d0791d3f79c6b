//! Operations for a file that other programs run.

use std::cell::Cell;

use crate::scoped::scoped;

thread_local!(static EXPORTING: Cell<bool> = const { Cell::new(false) });

/// Runs `body`, a forward pass that is traced for an ONNX file, with operations that burn-onnx can write: a few functions of this
/// crate compute the same by other operations then.
///
/// | function | operation that burn-onnx 0.22 cannot write | in its place |
/// | --- | --- | --- |
/// | [`squeeze_excite`](crate::squeeze_excite) | `MeanDim`, `SwapDims` | average pooling and two 1×1 convolutions |
/// | [`relu6`](crate::relu6) | `Clamp` | `relu(x) − relu(x − 6)` |
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_kernels::{for_export, relu6};
///
/// let x = Tensor::<1>::from_data([-1.0, 2.0, 7.0], &Device::flex());
/// let y = for_export(|| relu6(x));
/// assert_eq!(y.into_data().try_to_vec::<f32>()?, [0.0, 2.0, 6.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn for_export<R>(body: impl FnOnce() -> R) -> R {
    scoped(&EXPORTING, true, body)
}

/// Whether a forward pass is being traced on this thread.
pub(crate) fn exporting() -> bool {
    EXPORTING.get()
}
