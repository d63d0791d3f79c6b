//! What a run brought.

use keypoints_core::{ErrorReport, Labels};

use crate::run::EpochRecord;
use crate::strategy::{Answers, ModelId};

/// Why a training ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// All epochs were trained.
    Finished,
    /// The validation score had not fallen for as long as the config allows.
    EarlyStopped,
}

/// What the training of one network brought.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelOutcome {
    /// Which network of the run.
    pub model: ModelId,
    /// One record per epoch, earlier processes' included.
    pub records: Vec<EpochRecord>,
    /// The selected epoch, see [`TrainConfig::checkpoint`](crate::TrainConfig::checkpoint); `None` if none was validated.
    pub selected_epoch: Option<usize>,
    /// The scores of that epoch, on the held-out rows of the sources that the network answers for.
    pub selected: Option<ErrorReport>,
    /// Why it ended.
    pub reason: StopReason,
    /// Hash over the weights after the last epoch: equal on equal runs.
    pub weights: String,
}

/// What a run brought.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The networks in the order of their training. There is at least one.
    pub models: Vec<ModelOutcome>,
    /// Which of them answers for which label source.
    pub answers: Answers,
    /// What the run as a whole says of the held-out rows, in their order, in pixels: every row answered by its
    /// source's network, by the selected epoch.
    pub predictions: Vec<Labels>,
    /// The scores of these predictions; `None` where no row was held out.
    pub report: Option<ErrorReport>,
}

impl Outcome {
    /// Training images seen by all networks together.
    pub fn images(&self) -> usize {
        self.models.iter().filter_map(|model| Some(model.records.last()?.images)).sum()
    }

    /// Seconds of all epochs of all networks, validation included, earlier processes' included.
    pub fn seconds(&self) -> f64 {
        self.models.iter().flat_map(|model| &model.records).map(|record| record.seconds).sum()
    }

    /// A hash over the last weights of all networks: equal on equal runs. Of a run with one network, that
    /// network's.
    pub fn weights(&self) -> String {
        match self.models.as_slice() {
            [only] => only.weights.clone(),
            models => {
                let all: Vec<&str> = models.iter().map(|model| model.weights.as_str()).collect();
                format!("{:016x}", xxhash_rust::xxh3::xxh3_64(all.concat().as_bytes()))
            }
        }
    }
}
