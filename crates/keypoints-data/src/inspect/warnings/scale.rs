//! Labels that are shares of the picture's side, not pixels.

use keypoints_core::{Labels, Schema};

use super::{LabelFault, LabelWarning};

/// Fewer labels than this say nothing.
const LABELS: usize = 3;

/// Columns that never leave 0 to 1 and are not 0 throughout.
pub(super) fn warning(schema: &Schema, rows: &[Labels]) -> Option<LabelWarning> {
    let scaled = schema.coordinates().filter_map(|coordinate| {
        let values = rows.iter().filter_map(|labels| labels.get(coordinate));
        let (labels, within, above) =
            values.fold((0, true, false), |(labels, within, above), one| {
                (labels + 1, within && (0.0..=1.0).contains(&one), above || one > 0.0)
            });
        (labels >= LABELS && within && above).then_some((coordinate, labels))
    });
    let scaled: Vec<_> = scaled.collect();
    let detail = "from 0 to 1 throughout; labels are pixels of the picture".to_owned();
    (!scaled.is_empty())
        .then(|| LabelWarning::of_columns(LabelFault::Scaled, schema, scaled, detail))
}
