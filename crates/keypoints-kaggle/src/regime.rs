//! Which annotators labelled a test image, told by how much the competition asks about it.

use std::collections::BTreeMap;

use keypoints_data::{LabelRegime, LookupTable};

/// The label regime of every image that the lookup table asks about, by `ImageId`.
///
/// The competition asks exactly for what its annotators marked, so an image with more than eight
/// requests is [`LabelRegime::Full`]. `IdLookupTable.csv` is published with the task: to use it is fair.
///
/// ```
/// use keypoints_data::{Coordinate, Keypoint, LabelRegime, LookupTable, Request};
/// use keypoints_kaggle::image_regimes;
///
/// let eyes = [Keypoint::LeftEyeCenter.x(), Keypoint::LeftEyeCenter.y()];
/// let asked = Coordinate::all().map(|all| (1, all)).chain(eyes.map(|eye| (2, eye)));
/// let requests = asked
///     .zip(1..)
///     .map(|((image_id, coordinate), row_id)| Request { row_id, image_id, coordinate })
///     .collect();
/// let lookup = LookupTable::new(requests).ok_or("a RowId occurs twice")?;
///
/// let regimes = image_regimes(&lookup);
/// assert_eq!(regimes[&1], LabelRegime::Full);
/// assert_eq!(regimes[&2], LabelRegime::FourPoint);
/// # Ok::<(), &str>(())
/// ```
pub fn image_regimes(lookup: &LookupTable) -> BTreeMap<u32, LabelRegime> {
    let mut counts = BTreeMap::<u32, usize>::new();
    // The table lists image after image: count runs, and ask the map once per run.
    for run in lookup.requests().chunk_by(|a, b| a.image_id == b.image_id) {
        *counts.entry(run[0].image_id).or_default() += run.len();
    }
    counts
        .into_iter()
        .map(|(image, count)| (image, LabelRegime::from_coordinate_count(count)))
        .collect()
}
