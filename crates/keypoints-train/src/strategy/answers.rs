//! Which network answers for whom.

use std::fmt;

use keypoints_core::{Named, Schema, Source};
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

/// Which network of a run predicts for which label source: what a strategy ends with.
///
/// ```
/// use keypoints_core::kaggle15;
/// use keypoints_train::strategy::{Answers, ModelId};
///
/// let routed = Answers::by_source(vec![ModelId::named("full"), ModelId::named("four_point")]);
/// assert_eq!(routed.model(kaggle15::FOUR_POINT).as_str(), "four_point");
/// assert!(Answers::by(ModelId::only()).model(kaggle15::FOUR_POINT).is_only());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers(Vec<ModelId>);

impl Answers {
    /// One network predicts for every source.
    pub fn by(model: ModelId) -> Self {
        Self(vec![model])
    }

    /// A network for each source of the schema, in its order. Where one does not know a coordinate, the first one predicts it.
    ///
    /// # Panics
    /// If there is none.
    pub fn by_source(models: Vec<ModelId>) -> Self {
        assert!(!models.is_empty(), "no network predicts");
        Self(models)
    }

    /// The network that predicts for a source.
    pub fn model(&self, source: Source) -> &ModelId {
        self.0.get(source.index()).unwrap_or(&self.0[0])
    }

    /// The networks by the names of the schema's sources, as `answers.json` has them.
    pub(crate) fn to_named(&self, schema: &Schema) -> Named<ModelId> {
        let entry = |source| (schema.source(source).name().to_owned(), self.model(source).clone());
        schema.source_indices().map(entry).collect()
    }

    /// The reverse of [`Answers::to_named`]; `None` where a source has no network.
    pub(crate) fn from_named(schema: &Schema, named: &Named<ModelId>) -> Option<Self> {
        let models = schema.sources().iter().map(|source| named.get(source.name()).cloned());
        models.collect::<Option<Vec<_>>>().map(Self)
    }
}
