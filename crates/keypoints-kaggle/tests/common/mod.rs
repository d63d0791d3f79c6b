//! A small lookup table in the manner of the competition's.

use keypoints_core::{Schema, kaggle15};
use keypoints_data::kaggle::{LookupTable, Request};

/// Row ids 1–48: image 1 is asked for everything, image 2 for four points, image 9 for ten coordinates.
pub(crate) fn small_lookup() -> LookupTable {
    let four = kaggle15::FOUR_POINTS.into_iter().flat_map(|point| [point.x(), point.y()]);
    let all = Schema::kaggle15().coordinates();
    let requests = all
        .clone()
        .map(|coordinate| (1, coordinate))
        .chain(four.map(|coordinate| (2, coordinate)))
        .chain(all.take(10).map(|coordinate| (9, coordinate)))
        .zip(1..)
        .map(|((image_id, coordinate), row_id)| Request { row_id, image_id, coordinate });
    LookupTable::new(requests.collect()).unwrap()
}
