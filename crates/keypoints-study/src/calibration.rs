//! Coverage of the calibrated uncertainty on held-out points.

use keypoints_core::Schema;
use keypoints_predict::{Calibration, CalibrationPoint};
use serde::{Deserialize, Serialize};

use crate::text::markdown;

/// How many parts the points are cut into, by their uncertainty.
const PARTS: usize = 10;

/// A held-out point: its calibrated uncertainty, and the distance of its prediction from its label. In pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CheckedPoint {
    /// By the calibration of the other folds.
    pub uncertainty: f32,
    /// From the label.
    pub distance: f32,
}

/// How many of some points lie within their uncertainty, and within twice it. Calibrated are 68 % and 95 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// How many points.
    pub points: usize,
    /// Their mean uncertainty, in pixels.
    pub uncertainty: f64,
    /// The share that lies within its uncertainty.
    pub within: f64,
    /// The share that lies within twice its uncertainty.
    pub within_twice: f64,
}

/// The coverage of the held-out points of a cross-validation: for every tenth of them by uncertainty, and of all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CalibrationReport {
    /// The tenths, the most certain one first.
    pub tenths: Vec<Coverage>,
    /// All points.
    pub all: Coverage,
}

impl Coverage {
    fn of(points: &[CheckedPoint]) -> Self {
        let share = |times: f32| {
            let within = |one: &&CheckedPoint| one.distance <= times * one.uncertainty;
            points.iter().filter(within).count() as f64 / points.len() as f64
        };
        let sum: f64 = points.iter().map(|one| f64::from(one.uncertainty)).sum();
        let uncertainty = sum / points.len() as f64;
        Self { points: points.len(), uncertainty, within: share(1.0), within_twice: share(2.0) }
    }

    fn cells(&self, name: String) -> Vec<String> {
        let percent = |share: f64| format!("{:.1} %", 100.0 * share);
        let uncertainty = format!("{:.2}", self.uncertainty);
        vec![
            name,
            uncertainty,
            percent(self.within),
            percent(self.within_twice),
            self.points.to_string(),
        ]
    }
}

/// Computes the uncertainty of the points of every fold by the calibration of the other folds. Empty where there are fewer than
/// two folds with enough points.
pub(crate) fn check(schema: &Schema, folds: &[Vec<CalibrationPoint>]) -> Vec<CheckedPoint> {
    let mut checked = Vec::new();
    for (fold, points) in folds.iter().enumerate() {
        let others = folds.iter().enumerate().filter(|(other, _)| *other != fold);
        let others: Vec<CalibrationPoint> =
            others.flat_map(|(_, points)| points.iter().copied()).collect();
        let Some(calibration) = Calibration::fit(schema, &others) else { continue };
        checked.extend(points.iter().map(|one| CheckedPoint {
            uncertainty: calibration.distance(schema, one.source, one.spread),
            distance: one.distance,
        }));
    }
    checked
}

impl CalibrationReport {
    /// The coverage of these points; `None` where there are too few for tenths.
    pub(crate) fn of(mut points: Vec<CheckedPoint>) -> Option<Self> {
        if points.len() < PARTS {
            return None;
        }
        points.sort_by(|a, b| a.uncertainty.total_cmp(&b.uncertainty));
        let part = |part: usize| {
            let [from, to] = [part, part + 1].map(|at| points.len() * at / PARTS);
            Coverage::of(&points[from..to])
        };
        Some(Self { tenths: (0..PARTS).map(part).collect(), all: Coverage::of(&points) })
    }

    /// A Markdown table, and what it means.
    pub fn to_markdown(&self) -> String {
        let columns =
            ["points by uncertainty", "mean, px", "within it", "within twice it", "points"];
        let rows =
            self.tenths.iter().zip(1..).map(|(one, tenth)| one.cells(format!("tenth {tenth}")));
        let rows: Vec<Vec<String>> = rows.chain([self.all.cells("all".to_owned())]).collect();
        markdown(&columns.map(str::to_owned), &rows)
            + "\nUncertainty of held-out points, calibrated on the other folds: 68 % of them should lie within it of their labels, and 95 % \
               within twice it.\n"
    }
}

#[cfg(test)]
mod tests {
    use keypoints_core::Source;

    use super::*;

    fn fold(seed: usize, scale: f32) -> Vec<CalibrationPoint> {
        let point = |at: usize| {
            // Distances from 0 to twice the spread, in an order that has nothing to do with it.
            let (spread, part) =
                (1.0 + (at % 37) as f32 / 10.0, (at * (2 * seed + 7) % 100) as f32 / 100.0);
            CalibrationPoint {
                source: Source::default(),
                spread,
                distance: scale * spread * 2.0 * part,
            }
        };
        (0..4000).map(point).collect()
    }

    #[test]
    fn each_fold_is_judged_by_the_others() {
        let schema = Schema::kaggle15();
        let report = CalibrationReport::of(check(&schema, &[fold(0, 1.0), fold(1, 1.0)])).unwrap();
        assert_eq!((report.tenths.len(), report.all.points), (10, 8000));
        for one in report.tenths.iter().chain([&report.all]) {
            assert!((0.63..0.73).contains(&one.within), "{one:?}");
            assert_eq!(one.within_twice, 1.0);
        }
        // A fold whose points lie three times as far off as those of the other two cannot hide it.
        let folds = [fold(0, 1.0), fold(1, 1.0), fold(2, 3.0)];
        let checked = check(&schema, &folds);
        let last = Coverage::of(&checked[8000..]);
        assert!(last.within < 0.4, "{last:?}");
        assert!(report.to_markdown().contains("| tenth 10 |"));
        assert_eq!(CalibrationReport::of(check(&schema, &folds[..1])), None);
    }
}
