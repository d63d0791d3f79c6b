//! Why rows cannot be split as asked.

/// A split that the rows do not allow.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SplitError {
    /// There is no row.
    #[error("nothing to split: the data has no rows")]
    Empty,
    /// The share to hold out would leave one side empty, or is no number.
    #[error("the fraction to hold out must be above 0 and below 1, found {fraction}")]
    FractionOutOfRange {
        /// The fraction as it was given.
        fraction: f64,
    },
    /// One fold leaves nothing to train on.
    #[error("expected at least 2 folds, found {folds}")]
    TooFewFolds {
        /// The number of folds as it was given.
        folds: usize,
    },
    /// Pictures are never cut, so every part needs one of its own.
    #[error("expected at least {needed} different pictures, one per part, found {found}")]
    TooFewPictures {
        /// Parts to fill.
        needed: usize,
        /// Different pictures, at most.
        found: usize,
    },
}
