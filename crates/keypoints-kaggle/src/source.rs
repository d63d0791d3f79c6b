//! Which label source a test image belongs to, judged by how much the competition asks about it.

use std::collections::BTreeMap;

use keypoints_core::{Source, kaggle15};
use keypoints_data::kaggle::LookupTable;

/// Returns the label source of every image that the lookup table asks about, by `ImageId`.
///
/// The competition asks exactly for what was marked, so an image with more than eight requests is of the source
/// [`kaggle15::FULL`]. `IdLookupTable.csv` is published with the task: to use it is fair.
///
/// ```
/// use keypoints_core::{Schema, kaggle15};
/// use keypoints_data::kaggle::{LookupTable, Request};
/// use keypoints_kaggle::image_sources;
///
/// let eyes = [kaggle15::LEFT_EYE_CENTER.x(), kaggle15::LEFT_EYE_CENTER.y()];
/// let all = Schema::kaggle15().coordinates();
/// let requests = all
///     .map(|one| (1, one))
///     .chain(eyes.map(|eye| (2, eye)))
///     .zip(1..)
///     .map(|((image_id, coordinate), row_id)| Request { row_id, image_id, coordinate })
///     .collect();
/// let lookup = LookupTable::new(requests).ok_or("a RowId occurs twice")?;
///
/// let sources = image_sources(&lookup);
/// assert_eq!(sources[&1], kaggle15::FULL);
/// assert_eq!(sources[&2], kaggle15::FOUR_POINT);
/// # Ok::<(), &str>(())
/// ```
pub fn image_sources(lookup: &LookupTable) -> BTreeMap<u32, Source> {
    let mut counts = BTreeMap::<u32, usize>::new();
    // The table lists image after image: count runs, and ask the map once per run.
    for run in lookup.requests().chunk_by(|a, b| a.image_id == b.image_id) {
        *counts.entry(run[0].image_id).or_default() += run.len();
    }
    counts.into_iter().map(|(image, count)| (image, kaggle15::source_of_count(count))).collect()
}
