//! What can be wrong with a network's settings.

/// A network that cannot be built as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// No network of that name is registered.
    #[error("unknown network `{name}`, expected one of: {}", known.join(", "))]
    UnknownNetwork {
        /// The name as it was given.
        name: String,
        /// All registered names.
        known: Vec<&'static str>,
    },
    /// A field of a network's config has a value with which it cannot be built.
    #[error("{network}: `{field}` must be {expected}, but is {found}")]
    InvalidConfig {
        /// The network's registered name.
        network: &'static str,
        /// The config field.
        field: &'static str,
        /// What would be accepted.
        expected: &'static str,
        /// The value as it was given.
        found: String,
    },
}
