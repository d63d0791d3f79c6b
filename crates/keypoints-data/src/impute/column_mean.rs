//! The mean of the column.

use serde::{Deserialize, Serialize};

use super::columns::ColumnValues;
use super::{FittedImputer, Imputer, Rows};

/// Fills a gap with the mean of its column over the fitted rows, summed in double precision. A column without
/// any label keeps its gaps.
///
/// ```
/// use keypoints_core::{Labels, Schema, kaggle15};
/// use keypoints_data::impute::{ColumnMean, Imputer, Rows};
///
/// let nose = kaggle15::NOSE_TIP.x();
/// let train = [40.0, 41.0, 48.0].map(|x| Labels::from_iter([(nose, x)]));
/// let schema = Schema::kaggle15();
/// let rows = |labels| Rows { schema: &schema, side: 96, labels, sources: &[kaggle15::FULL; 3] };
/// let filled = ColumnMean {}.fit(&rows(&train)).transform(&rows(&[Labels::default()]));
/// assert_eq!(filled[0].get(nose), Some(43.0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMean {}

impl Imputer for ColumnMean {
    fn fit(&self, rows: &Rows<'_>) -> Box<dyn FittedImputer> {
        let mean = |column: Vec<f32>| {
            let sum: f64 = column.iter().copied().map(f64::from).sum();
            (sum / column.len() as f64) as f32
        };
        Box::new(ColumnValues::learn(rows, mean))
    }
}
