//! The value above.

use keypoints_core::Labels;
use serde::{Deserialize, Serialize};

use super::{FittedImputer, Imputer, Rows};

/// Fills a gap with the value of the nearest row above that has one, as pandas' `ffill` does. Learns nothing:
/// only the rows handed to `transform`, in their order, count. A gap above the first value of its column stays
/// a gap.
///
/// The value is that of whoever happens to stand above, so it says little about the face it is put on. In the
/// competition's file the four-point rows stand together behind the others, so nearly all of them receive the
/// points of one and the same face, the last of the others.
///
/// Source: section 3.4 of the notebook ("fill missing values with the last valid ones", Kaggle score 2.84).
///
/// ```
/// use keypoints_core::{Labels, Schema, Source, kaggle15};
/// use keypoints_data::impute::{ForwardFill, Imputer, Rows};
///
/// let nose = kaggle15::NOSE_TIP.x();
/// let labels = [None, Some(44.0), None, Some(50.0), None].map(|x| {
///     let mut labels = Labels::default();
///     labels.set(nose, x);
///     labels
/// });
/// let schema = Schema::kaggle15();
/// let rows = Rows { schema: &schema, side: 96, labels: &labels, sources: &[Source::default(); 5] };
/// let filled = ForwardFill {}.fit(&rows).transform(&rows);
/// let values: Vec<Option<f32>> = filled.iter().map(|labels| labels.get(nose)).collect();
/// assert_eq!(values, [None, Some(44.0), Some(44.0), Some(50.0), Some(50.0)]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForwardFill {}

impl Imputer for ForwardFill {
    fn fit(&self, _: &Rows<'_>) -> Box<dyn FittedImputer> {
        Box::new(*self)
    }
}

impl FittedImputer for ForwardFill {
    fn transform(&self, rows: &Rows<'_>) -> Vec<Labels> {
        let mut above = vec![None; rows.width()];
        let fill = |row: &Labels| {
            for (above, one) in above.iter_mut().zip(rows.schema.coordinates()) {
                *above = row.get(one).or(*above);
            }
            Labels::new(above.clone())
        };
        rows.labels.iter().map(fill).collect()
    }
}
