//! Which outputs of a network are which points.

use keypoints_core::{Axis, Coordinate, Keypoint, Source};

use super::error::OnnxError;
use crate::outputs::Outputs;

/// The points that a network knows, in the order of the schema, and where its outputs have them.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) keypoints: Vec<Keypoint>,
    /// The output with the x of each point, as the first label source marks it, and that with its y.
    pub(super) outputs: [Vec<usize>; 2],
}

impl Columns {
    /// # Errors
    /// [`OnnxError::HalfPoint`] where there is an x without its y, or the other way round.
    pub(super) fn of(outputs: &Outputs<'_>) -> Result<Self, OnnxError> {
        let mut keypoints = Vec::new();
        let mut columns = [Vec::new(), Vec::new()];
        for keypoint in outputs.schema.keypoints() {
            let pair = [keypoint.x(), keypoint.y()];
            match pair.map(|one| column(outputs, one)) {
                [Some(x), Some(y)] => {
                    keypoints.push(keypoint);
                    columns[0].push(x);
                    columns[1].push(y);
                }
                [None, None] => {}
                found => {
                    let [known, missing] = if found[0].is_some() { [0, 1] } else { [1, 0] };
                    let name = |axis: usize| outputs.schema.coordinate_name(pair[axis]);
                    return Err(OnnxError::HalfPoint {
                        known: name(known),
                        missing: name(missing),
                    });
                }
            }
        }
        Ok(Self { keypoints, outputs: columns })
    }

    /// The heat map of each point.
    pub(super) fn maps(&self, outputs: &Outputs<'_>) -> Vec<usize> {
        // A head has a map per pair of coordinates, so its last may be for an x alone.
        let (width, maps) = (outputs.coordinates.len(), outputs.coordinates.len().div_ceil(2));
        self.outputs[0].iter().map(|column| column / width * maps + column % width / 2).collect()
    }
}

fn column(outputs: &Outputs<'_>, coordinate: Coordinate) -> Option<usize> {
    let place = outputs.coordinates.iter().position(|one| *one == coordinate)?;
    let head = outputs.heads.predicting(outputs.schema, Source::default(), coordinate);
    Some(head * outputs.coordinates.len() + place)
}

/// The number of an axis in pairs of x and y.
pub(super) fn number(axis: Axis) -> usize {
    match axis {
        Axis::X => 0,
        Axis::Y => 1,
    }
}
