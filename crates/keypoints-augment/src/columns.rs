//! Which columns of the targets belong together, and where they go.

use keypoints_core::{Axis, Coordinate, CoordinateScale, Keypoint, Point, Schema};

use super::config::AugmentConfig;
use super::warp::Warp;
use crate::error::AugmentError;

/// The columns of the targets, point by point.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    points: Vec<PointColumns>,
    scale: CoordinateScale,
}

/// Columns of a point's x and y; at least one of them is there.
type Pair = [Option<usize>; 2];

#[derive(Clone, Copy, Debug)]
struct PointColumns {
    own: Pair,
    /// The columns of the point that this one is taken for in a mirror.
    mirrored: Pair,
}

impl Columns {
    /// Looks up the columns of every point among `coordinates`.
    ///
    /// # Errors
    /// [`AugmentError::InvalidConfig`] where a step needs a coordinate that is not among them.
    pub(super) fn new(
        schema: &Schema,
        coordinates: &[Coordinate],
        scale: CoordinateScale,
        config: &AugmentConfig,
    ) -> Result<Self, AugmentError> {
        let column = |wanted: Coordinate| coordinates.iter().position(|one| *one == wanted);
        let mut points = Vec::new();
        for (index, &Coordinate { keypoint, axis }) in coordinates.iter().enumerate() {
            let other = if axis == Axis::X { keypoint.y() } else { keypoint.x() };
            check_alone(schema, coordinates[index], column(other), config)?;
            if config.flip > 0.0 {
                mirror_column(schema, coordinates, coordinates[index], config.flip)?;
            }
            if axis == Axis::X || column(other).is_none() {
                let pair = |of: Keypoint| [column(of.x()), column(of.y())];
                let partner = schema.mirrored(keypoint).unwrap_or(keypoint);
                points.push(PointColumns { own: pair(keypoint), mirrored: pair(partner) });
            }
        }
        Ok(Self { points, scale })
    }

    /// Moves one face's points: values in the network's units, and a mask that is 0 where there is no label.
    ///
    /// What leaves the image is masked. So is a coordinate without its partner, where its new place depends on
    /// the partner.
    pub(super) fn map(&self, warp: &Warp, values: &mut [f32], mask: &mut [f32]) {
        if warp.is_identity() {
            return;
        }
        let frame = warp.frame();
        let (old_values, old_mask) = (values.to_vec(), mask.to_vec());
        values.fill(0.0);
        mask.fill(0.0);
        for point in &self.points {
            let labels = point.own.map(|column| column.filter(|&column| old_mask[column] > 0.0));
            let known = labels.iter().flatten().count();
            if known == 0 || (known == 1 && warp.mixes_axes()) {
                continue;
            }
            let [x, y] = labels.map(|column| {
                column.map_or(frame.middle() as f32, |column| {
                    self.scale.denormalize(old_values[column])
                })
            });
            let Point { x, y } = warp.map_point(Point { x, y });
            let moved = [x, y];
            if labels.iter().zip(moved).any(|(label, at)| label.is_some() && !frame.has(at)) {
                continue;
            }
            let target = if warp.flips() { point.mirrored } else { point.own };
            for ((label, target), at) in labels.into_iter().zip(target).zip(moved) {
                if let (Some(label), Some(target)) = (label, target) {
                    values[target] = self.scale.normalize(at);
                    mask[target] = old_mask[label];
                }
            }
        }
    }
}

/// Where a coordinate goes in a mirror image.
fn mirror_column(
    schema: &Schema,
    coordinates: &[Coordinate],
    of: Coordinate,
    flip: f64,
) -> Result<usize, AugmentError> {
    let Some(partner) = schema.mirrored(of.keypoint) else {
        return Err(AugmentError::InvalidConfig {
            field: "augment.flip",
            expected: "0 where the schema has no `mirror_pairs`",
            found: format!("{flip} with schema `{}`", schema.name()),
        });
    };
    let mirrored = of.of(partner);
    coordinates.iter().position(|one| *one == mirrored).ok_or_else(|| {
        let [own, other] = [of, mirrored].map(|one| schema.coordinate_name(one));
        AugmentError::InvalidConfig {
            field: "augment.flip",
            expected: "0 where a network predicts a point but not its mirror image",
            found: format!("{flip} with {own} but without {other}"),
        }
    })
}

/// Refuses steps that would need the other coordinate of a point.
fn check_alone(
    schema: &Schema,
    coordinate: Coordinate,
    other: Option<usize>,
    config: &AugmentConfig,
) -> Result<(), AugmentError> {
    if other.is_some() {
        return Ok(());
    }
    match config.axis_mixing().into_iter().find(|(_, strength)| *strength != 0.0) {
        Some((field, strength)) => Err(AugmentError::InvalidConfig {
            field,
            expected: "0 where a network predicts one coordinate of a point alone",
            found: format!("{strength} with {} alone", schema.coordinate_name(coordinate)),
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
