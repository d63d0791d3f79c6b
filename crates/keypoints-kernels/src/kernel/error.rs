//! What a kernel refuses.

use thiserror::Error;

/// Sizes that do not fit together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KernelError {
    /// A size that must be positive is 0.
    #[error("convolution: {field} is 0, expected at least 1")]
    Zero {
        /// Which size.
        field: &'static str,
    },
    /// The kernel is larger than the padded input.
    #[error("convolution: kernel of {kernel} pixels is larger than the padded input of {input}")]
    KernelTooLarge {
        /// Taps in one direction.
        kernel: usize,
        /// Pixels with padding in the same direction.
        input: usize,
    },
    /// A tensor would have more values than fit into any memory.
    #[error("convolution: {name} has more values than fit into any memory")]
    TooLarge {
        /// Which one.
        name: &'static str,
    },
    /// A slice does not hold the tensor it should hold.
    #[error("convolution: {name} has {found} values, expected {expected}")]
    Length {
        /// Which argument.
        name: &'static str,
        /// Values it should have.
        expected: usize,
        /// Values it has.
        found: usize,
    },
}
