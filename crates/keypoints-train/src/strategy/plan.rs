//! What one network is trained on.

use keypoints_core::{Coordinate, CoordinateScale, Dataset, Labels, Schema, Source};
use std::sync::Arc;

use xxhash_rust::xxh3::Xxh3;

use super::answers::ModelId;
use keypoints_predict::{Heads, Outputs};

/// What one network is trained on.
///
/// ```
/// use keypoints_data::synth::{SynthConfig, generate};
/// use keypoints_train::strategy::TrainingPlan;
///
/// let faces = generate(&SynthConfig { training: 20, test: 1, ..Default::default() }).training;
/// let plan = TrainingPlan::of_rows(&faces, vec![3, 5, 8]);
/// assert_eq!(plan.targets[1], faces.labels()[5]);
/// assert_eq!(plan.coordinates.len(), 30);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingPlan {
    /// What the labels mean.
    pub schema: Arc<Schema>,
    /// Rows of the dataset to train on.
    pub rows: Vec<usize>,
    /// The labels to reach, one entry per entry of `rows`; what is absent is masked out of the loss.
    pub targets: Vec<Labels>,
    /// What the network's outputs stand for, in order. Decides how many outputs each head has.
    pub coordinates: Vec<Coordinate>,
    /// One set of outputs for all faces or one per label source. A row teaches the set of its own labels' source,
    /// even if its target has had gaps filled, unless `taught_as` says otherwise.
    pub heads: Heads,
    /// The label source of each target, one entry per entry of `rows`; `None` for the sources of the rows themselves.
    pub taught_as: Option<Vec<Source>>,
    /// The sources that the network will answer for: its epochs are scored on held-out rows of these.
    pub sources: Vec<Source>,
    /// Training goes on from the weights of this network of the run instead of fresh ones.
    pub start: Option<ModelId>,
    /// Factor on the configured number of epochs. Rounded, at least one epoch remains.
    pub epochs_factor: f64,
    /// Share of the run's image budget, where the run has one: the shares of a strategy add up to 1.
    pub budget_share: f64,
}

impl TrainingPlan {
    /// All coordinates, all sources, fresh weights, the whole budget.
    pub fn new(schema: &Arc<Schema>, rows: Vec<usize>, targets: Vec<Labels>) -> Self {
        Self {
            schema: Arc::clone(schema),
            rows,
            targets,
            coordinates: schema.coordinates().collect(),
            heads: Heads::Shared,
            taught_as: None,
            sources: schema.source_indices().collect(),
            start: None,
            epochs_factor: 1.0,
            budget_share: 1.0,
        }
    }

    /// Like [`TrainingPlan::new`], with the rows' own labels as targets, gaps and all.
    ///
    /// # Panics
    /// If the dataset has no such row, as slices do.
    pub fn of_rows(faces: &Dataset, rows: Vec<usize>) -> Self {
        let targets = rows.iter().map(|&row| faces.labels()[row].clone()).collect();
        Self::new(faces.schema(), rows, targets)
    }

    /// Trains these coordinates alone.
    #[must_use]
    pub fn for_coordinates(self, coordinates: Vec<Coordinate>) -> Self {
        Self { coordinates, ..self }
    }

    /// Has these heads.
    #[must_use]
    pub fn with_heads(self, heads: Heads) -> Self {
        Self { heads, ..self }
    }

    /// Sets the label source of each target, one per row.
    #[must_use]
    pub fn taught_as(self, sources: Vec<Source>) -> Self {
        Self { taught_as: Some(sources), ..self }
    }

    /// Answers for one source alone.
    #[must_use]
    pub fn for_source(self, source: Source) -> Self {
        Self { sources: vec![source], ..self }
    }

    /// Goes on from another network of the run.
    #[must_use]
    pub fn starting_from(self, model: ModelId) -> Self {
        Self { start: Some(model), ..self }
    }

    /// How long to train: a factor on the configured epochs, and a share of an image budget.
    #[must_use]
    pub fn lasting(self, epochs_factor: f64, budget_share: f64) -> Self {
        Self { epochs_factor, budget_share, ..self }
    }

    /// What the network's outputs stand for.
    pub(crate) fn outputs(&self, scale: CoordinateScale) -> Outputs<'_> {
        Outputs { schema: &self.schema, coordinates: &self.coordinates, heads: self.heads, scale }
    }

    /// How many labels there are to reach.
    pub fn labels(&self) -> usize {
        let reached = |labels: &Labels| {
            self.coordinates.iter().filter(|&&one| labels.get(one).is_some()).count()
        };
        self.targets.iter().map(reached).sum()
    }

    /// A hash over all of it: a killed run must plan the same when it goes on.
    pub(crate) fn fingerprint(&self) -> String {
        let mut hash = Xxh3::new();
        let mut number = |value: u64| hash.update(&value.to_le_bytes());
        number(self.rows.len() as u64);
        for (&row, labels) in self.rows.iter().zip(&self.targets) {
            number(row as u64);
            for value in self.schema.coordinates().map(|one| labels.get(one)) {
                // No label has the bits of a NaN, so a gap is no number.
                number(value.map_or(u64::MAX, |value| u64::from(value.to_bits())));
            }
        }
        for coordinate in &self.coordinates {
            number(coordinate.index() as u64);
        }
        if self.heads != Heads::Shared {
            // Beyond any coordinate. Plans without heads keep the hash that older runs have of them.
            number(u64::MAX - self.heads.count(&self.schema) as u64);
        }
        for source in self.taught_as.iter().flatten() {
            hash.update(self.schema.source(*source).name().as_bytes());
        }
        format!("{:016x}", hash.digest())
    }
}
