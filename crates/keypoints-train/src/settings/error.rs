//! What can be wrong with settings.

/// Settings that cannot be understood or followed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// A field cannot be read as what it should be.
    #[error("`{field}`: {problem}")]
    BadField {
        /// The field, as a dotted path.
        field: String,
        /// What was expected and what was found.
        problem: String,
    },
    /// A path leads nowhere.
    #[error(
        "`{field}`: {} has no `{name}`; it has {}",
        if parent.is_empty() { "the config".to_owned() } else { format!("`{parent}`") },
        if known.is_empty() { "no fields".to_owned() } else { known.join(", ") }
    )]
    UnknownPath {
        /// The path as it was given.
        field: String,
        /// How far the path could be followed.
        parent: String,
        /// The step that failed.
        name: String,
        /// The steps that would have been possible.
        known: Vec<String>,
    },
    /// The config refuses changes, each by itself or all together.
    #[error("`{field}` = {value} is refused: {reason}")]
    Refused {
        /// The path of the change, or several.
        field: String,
        /// The value, or several.
        value: String,
        /// What the config says.
        reason: String,
    },
}
