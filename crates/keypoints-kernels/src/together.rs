//! A whole forward pass among the threads that share out its parts.

use burn::tensor::Tensor;

/// Runs `pass`, a forward pass over `x` without learning, on one of rayon's threads where our kernels compute it.
///
/// A thread that is none of them would hand every operation over and sleep until it is done: waking up a thread dozens of times
/// takes a tenth of the time that a small network needs for one picture. With learning, or on other devices, `pass` runs where it
/// is called.
///
/// [`with_precision`](crate::with_precision) and [`without_kernels`](crate::without_kernels) around it hold inside as well.
///
/// # Panics
/// As `pass` does.
///
/// ```
/// use burn::tensor::activation::relu;
/// use burn::tensor::{Device, Tensor};
/// use keypoints_kernels::together;
///
/// let x = Tensor::<4>::full([1, 1, 2, 2], -3.0, &Device::flex());
/// assert_eq!(together(&x.clone(), || relu(x)).sum().into_scalar::<f32>(), 0.0);
/// ```
pub fn together<R: Send>(x: &Tensor<4>, pass: impl FnOnce() -> R + Send) -> R {
    #[cfg(feature = "flex")]
    if rayon::current_thread_index().is_none()
        && !x.device().is_autodiff()
        && crate::conv2d::is_ours(x)
    {
        let precision = crate::precision();
        return rayon::scope(|_| crate::with_precision(precision, pass));
    }
    let _ = x;
    pass()
}
