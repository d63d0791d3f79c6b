//! The median of the column.

use serde::{Deserialize, Serialize};

use super::columns::ColumnValues;
use super::{FittedImputer, Imputer, Rows};

/// Fills a gap with the median of its column over the fitted rows: the middle value, or the mean of the two in
/// the middle. Mislabelled rows sway it less than they sway the mean. A column without any label keeps its gaps.
///
/// ```
/// use keypoints_core::{Labels, Schema, kaggle15};
/// use keypoints_data::impute::{ColumnMedian, Imputer, Rows};
///
/// let nose = kaggle15::NOSE_TIP.x();
/// let train = [40.0, 41.0, 95.0].map(|x| Labels::from_iter([(nose, x)]));
/// let schema = Schema::kaggle15();
/// let rows = |labels| Rows { schema: &schema, side: 96, labels, sources: &[kaggle15::FULL; 3] };
/// let filled = ColumnMedian {}.fit(&rows(&train)).transform(&rows(&[Labels::default()]));
/// assert_eq!(filled[0].get(nose), Some(41.0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMedian {}

impl Imputer for ColumnMedian {
    fn fit(&self, rows: &Rows<'_>) -> Box<dyn FittedImputer> {
        Box::new(ColumnValues::learn(rows, median))
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
