//! What a round leaves behind, for a human to look at.

use keypoints_core::Labels;
use serde::{Deserialize, Serialize};

/// How many of the best and of the worst rows of a round are kept with their points.
const SHOWN: usize = 5;

/// A row whose gaps the network filled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PseudoLabelled {
    /// Row of the dataset, counted from 0.
    pub row: usize,
    /// Mean squared error of the prediction on the row's known labels, in pixels²; `None` where it has none.
    pub known_mse: Option<f64>,
    /// The known labels, and the predicted ones in their gaps.
    pub labels: Labels,
}

/// One round: which rows it took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// Counted from 1.
    pub round: usize,
    /// Rows taken.
    pub taken: usize,
    /// Rows left for later rounds.
    pub left: usize,
    /// Mean of the taken rows' errors on known labels, in pixels².
    pub mean_known_mse: Option<f64>,
    /// The five rows with the lowest error.
    pub best: Vec<PseudoLabelled>,
    /// The five rows with the highest error among the taken ones, worst first.
    pub worst: Vec<PseudoLabelled>,
}

impl Round {
    /// Sums up a round from the rows it took, best first.
    pub(super) fn new(round: usize, taken: &[PseudoLabelled], left: usize) -> Self {
        let errors: Vec<f64> = taken.iter().filter_map(|one| one.known_mse).collect();
        let mean = errors.iter().sum::<f64>() / errors.len() as f64;
        Self {
            round,
            taken: taken.len(),
            left,
            mean_known_mse: (!errors.is_empty()).then_some(mean),
            best: taken.iter().take(SHOWN).cloned().collect(),
            worst: taken.iter().rev().take(SHOWN).cloned().collect(),
        }
    }
}
