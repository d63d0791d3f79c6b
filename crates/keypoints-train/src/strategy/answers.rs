//! Which network answers for whom.

use std::fmt;

use keypoints_data::LabelRegime;
use serde::{Deserialize, Serialize};

/// The name of one network of a run: its folder, relative to the run's.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ModelId(String);

impl ModelId {
    /// The network of a run that has but one: it lives in the run folder itself.
    pub fn only() -> Self {
        Self(".".to_owned())
    }

    /// A network among several. Letters, digits, `-` and `_` make good names.
    pub fn named(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Whether the run has but this one.
    pub fn is_only(&self) -> bool {
        self.0 == "."
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_only() { "model" } else { &self.0 })
    }
}

/// Which network of a run answers for which label regime: what a strategy ends with.
///
/// ```
/// use keypoints_data::LabelRegime;
/// use keypoints_train::strategy::{Answers, ModelId};
///
/// let routed = Answers::routed(ModelId::named("full"), ModelId::named("four_point"));
/// assert_eq!(routed.model(LabelRegime::FourPoint).as_str(), "four_point");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    full: ModelId,
    four_point: ModelId,
}

impl Answers {
    /// One network answers for every face.
    pub fn by(model: ModelId) -> Self {
        Self { full: model.clone(), four_point: model }
    }

    /// One network answers for fully labelled faces, another for four-point faces. Where the other does not
    /// know a coordinate, the first one answers.
    pub fn routed(full: ModelId, four_point: ModelId) -> Self {
        Self { full, four_point }
    }

    /// The network that answers for a regime.
    pub fn model(&self, regime: LabelRegime) -> &ModelId {
        match regime {
            LabelRegime::Full => &self.full,
            LabelRegime::FourPoint => &self.four_point,
        }
    }
}
