//! What is wrong with a schema.

/// A schema that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// There is no keypoint, or there are too many.
    #[error("a schema needs 1 to {most} keypoints, but this one has {found}")]
    Count {
        /// How many there are.
        found: usize,
        /// The largest number.
        most: usize,
    },
    /// There are too many label sources.
    #[error("a schema has at most {most} label sources, but this one has {found}")]
    TooManySources {
        /// How many there are.
        found: usize,
        /// The largest number.
        most: usize,
    },
    /// A name is empty, or has spaces around it, a comma, a quote or a control character in it.
    #[error("{name:?} cannot be the name of a {kind}: use letters, digits, `_` and `-`")]
    BadName {
        /// "keypoint" or "source".
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// Two keypoints or two sources have the same name.
    #[error("two {kind}s are called `{name}`")]
    NameTwice {
        /// "keypoint" or "source".
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// A field names a keypoint that is not in the list.
    #[error("`{field}` names `{name}`, which is not in `keypoints`")]
    UnknownKeypoint {
        /// The field of the schema.
        field: &'static str,
        /// The name.
        name: String,
    },
    /// A mirror pair is one point twice, or one of its points is in another pair.
    #[error("`{}` and `{}` are no mirror pair: two points, each in one pair only", pair[0], pair[1])]
    NoPair {
        /// The names.
        pair: [String; 2],
    },
    /// The unit is the distance of a point to itself.
    #[error("the unit needs two points, but both are `{name}`")]
    NoUnit {
        /// The name.
        name: String,
    },
    /// Not every source has a weight, one is not positive, or they do not add up to 1.
    #[error(
        "the weights of the label sources must be positive and add up to 1, one for each source, but are {found:?}"
    )]
    Weights {
        /// The weights there are.
        found: Vec<f64>,
    },
}
