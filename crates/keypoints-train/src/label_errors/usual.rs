//! How far off labels usually are.

use std::collections::BTreeMap;

use keypoints_core::{Keypoint, Labels, Schema, Source};

/// Fewer labels than this say little about what is usual: then all keypoints of the source are looked at together.
const ENOUGH: usize = 20;

/// A deviation of less than this, in pixels, is no ground for suspicion: nobody labels that well.
const SMALLEST: f64 = 0.1;

/// Distances of the labels of a face from the prediction, in pixels.
pub(super) type Residuals = Vec<(Keypoint, f64)>;

/// Measures every label of a face. A point of which one coordinate is missing is measured along the other.
pub(super) fn residuals(schema: &Schema, truth: &Labels, prediction: &Labels) -> Residuals {
    let distance = |keypoint: Keypoint| {
        let off = [keypoint.x(), keypoint.y()]
            .map(|one| Some(f64::from(prediction.get(one)?) - f64::from(truth.get(one)?)));
        let known: Vec<f64> = off.into_iter().flatten().collect();
        let distance = known.iter().map(|off| off * off).sum::<f64>().sqrt();
        (!known.is_empty() && distance.is_finite()).then_some((keypoint, distance))
    };
    schema.keypoints().filter_map(distance).collect()
}

/// The usual distance and how much it varies, per source and keypoint; without a keypoint, of all of the source.
#[derive(Clone, Debug, Default)]
pub(super) struct Usual(BTreeMap<(Source, Option<Keypoint>), Bounds>);

#[derive(Clone, Copy, Debug)]
struct Bounds {
    median: f64,
    deviation: f64,
}

impl Usual {
    /// Learns what is usual from all faces.
    pub(super) fn of<'a>(faces: impl Iterator<Item = (Source, &'a [(Keypoint, f64)])>) -> Self {
        let mut all: BTreeMap<_, Vec<f64>> = BTreeMap::new();
        for (source, residuals) in faces {
            for &(keypoint, residual) in residuals {
                for kind in [Some(keypoint), None] {
                    all.entry((source, kind)).or_default().push(residual);
                }
            }
        }
        all.retain(|(_, keypoint), of_kind| keypoint.is_none() || of_kind.len() >= ENOUGH);
        Self(all.into_iter().map(|(kind, of_kind)| (kind, bounds(of_kind))).collect())
    }

    /// How many usual deviations a distance is above the usual one.
    pub(super) fn score(&self, source: Source, keypoint: Keypoint, residual: f64) -> f64 {
        let own = self.0.get(&(source, Some(keypoint)));
        match own.or_else(|| self.0.get(&(source, None))) {
            Some(Bounds { median, deviation }) => (residual - median) / deviation.max(SMALLEST),
            None => 0.0,
        }
    }
}

/// Median and deviation, neither of which a few wild values can move.
fn bounds(values: Vec<f64>) -> Bounds {
    let middle = median(values.clone());
    let off = values.into_iter().map(|value| (value - middle).abs()).collect();
    // The factor makes it the standard deviation of a normal distribution.
    Bounds { median: middle, deviation: 1.4826 * median(off) }
}

/// The middle value, or the mean of the two in the middle. Not of nothing.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len().is_multiple_of(2) {
        true => (values[half - 1] + values[half]) / 2.0,
        false => values[half],
    }
}

#[cfg(test)]
mod tests;
