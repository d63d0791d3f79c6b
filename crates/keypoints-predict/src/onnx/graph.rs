//! From pictures to points: all that an ONNX file computes.

use burn::tensor::Tensor;
use keypoints_core::Axis;
use keypoints_models::KeypointNetwork;

use super::columns::{Columns, number};
use super::error::OnnxError;
use super::heat_maps::read_heat_maps;
use super::uncertainty::uncertainty_of;
use super::versions::{Versions, select};
use crate::record::ModelRecord;

/// What is done around the network of a record.
#[derive(Debug)]
pub(super) struct Graph<'a> {
    record: &'a ModelRecord,
    pub(super) columns: Columns,
    versions: Versions,
}

impl<'a> Graph<'a> {
    /// # Errors
    /// [`OnnxError`] where the record asks for what a file cannot hold.
    pub(super) fn of(record: &'a ModelRecord) -> Result<Self, OnnxError> {
        let outputs = record.outputs();
        let columns = Columns::of(&outputs)?;
        Ok(Self { columns, versions: Versions::of(record.tta, &outputs)?, record })
    }

    /// The points, and their uncertainty if the network has heat maps.
    ///
    /// # Shapes
    /// - `pictures`: `[batch, channels, side, side]`, values in `0..=255`
    /// - first output: `[batch, K, 2]`, in pixels
    /// - second output: `[batch, K]`, in pixels
    pub(super) fn forward(
        &self,
        network: &impl KeypointNetwork,
        pictures: Tensor<4>,
    ) -> (Tensor<3>, Vec<Tensor<2>>) {
        let ([batch, _, _, side], outputs) = (pictures.dims(), self.record.outputs());
        let versions = self.versions.len();
        let images = self.versions.of_pictures(pictures / 255.0);
        let (values, spread) = match network.heat_maps(images.clone()) {
            Some(maps) => {
                let (places, spread) = read_heat_maps(maps, side);
                (places, Some(spread))
            }
            None => (network.forward(images), None),
        };
        // The last heat map may have one coordinate only.
        let all: Vec<usize> = (0..outputs.len()).collect();
        let values = if values.dims()[1] > all.len() { select(&values, &all) } else { values };
        let values = values.reshape([batch, versions * outputs.len()]);
        let [x, y] = [Axis::X, Axis::Y].map(|axis| {
            let axis = number(axis);
            let columns = &self.columns.outputs[axis];
            let pixels = self.versions.average(&values, columns, axis, side, &outputs);
            pixels.reshape([batch, columns.len(), 1])
        });
        let uncertainty = spread.map(|spread| {
            let maps = spread.dims()[1];
            // The first version is the picture as it is.
            let spread = spread.reshape([batch, versions * maps]);
            uncertainty_of(self.record, select(&spread, &self.columns.maps(&outputs)))
        });
        (Tensor::cat(vec![x, y], 2), uncertainty.into_iter().collect())
    }
}
