//! How unsure a run is of its points.

use std::collections::BTreeMap;

use keypoints_data::{Images, Keypoint, LabelRegime};
use keypoints_models::KeypointNetwork;
use keypoints_models::compact::heat_map_spread;

use crate::error::TrainError;
use crate::faces::DeviceImages;
use crate::predict::{BATCH, Model, Predictor, check_regimes};

/// How unsure the answer for each keypoint is, in pixels of the 96×96 image: how far its heat map is spread, or how far several
/// runs are apart.
pub type KeypointSpreads = BTreeMap<Keypoint, f32>;

impl Predictor {
    /// How far the heat map of every point of every face is spread, in pixels: see
    /// [`heat_map_spread`]. `None` where the run's networks draw no heat maps. A wide map is a point that the network is
    /// unsure of; how wide, depends on the loss that it was trained with, so compare maps of one run with one another.
    /// Of a run that looks at a face several times, the first look alone is measured.
    ///
    /// `regimes` has one entry per face; `progress` is told how many faces are done.
    ///
    /// # Errors
    /// [`TrainError::InvalidConfig`] if it has not, [`TrainError::Device`] if the device fails.
    pub fn spreads(
        &self,
        images: &Images,
        regimes: &[LabelRegime],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Option<Vec<KeypointSpreads>>, TrainError> {
        check_regimes(images, regimes)?;
        let rows: Vec<usize> = (0..images.len()).collect();
        let faces = self.upload(images);
        let full = self.model(LabelRegime::Full);
        let Some(mut found) = full.spreads(&faces, &rows, regimes, progress)? else {
            return Ok(None);
        };
        let own = self.model(LabelRegime::FourPoint);
        if std::ptr::eq(own, full) {
            return Ok(Some(found));
        }
        // As with the answers: the network of the other regime lends what its own does not know.
        let is_four = |&row: &usize| regimes[row] == LabelRegime::FourPoint;
        let four: Vec<usize> = rows.into_iter().filter(is_four).collect();
        let regimes = vec![LabelRegime::FourPoint; four.len()];
        let Some(of_four) = own.spreads(&faces, &four, &regimes, &mut |_| ())? else {
            return Ok(None);
        };
        for (row, spreads) in four.into_iter().zip(of_four) {
            found[row].extend(spreads);
        }
        Ok(Some(found))
    }
}

impl Model {
    fn spreads(
        &self,
        images: &DeviceImages,
        rows: &[usize],
        regimes: &[LabelRegime],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Option<Vec<KeypointSpreads>>, TrainError> {
        let outputs = self.record.outputs();
        // A map answers for two coordinates, x before y.
        let keypoints: Vec<Keypoint> =
            outputs.coordinates.iter().step_by(2).map(|one| one.keypoint).collect();
        let mut found = Vec::with_capacity(rows.len());
        for (batch, regimes) in rows.chunks(BATCH).zip(regimes.chunks(BATCH)) {
            let faces = images.gather(batch);
            let side = faces.dims()[3];
            let Some(maps) = self.network.heat_maps(faces) else { return Ok(None) };
            let width = maps.dims()[1];
            let values = heat_map_spread(maps, side).try_into_vec_as::<f32>();
            let values = values.map_err(TrainError::device)?;
            for (row, &regime) in values.chunks_exact(width).zip(regimes) {
                let spread = |(index, &keypoint): (usize, &Keypoint)| {
                    let head = outputs.heads.answering(regime, keypoint.x());
                    (keypoint, row[head * keypoints.len() + index])
                };
                found.push(keypoints.iter().enumerate().map(spread).collect());
            }
            progress(found.len());
        }
        Ok(Some(found))
    }
}
