//! How much each member counts.

use std::collections::BTreeMap;

use keypoints_data::{Coordinate, LabelRegime, Labels};
use serde::{Deserialize, Serialize};

/// How much each member counts, per label regime and coordinate, in the order of the members. What is not in it counts
/// as in the full regime; if it is not there either, all members count alike.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Weights(pub BTreeMap<LabelRegime, BTreeMap<Coordinate, Vec<f64>>>);

impl Weights {
    /// The weights for a coordinate of a face of that regime, if any were fitted.
    pub fn of(&self, regime: LabelRegime, coordinate: Coordinate) -> Option<&[f64]> {
        let of = |regime| self.0.get(&regime)?.get(&coordinate).map(Vec::as_slice);
        of(regime).or_else(|| of(LabelRegime::Full))
    }

    /// Whether there is a weight for each of so many members everywhere.
    pub(super) fn are_of(&self, members: usize) -> bool {
        let mut all = self.0.values().flat_map(BTreeMap::values);
        all.all(|one| one.len() == members && one.iter().all(|weight| weight.is_finite()))
    }

    /// One answer out of one per member. Where some members have none, the others share their weight.
    pub(super) fn combine(&self, regime: LabelRegime, answers: &[Labels]) -> Labels {
        let value = |coordinate: Coordinate| {
            let weights = self.of(regime, coordinate);
            let weight = |member: usize| weights.map_or(1.0, |weights| weights[member]);
            let known = answers.iter().enumerate().filter_map(|(member, labels)| {
                Some((weight(member), f64::from(labels.get(coordinate)?)))
            });
            let known: Vec<(f64, f64)> = known.collect();
            let total: f64 = known.iter().map(|(weight, _)| weight).sum();
            // What counted for nothing has to answer where nobody else can. And where some are missing, weights of both signs may
            // add up to little: divided by that, the answer could be anywhere.
            let size: f64 = known.iter().map(|(weight, _)| weight.abs()).sum();
            let least = if known.len() < answers.len() { 0.5 * size } else { 0.0 };
            let sum: f64 = match total > least.max(1e-6) {
                true => known.iter().map(|(weight, value)| weight * value).sum::<f64>() / total,
                false => known.iter().map(|(_, value)| value).sum::<f64>() / known.len() as f64,
            };
            (!known.is_empty()).then_some((coordinate, sum as f32))
        };
        Coordinate::all().filter_map(value).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keypoints_data::Keypoint::{LeftEyeCenter, NoseTip};

    fn at(values: &[(Coordinate, f32)]) -> Labels {
        values.iter().copied().collect()
    }

    #[test]
    fn members_count_by_regime_and_coordinate() {
        let nose = NoseTip.x();
        let one = |weights: [f64; 2]| BTreeMap::from([(nose, weights.to_vec())]);
        let weights = Weights(BTreeMap::from([
            (LabelRegime::Full, one([0.75, 0.25])),
            (LabelRegime::FourPoint, one([0.0, 1.0])),
        ]));
        assert!(weights.are_of(2) && !weights.are_of(3));
        let answers = [at(&[(nose, 40.0), (LeftEyeCenter.x(), 60.0)]), at(&[(nose, 48.0)])];
        let full = weights.combine(LabelRegime::Full, &answers);
        assert_eq!(full.get(nose), Some(42.0));
        assert_eq!(full.get(LeftEyeCenter.x()), Some(60.0), "the only one that knows it");
        assert_eq!(weights.combine(LabelRegime::FourPoint, &answers).get(nose), Some(48.0));
        let alone = weights.combine(LabelRegime::FourPoint, &[answers[0], Labels::default()]);
        assert_eq!(alone.get(nose), Some(40.0), "better than no answer");
        assert_eq!(Weights::default().combine(LabelRegime::Full, &answers).get(nose), Some(44.0));
    }

    #[test]
    fn weights_of_both_signs_do_not_run_away_where_a_member_is_missing() {
        let nose = NoseTip.x();
        let all = BTreeMap::from([(nose, vec![1.01, -1.0, 0.99])]);
        let weights = Weights(BTreeMap::from([(LabelRegime::Full, all)]));
        let answers = [at(&[(nose, 40.0)]), at(&[(nose, 48.0)]), at(&[(nose, 50.0)])];
        let whole = weights.combine(LabelRegime::Full, &answers).get(nose);
        assert!((whole.unwrap() - 41.9).abs() < 1e-4, "{whole:?}");
        let two = [answers[0], answers[1], Labels::default()];
        assert_eq!(weights.combine(LabelRegime::Full, &two).get(nose), Some(44.0));
    }
}
