//! One row per strategy and network, over folds and seeds.

use std::collections::BTreeMap;

use keypoints_data::Keypoint;
use serde::{Deserialize, Serialize};

use super::cell::CellResult;
use super::idea::{Effect, effects};
use super::notebook::notebook_score;

/// A number that was measured several times.
///
/// ```
/// use keypoints_train::study::Spread;
///
/// let spread = Spread::of(&[2.0, 4.0]);
/// assert_eq!((spread.mean, spread.deviation), (Some(3.0), Some(2.0_f64.sqrt())));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The mean; `None` of nothing.
    pub mean: Option<f64>,
    /// The sample standard deviation; needs two values.
    pub deviation: Option<f64>,
    /// The values themselves.
    pub values: Vec<f64>,
}

impl Spread {
    /// Sums up measurements.
    pub fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Self {
            mean: (!values.is_empty()).then_some(mean),
            deviation: (values.len() > 1).then(|| (squares / (count - 1.0)).sqrt()),
            values: values.to_vec(),
        }
    }
}

/// What a strategy and a network brought.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SummaryRow {
    /// The strategy's name.
    pub strategy: String,
    /// The network's name.
    pub network: String,
    /// Cells with scores.
    pub cells: usize,
    /// Cells whose loss left the numbers.
    pub diverged: usize,
    /// Weighted RMSE in pixels.
    pub weighted: Spread,
    /// Weighted RMSE in pixels without suspicious rows.
    pub weighted_clean: Spread,
    /// RMSE on fully labelled faces, in pixels.
    pub full: Spread,
    /// RMSE on four-point faces, in pixels.
    pub four_point: Spread,
    /// RMSE of each keypoint over both regimes, in pixels.
    pub per_keypoint: BTreeMap<Keypoint, Spread>,
    /// Mean over the faces of the normalised mean error, as a share of the distance between the eyes.
    pub nme: Spread,
    /// Share of faces with a normalised mean error above a tenth.
    pub failure_rate: Spread,
    /// Area under the cumulative error curve up to a tenth, 0 to 1.
    pub auc: Spread,
    /// Normalised mean errors of all held-out faces of all cells, ascending.
    pub face_errors: Vec<f64>,
    /// Networks trained per cell.
    pub networks_trained: Spread,
    /// Training images seen per cell.
    pub images: Spread,
    /// Seconds per cell.
    pub seconds: Spread,
    /// The notebook's score on Kaggle's test set, where it has one.
    pub notebook: Option<f64>,
}

/// The comparison: a row per strategy and network, in the order of the study.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The rows.
    pub rows: Vec<SummaryRow>,
    /// What the ideas of the study bring.
    #[serde(default)]
    pub effects: Vec<Effect>,
}

impl Summary {
    /// Groups the results of cells.
    pub fn of(results: &[CellResult]) -> Self {
        let mut groups: Vec<(&str, &str)> = Vec::new();
        for result in results {
            let key = (result.strategy.as_str(), result.network.as_str());
            if !groups.contains(&key) {
                groups.push(key);
            }
        }
        let row = |&(strategy, network): &(&str, &str)| {
            let of: Vec<&CellResult> = results
                .iter()
                .filter(|one| one.strategy == strategy && one.network == network)
                .collect();
            summarise(strategy, network, &of)
        };
        Self { rows: groups.iter().map(row).collect(), effects: effects(results) }
    }
}

fn summarise(strategy: &str, network: &str, results: &[&CellResult]) -> SummaryRow {
    let scored: Vec<&CellResult> =
        results.iter().copied().filter(|one| one.failure.is_none()).collect();
    let spread = |value: &dyn Fn(&CellResult) -> Option<f64>| {
        Spread::of(&scored.iter().filter_map(|one| value(one)).collect::<Vec<_>>())
    };
    let keypoint = |keypoint: Keypoint| {
        let spread = spread(&|one| one.raw.per_keypoint.get(&keypoint).copied());
        spread.mean.is_some().then_some((keypoint, spread))
    };
    let mut face_errors: Vec<f64> =
        scored.iter().flat_map(|one| one.face_errors.iter().copied()).collect();
    face_errors.sort_by(f64::total_cmp);
    SummaryRow {
        strategy: strategy.to_owned(),
        network: network.to_owned(),
        cells: scored.len(),
        diverged: results.len() - scored.len(),
        weighted: spread(&|one| one.raw.weighted_rmse),
        weighted_clean: spread(&|one| one.clean.weighted_rmse),
        full: spread(&|one| one.raw.rmse_full),
        four_point: spread(&|one| one.raw.rmse_four_point),
        per_keypoint: Keypoint::ALL.into_iter().filter_map(keypoint).collect(),
        nme: spread(&|one| Some(one.nme.mean)),
        failure_rate: spread(&|one| Some(one.nme.failure_rate)),
        auc: spread(&|one| Some(one.nme.auc)),
        face_errors,
        networks_trained: spread(&|one| Some(one.networks_trained as f64)),
        images: spread(&|one| Some(one.images as f64)),
        seconds: spread(&|one| Some(one.seconds)),
        notebook: notebook_score(strategy, network),
    }
}
