//! One network with what its outputs mean.

use std::cell::RefCell;
use std::collections::BTreeMap;

use burn::module::Module;
use burn::tensor::Tensor;
use keypoints_core::{Keypoint, Labels, Source};
use keypoints_models::compact::{heat_map_places, heat_map_spread};
use keypoints_models::{KeypointNetwork, Network};

use crate::error::PredictError;
use crate::outputs::Outputs;
use crate::pictures::DevicePictures;
use crate::record::ModelRecord;
use crate::tta::{average_flipped, average_moved};

/// Pictures per forward pass. More gain nothing on a CPU and cost memory.
const BATCH: usize = 64;

/// An uncertainty per keypoint, in pixels of the picture. By a calibrated network, 68 % of points lie within it; otherwise it is the
/// standard deviation of a heat map, or the spread of the members of an ensemble.
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
        let outputs = self.record.outputs();
        let mut found = Vec::with_capacity(rows.len());
        for (batch, sources) in rows.chunks(BATCH).zip(sources.chunks(BATCH)) {
            let images = pictures.gather(batch);
            let forward = |images| self.network.forward(images);
            found.extend(self.predict_batch(forward, &outputs, images, sources)?);
            progress(found.len());
        }
        Ok(found)
    }

    /// The uncertainty of every point of the chosen rows, in pixels; `None` where the network draws no heat maps. With test-time
    /// augmentation, that of the picture as it is.
    ///
    /// With a [`Calibration`](crate::Calibration), 68 % of the points of faces like the held-out ones lie within it of where their
    /// source marks them. Without one it is the standard deviation of the point's heat map: how wide a map is depends on the loss that
    /// it was trained with, so compare maps of one training with one another.
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
        let mut found = Vec::with_capacity(rows.len());
        for (batch, sources) in rows.chunks(BATCH).zip(sources.chunks(BATCH)) {
            let images = pictures.gather(batch);
            let side = images.dims()[3];
            let Some(maps) = self.network.heat_maps(images) else { return Ok(None) };
            found.extend(self.read_spread(heat_map_spread(maps, side), sources)?);
            progress(found.len());
        }
        Ok(Some(found))
    }

    /// [`Model::predict`] and [`Model::uncertainty`] together. The picture as it is goes through the network once for both.
    ///
    /// # Errors
    /// [`PredictError::Device`] if the device fails.
    pub fn predict_with_uncertainty(
        &self,
        pictures: &DevicePictures,
        rows: &[usize],
        sources: &[Source],
        progress: &mut dyn FnMut(usize),
    ) -> Result<(Vec<Labels>, Option<Vec<Uncertainty>>), PredictError> {
        let outputs = self.record.outputs();
        let (mut predictions, mut found) = (Vec::with_capacity(rows.len()), Vec::new());
        for (batch, sources) in rows.chunks(BATCH).zip(sources.chunks(BATCH)) {
            let images = pictures.gather(batch);
            let side = images.dims()[3];
            // Test-time augmentation begins with the pictures as they are.
            let spread = RefCell::new(None);
            let forward = |images: Tensor<4>| {
                let Some(maps) = self.network.heat_maps(images.clone()) else {
                    return self.network.forward(images);
                };
                spread.borrow_mut().get_or_insert_with(|| {
                    heat_map_spread(maps.clone().narrow(0, 0, batch.len()), side)
                });
                // The last map may have one coordinate only.
                heat_map_places(maps, side).narrow(1, 0, outputs.len())
            };
            predictions.extend(self.predict_batch(forward, &outputs, images, sources)?);
            if let Some(spread) = spread.into_inner() {
                found.extend(self.read_spread(spread, sources)?);
            }
            progress(predictions.len());
        }
        let has_maps = found.len() == predictions.len();
        Ok((predictions, has_maps.then_some(found)))
    }

    /// Predicts one batch of pictures with test-time augmentation. `network` stands for the forward pass.
    fn predict_batch(
        &self,
        network: impl Fn(Tensor<4>) -> Tensor<2>,
        outputs: &Outputs<'_>,
        images: Tensor<4>,
        sources: &[Source],
    ) -> Result<Vec<Labels>, PredictError> {
        let record = &self.record;
        let one_place = |images: Tensor<4>| match record.tta.flip_average {
            true => average_flipped(&network, images, outputs),
            false => Ok(network(images)),
        };
        let values = average_moved(one_place, images, outputs, record.tta.shift_average)?;
        let values = values.try_into_vec_as::<f32>().map_err(PredictError::device)?;
        let rows = values.chunks_exact(outputs.len()).zip(sources);
        let labels = rows.map(|(row, &source)| {
            record.label_shifts.as_marked(&record.schema, source, &outputs.read(source, row))
        });
        Ok(labels.collect())
    }

    /// The uncertainty of rows by the spread of their heat maps, `[rows, maps]`.
    fn read_spread(
        &self,
        spread: Tensor<2>,
        sources: &[Source],
    ) -> Result<Vec<Uncertainty>, PredictError> {
        let outputs = self.record.outputs();
        // A map predicts two coordinates, x before y.
        let keypoints: Vec<Keypoint> =
            outputs.coordinates.iter().step_by(2).map(|one| one.keypoint).collect();
        let width = spread.dims()[1];
        let values = spread.try_into_vec_as::<f32>().map_err(PredictError::device)?;
        let rows = values.chunks_exact(width).zip(sources).map(|(row, &source)| {
            let spread = |(index, &keypoint): (usize, &Keypoint)| {
                let head = outputs.heads.predicting(outputs.schema, source, keypoint.x());
                let spread = row[head * keypoints.len() + index];
                (keypoint, self.record.uncertainty_of(source, spread))
            };
            keypoints.iter().enumerate().map(spread).collect()
        });
        Ok(rows.collect())
    }
}
