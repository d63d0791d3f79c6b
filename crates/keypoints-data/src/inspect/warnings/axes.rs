//! x in place of y.

use keypoints_core::Dataset;

use super::sides::pairs;
use super::{LabelFault, LabelWarning};

/// A row whose pairs are so much higher than wide is none of a head that leans.
const STEEP: f32 = 3.0;
/// From so many rows on, and from this share on, there is a warning.
const FEW: usize = 3;
const SHARE: f64 = 0.02;

/// Rows in which the points of mirror pairs stand one above the other instead of side by side.
pub(super) fn warning(dataset: &Dataset) -> Option<LabelWarning> {
    let pairs = pairs(dataset.schema());
    let is_steep = |row: &usize| {
        let labels = &dataset.labels()[*row];
        let (mut wide, mut high, mut points) = (0.0, 0.0, 0);
        for pair in &pairs {
            if let (Some(one), Some(other)) = (labels.point(pair.one), labels.point(pair.other)) {
                wide += (one.x - other.x).abs();
                high += (one.y - other.y).abs();
                points += 1;
            }
        }
        points > 0 && high > STEEP * wide
    };
    let steep: Vec<usize> = (0..dataset.len()).filter(is_steep).collect();
    let enough = steep.len() >= FEW && steep.len() as f64 >= SHARE * dataset.len() as f64;
    let detail =
        "left and right points stand one above the other, unless the pictures lie on their side";
    enough.then(|| LabelWarning::of_rows(LabelFault::Axes, steep, detail))
}
