//! The median of the column.

use serde::{Deserialize, Serialize};

use super::columns::ColumnValues;
use super::{FittedImputer, Imputer};
use crate::labels::Labels;

/// Fills a gap with the median of its column over the fitted rows: the middle value, or the mean of the two in
/// the middle. Mislabelled rows sway it less than they sway the mean. A column without any label keeps its gaps.
///
/// ```
/// use keypoints_data::impute::{ColumnMedian, Imputer};
/// use keypoints_data::{Keypoint, Labels};
///
/// let nose = Keypoint::NoseTip.x();
/// let train = [40.0, 41.0, 95.0].map(|x| Labels::from_iter([(nose, x)]));
/// let filled = ColumnMedian {}.fit(&train).transform(&[Labels::default()]);
/// assert_eq!(filled[0].get(nose), Some(41.0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMedian {}

impl Imputer for ColumnMedian {
    fn fit(&self, labels: &[Labels]) -> Box<dyn FittedImputer> {
        Box::new(ColumnValues::learn(labels, median))
    }
}

/// The middle of at least one value.
fn median(mut column: Vec<f32>) -> f32 {
    let half = column.len() / 2;
    let is_even = column.len().is_multiple_of(2);
    let (below, &mut upper, _) = column.select_nth_unstable_by(half, f32::total_cmp);
    match below.iter().copied().max_by(f32::total_cmp) {
        Some(lower) if is_even => f32::midpoint(lower, upper),
        _ => upper,
    }
}
