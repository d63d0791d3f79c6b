//! Names and limits of the coordinates that the competition asks for.

use std::ops::RangeInclusive;

use keypoints_core::{Coordinate, Schema, kaggle15};

/// Where a location may lie, in pixels.
pub(crate) const COORDINATE_RANGE: RangeInclusive<f32> = 0.0..=kaggle15::SHAPE.side as f32;

/// The name of a coordinate as in `IdLookupTable.csv`; its number for a point that is not in the file's schema.
pub(crate) fn name(coordinate: Coordinate) -> String {
    let (schema, index) = (Schema::kaggle15(), coordinate.keypoint.index());
    if index < schema.len() {
        schema.coordinate_name(coordinate)
    } else {
        format!("keypoint number {index}, {}", coordinate.axis)
    }
}
