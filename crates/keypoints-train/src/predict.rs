//! Coordinates for faces that nobody has labelled.

use burn::tensor::Device;
use keypoints_data::{Coordinate, CoordinateScale, Images, Labels};
use keypoints_models::{KeypointNetwork, Network};

use crate::error::TrainError;
use crate::faces::DeviceImages;
use crate::run::{Checkpoints, RunFolder, RunRecord};

/// Faces per forward pass. More gain nothing on a CPU and cost memory.
const BATCH: usize = 64;

/// Which checkpoint of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// The epoch with the lowest validation score; the last one where none was validated.
    #[default]
    Best,
    /// The last finished epoch.
    Last,
}

/// A trained network that turns faces into keypoints.
///
/// The crate's front page has an example.
#[derive(Debug)]
pub struct Predictor {
    network: Network,
    coordinates: Vec<Coordinate>,
    scale: CoordinateScale,
    device: Device,
    epoch: usize,
}

impl Predictor {
    /// Loads a checkpoint of a run.
    ///
    /// # Errors
    /// [`TrainError::BadRunFile`] or [`TrainError::Io`] with the file where the folder holds no run, or a run
    /// that has not finished an epoch.
    pub fn load(folder: &RunFolder, which: Which, device: &Device) -> Result<Self, TrainError> {
        let record = RunRecord::read(folder)?;
        let checkpoints = Checkpoints::new(folder);
        let index = checkpoints.index()?;
        let epoch = match which {
            Which::Best if index.best > 0 => index.best,
            _ => index.last,
        };
        if epoch == 0 {
            return Err(TrainError::BadRunFile {
                path: folder.checkpoints_path(),
                expected: "a checkpoint",
                found: "the run has not finished its first epoch".to_owned(),
            });
        }
        let network = record.config.network.init(device)?;
        Ok(Self {
            network: checkpoints.load_network(epoch, network)?,
            coordinates: record.coordinates,
            scale: record.config.coordinates,
            device: device.clone(),
            epoch,
        })
    }

    /// The epoch whose weights answer, counted from 1.
    pub fn epoch(&self) -> usize {
        self.epoch
    }

    /// The coordinates that the network was trained to find.
    pub fn coordinates(&self) -> &[Coordinate] {
        &self.coordinates
    }

    /// Finds the keypoints of every face, in pixels, unclipped. Coordinates that the network was not trained
    /// on stay `None`.
    ///
    /// # Errors
    /// [`TrainError::Device`] if the device fails.
    pub fn predict(&self, images: &Images) -> Result<Vec<Labels>, TrainError> {
        self.predict_with(images, &mut |_| ())
    }

    /// Like [`Predictor::predict`]; `progress` is told how many faces are done.
    ///
    /// # Errors
    /// [`TrainError::Device`] if the device fails.
    pub fn predict_with(
        &self,
        images: &Images,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, TrainError> {
        let rows: Vec<usize> = (0..images.len()).collect();
        let images = DeviceImages::upload(images, &self.device);
        predict_rows(&self.network, &images, &rows, &self.coordinates, self.scale, progress)
    }
}

/// Predicts the chosen rows. The network must be on the plain device, without gradients.
pub(crate) fn predict_rows(
    network: &Network,
    images: &DeviceImages,
    rows: &[usize],
    coordinates: &[Coordinate],
    scale: CoordinateScale,
    progress: &mut dyn FnMut(usize),
) -> Result<Vec<Labels>, TrainError> {
    let mut predictions = Vec::with_capacity(rows.len());
    for batch in rows.chunks(BATCH) {
        let output = network.forward(images.gather(batch));
        let values = output.try_into_vec_as::<f32>().map_err(TrainError::device)?;
        predictions.extend(values.chunks_exact(coordinates.len()).map(|row| {
            let value = |(&coordinate, &value)| (coordinate, scale.denormalize(value));
            coordinates.iter().zip(row).map(value).collect::<Labels>()
        }));
        progress(predictions.len());
    }
    Ok(predictions)
}
