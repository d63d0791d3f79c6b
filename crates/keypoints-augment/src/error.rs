//! What can go wrong with a batch of faces.

/// Faces that cannot be augmented.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AugmentError {
    /// A strength has a value that makes no sense, or a step needs a coordinate that is not there.
    #[error("`{field}` must be {expected}, but is {found}")]
    InvalidConfig {
        /// The field of [`AugmentConfig`](crate::AugmentConfig), with `augment.` before it, or the parameter.
        field: &'static str,
        /// What would be accepted.
        expected: &'static str,
        /// The value as it was given.
        found: String,
    },
    /// A batch has another shape than expected.
    #[error("{what}: shape {expected:?} expected, but found {found:?}")]
    BadBatch {
        /// Which part of the batch.
        what: &'static str,
        /// The shape that fits the rest of the batch.
        expected: Vec<usize>,
        /// The shape it has.
        found: Vec<usize>,
    },
    /// The device could not compute or be read.
    #[error("the device failed: {0}")]
    Device(String),
}

impl AugmentError {
    /// Wraps whatever the tensor library reports about the device.
    pub(crate) fn device(error: impl std::fmt::Display) -> Self {
        Self::Device(error.to_string())
    }
}
