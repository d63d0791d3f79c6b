//! `model.json`: what one network is, and what it was trained on.

use keypoints_data::{Axis, Coordinate, CoordinateScale, LabelRegime, LabelShifts};
use keypoints_models::NetworkConfig;
use serde::{Deserialize, Serialize};

use super::folder::{RunFolder, read_json, write_json};
use crate::config::TrainConfig;
use crate::error::TrainError;
use crate::outputs::Outputs;
use crate::strategy::{Heads, ModelId, TrainingPlan};
use crate::tta::MOST_APART;

/// The contents of `model.json`: all that is needed to rebuild the network and to read its answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelRecord {
    /// The network, with as many outputs as there are coordinates, times the heads.
    pub network: NetworkConfig,
    /// What the outputs of a head stand for, in order.
    pub coordinates: Vec<Coordinate>,
    /// One set of outputs for all faces or one per label regime.
    #[serde(default)]
    pub heads: Heads,
    /// What the outputs' numbers mean.
    pub scale: CoordinateScale,
    /// Whether it is asked twice, the second time in a mirror.
    #[serde(default)]
    pub flip_average: bool,
    /// Whether it is asked about a face at five places, so many pixels apart; 0 for one place.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub shift_average: usize,
    /// How far beside its answers the annotators mark points.
    #[serde(default, skip_serializing_if = "LabelShifts::is_none")]
    pub label_shifts: LabelShifts,
    /// The regimes that the network answers for.
    pub regimes: Vec<LabelRegime>,
    /// The network of the run whose weights it started from.
    pub start: Option<ModelId>,
    /// Rows trained on.
    pub rows: usize,
    /// Labels to reach in these rows, filled ones included.
    pub labels: usize,
    /// Epochs of the training.
    pub epochs: usize,
    /// Hash over rows, targets, whose marks they are, coordinates and heads, as sixteen hexadecimal digits.
    pub plan: String,
}

/// Whether x and y of the same keypoint stand side by side throughout.
pub(crate) fn are_points(coordinates: &[Coordinate]) -> bool {
    let pair = |pair: &[Coordinate]| match pair {
        [x, y] => x.keypoint == y.keypoint && x.axis == Axis::X && y.axis == Axis::Y,
        _ => false,
    };
    coordinates.chunks(2).all(pair)
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl ModelRecord {
    /// What the config makes of a plan.
    pub(crate) fn new(
        config: &TrainConfig,
        plan: &TrainingPlan,
        label_shifts: LabelShifts,
    ) -> Self {
        Self {
            network: config.network.clone().with_outputs(plan.outputs(config.coordinates).len()),
            coordinates: plan.coordinates.clone(),
            heads: plan.heads,
            scale: config.coordinates,
            flip_average: config.flip_average,
            shift_average: config.shift_average,
            label_shifts,
            regimes: plan.regimes.clone(),
            start: plan.start.clone(),
            rows: plan.rows.len(),
            labels: plan.labels(),
            epochs: config.epochs_of(plan),
            plan: plan.fingerprint(),
        }
    }

    /// What the network's outputs stand for.
    pub fn outputs(&self) -> Outputs<'_> {
        Outputs { coordinates: &self.coordinates, heads: self.heads, scale: self.scale }
    }

    /// Reads the record of the network in a folder.
    ///
    /// # Errors
    /// [`TrainError::Io`] or [`TrainError::BadRunFile`] with the file.
    pub fn read(folder: &RunFolder) -> Result<Self, TrainError> {
        let path = folder.model_path();
        let record: Self = read_json(&path, "the record of a network")?;
        match record.problem() {
            Some(found) => {
                Err(TrainError::BadRunFile { path, expected: "the record of a network", found })
            }
            None => Ok(record),
        }
    }

    /// What makes the network's answers unreadable, if anything does.
    pub(crate) fn problem(&self) -> Option<String> {
        let (outputs, wanted) = (self.network.outputs(), self.outputs().len());
        if wanted == 0 || outputs != wanted {
            let (coordinates, heads) = (self.coordinates.len(), self.heads.count());
            return Some(format!(
                "it has {outputs} outputs for {coordinates} coordinates in {heads} heads"
            ));
        }
        let CoordinateScale { offset, scale } = self.scale;
        if !(offset.is_finite() && scale.is_normal()) {
            return Some(format!("its coordinates have offset {offset} and scale {scale}"));
        }
        if self.shift_average > MOST_APART {
            let found = self.shift_average;
            return Some(format!(
                "it looks at places {found} pixels apart, more than {MOST_APART}"
            ));
        }
        if self.network.settings().answers_in_places() && !are_points(&self.coordinates) {
            return Some("its heat maps are not of x and y of one keypoint each".to_owned());
        }
        let LabelShifts { full, four_point } = self.label_shifts;
        (!(full.is_finite() && four_point.is_finite()))
            .then(|| format!("its labels lie {full} and {four_point} pixels to the right"))
    }

    /// Writes the record, or checks that the folder's record is the same.
    pub(crate) fn open(&self, folder: &RunFolder) -> Result<(), TrainError> {
        let path = folder.model_path();
        if !path.exists() {
            folder.create()?;
            return write_json(&path, self);
        }
        let then = Self::read(folder)?;
        if then != *self {
            // The config and the data have been compared before: what is left is the strategy's own doing.
            let text = |one: &Self| format!("{} rows, hash {}", one.rows, one.plan);
            let (expected, found) = (text(self), text(&then));
            return Err(TrainError::RunMismatch { path, what: "training plan", expected, found });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keypoints_data::Keypoint;

    #[test]
    fn says_what_makes_answers_unreadable() {
        let config = TrainConfig::preset("fast").unwrap();
        let plan = TrainingPlan::new(vec![], vec![]);
        let good = ModelRecord::new(&config, &plan, LabelShifts::default());
        assert_eq!(good.problem(), None);
        let nowhere = CoordinateScale { offset: 48.0, scale: 0.0 };
        let beside = LabelShifts { full: f32::NAN, four_point: 1.2 };
        let mut turned = good.clone();
        turned.coordinates.swap(0, 1);
        let mut few = good.clone();
        few.coordinates = vec![Keypoint::NoseTip.x()];
        for (bad, problem) in [
            (ModelRecord { scale: nowhere, ..good.clone() }, "offset 48 and scale 0"),
            (ModelRecord { shift_average: 4_000_000_000, ..good.clone() }, "more than 8"),
            (ModelRecord { label_shifts: beside, ..good.clone() }, "NaN and 1.2 pixels"),
            (turned, "not of x and y of one keypoint"),
            (few, "outputs for 1 coordinates in 1 heads"),
        ] {
            let found = bad.problem().unwrap();
            assert!(found.contains(problem), "{found}");
        }
    }
}
