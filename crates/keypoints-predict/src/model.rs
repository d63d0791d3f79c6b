//! One network with what its outputs mean.

use std::collections::BTreeMap;

use burn::module::Module;
use burn::tensor::Tensor;
use keypoints_core::{Keypoint, Labels, Source};
use keypoints_models::compact::heat_map_spread;
use keypoints_models::{KeypointNetwork, Network};

use crate::error::PredictError;
use crate::pictures::DevicePictures;
use crate::record::ModelRecord;
use crate::tta::{average_flipped, average_moved};

/// Pictures per forward pass. More gain nothing on a CPU and cost memory.
const BATCH: usize = 64;

/// An uncertainty per keypoint, in pixels of the picture: the standard deviation of its heat map, or the spread of the members of
/// an ensemble.
pub type Uncertainty = BTreeMap<Keypoint, f32>;

/// A trained network with its record.
#[derive(Clone, Debug)]
pub struct Model<N = Network> {
    /// The network, on a plain device.
    pub network: N,
    /// What its outputs mean.
    pub record: ModelRecord,
    /// The epoch whose weights these are, counted from 1.
    pub epoch: usize,
}

impl<N: KeypointNetwork + Module> Model<N> {
    /// Predicts the chosen rows, each as its source marks points, in pixels. `progress` is told how many rows are done.
    ///
    /// # Errors
    /// [`PredictError::Device`] if the device fails.
    pub fn predict(
        &self,
        pictures: &DevicePictures,
        rows: &[usize],
        sources: &[Source],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, PredictError> {
        let (record, outputs) = (&self.record, self.record.outputs());
        let one_place = |images: Tensor<4>| match record.tta.flip_average {
            true => average_flipped(|images| self.network.forward(images), images, &outputs),
            false => Ok(self.network.forward(images)),
        };
        let mut found = Vec::with_capacity(rows.len());
        for (batch, sources) in rows.chunks(BATCH).zip(sources.chunks(BATCH)) {
            let images = pictures.gather(batch);
            let values = average_moved(one_place, images, &outputs, record.tta.shift_average)?;
            let values = values.try_into_vec_as::<f32>().map_err(PredictError::device)?;
            let rows = values.chunks_exact(outputs.len()).zip(sources);
            found.extend(rows.map(|(row, &source)| {
                record.label_shifts.as_marked(&record.schema, source, &outputs.read(source, row))
            }));
            progress(found.len());
        }
        Ok(found)
    }

    /// The uncertainty of every point of the chosen rows; `None` where the network draws no heat maps. With test-time
    /// augmentation, that of the picture as it is.
    ///
    /// # Errors
    /// [`PredictError::Device`] if the device fails.
    pub fn uncertainty(
        &self,
        pictures: &DevicePictures,
        rows: &[usize],
        sources: &[Source],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Option<Vec<Uncertainty>>, PredictError> {
        let outputs = self.record.outputs();
        // A map predicts two coordinates, x before y.
        let keypoints: Vec<Keypoint> =
            outputs.coordinates.iter().step_by(2).map(|one| one.keypoint).collect();
        let mut found = Vec::with_capacity(rows.len());
        for (batch, sources) in rows.chunks(BATCH).zip(sources.chunks(BATCH)) {
            let images = pictures.gather(batch);
            let side = images.dims()[3];
            let Some(maps) = self.network.heat_maps(images) else { return Ok(None) };
            let width = maps.dims()[1];
            let values = heat_map_spread(maps, side).try_into_vec_as::<f32>();
            let values = values.map_err(PredictError::device)?;
            for (row, &source) in values.chunks_exact(width).zip(sources) {
                let spread = |(index, &keypoint): (usize, &Keypoint)| {
                    let head = outputs.heads.predicting(outputs.schema, source, keypoint.x());
                    (keypoint, row[head * keypoints.len() + index])
                };
                found.push(keypoints.iter().enumerate().map(spread).collect());
            }
            progress(found.len());
        }
        Ok(Some(found))
    }
}
