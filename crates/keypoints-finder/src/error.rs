//! What can go wrong while faces are looked for.

/// A picture on which no faces can be looked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FinderError {
    /// YuNet's file cannot be used.
    #[cfg(feature = "yunet")]
    #[error(transparent)]
    YuNet(#[from] crate::yunet::YuNetFileError),
    /// The finder's own error: its network could not be opened, or its device failed.
    #[error(transparent)]
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

impl FinderError {
    pub(crate) fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Failed(Box::new(error))
    }
}
