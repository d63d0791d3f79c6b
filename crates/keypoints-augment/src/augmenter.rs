//! The steps of a config, ready for batches.

use burn::tensor::{Device, Tensor};
use keypoints_core::{Coordinate, CoordinateScale, Labels, PictureShape, Schema};

use super::batch::AugmentedBatch;
use super::columns::Columns;
use super::config::AugmentConfig;
use super::draw::{Change, draw};
use super::frame::Frame;
use super::resample::{Resampler, flip, tensor};
use super::tone_steps::ToneSteps;
use super::warp::Warp;
use crate::error::AugmentError;

/// Changes faces and their labels at random, a batch at a time.
///
/// Everything random follows from the seed of a call: the same seed changes the same batch the same way, on
/// every device. Pixels are worked on where they lie; points are few and are moved on the host.
///
/// The crate's front page has an example.
#[derive(Clone, Debug)]
pub struct Augmenter {
    config: AugmentConfig,
    shape: PictureShape,
    coordinates: Vec<Coordinate>,
    scale: CoordinateScale,
    columns: Columns,
    resampler: Option<Resampler>,
    tones: ToneSteps,
    device: Device,
}

impl Augmenter {
    /// Prepares the steps of a config for pictures of this shape and targets with these columns of the schema, in this
    /// scale. `device` is where the pictures will be, without autodiff.
    ///
    /// # Errors
    /// [`AugmentError::InvalidConfig`] if a strength is out of range; if there are flips and the schema has no mirror pairs, or
    /// a point's mirror image is not among the coordinates; or if one coordinate of a point is there without the other and a
    /// step mixes the two.
    pub fn new(
        config: &AugmentConfig,
        schema: &Schema,
        shape: PictureShape,
        coordinates: &[Coordinate],
        scale: CoordinateScale,
        device: &Device,
    ) -> Result<Self, AugmentError> {
        config.check()?;
        Ok(Self {
            config: *config,
            shape,
            coordinates: coordinates.to_vec(),
            scale,
            columns: Columns::new(schema, coordinates, scale, config)?,
            resampler: config.moves().then(|| Resampler::new(config, Frame::of(shape), device)),
            tones: ToneSteps::new(config, shape),
            device: device.clone(),
        })
    }

    /// The maps that a batch of so many faces would go through with this seed.
    pub fn warps(&self, faces: usize, seed: u64) -> Vec<Warp> {
        self.changes(faces, seed).into_iter().map(|change| change.warp).collect()
    }

    /// Changes a batch. `labels` are in pixels, one entry per picture.
    ///
    /// # Shapes
    /// - `images`: `[pictures, channels, side, side]`, values in `0..=1`
    ///
    /// # Errors
    /// [`AugmentError::BadBatch`] if the images have another shape or there are not as many labels.
    pub fn apply<'a>(
        &self,
        images: Tensor<4>,
        labels: impl IntoIterator<Item = &'a Labels>,
        seed: u64,
    ) -> Result<AugmentedBatch, AugmentError> {
        let faces = self.check_images(&images)?;
        let (mut values, mut mask) = cells(labels, &self.coordinates, self.scale);
        let shape = [faces, self.coordinates.len()];
        if values.len() != shape[0] * shape[1] {
            let found = values.len() / shape[1].max(1);
            return Err(bad_batch("labels", &[faces], &[found]));
        }
        let changes = self.changes(faces, seed);
        self.map(&changes, &mut values, &mut mask);
        Ok(AugmentedBatch {
            images: self.change(images, &changes)?,
            labels: mask.iter().filter(|&&weight| weight > 0.0).count(),
            values: tensor(values, shape, &self.device),
            mask: tensor(mask, shape, &self.device),
        })
    }

    /// How many pictures there are.
    fn check_images(&self, images: &Tensor<4>) -> Result<usize, AugmentError> {
        let found = images.dims();
        let PictureShape { side, channels } = self.shape;
        let expected = [found[0], channels, side, side];
        if found == expected { Ok(found[0]) } else { Err(bad_batch("images", &expected, &found)) }
    }

    fn changes(&self, faces: usize, seed: u64) -> Vec<Change> {
        (0..faces).map(|index| draw(&self.config, self.shape, seed, index)).collect()
    }

    fn map(&self, changes: &[Change], values: &mut [f32], mask: &mut [f32]) {
        let width = self.coordinates.len().max(1);
        let rows = values.chunks_exact_mut(width).zip(mask.chunks_exact_mut(width));
        for (change, (values, mask)) in changes.iter().zip(rows) {
            self.columns.map(&change.warp, values, mask);
        }
    }

    fn change(&self, images: Tensor<4>, changes: &[Change]) -> Result<Tensor<4>, AugmentError> {
        let warps: Vec<_> = changes.iter().map(|change| &change.warp).collect();
        let tones: Vec<_> = changes.iter().map(|change| &change.tone).collect();
        let images = match &self.resampler {
            // An empty batch has no pixel to look up.
            _ if changes.is_empty() => return Ok(images),
            Some(resampler) => resampler.warp(images, &warps)?,
            None if self.config.flip > 0.0 => flip(images, &warps)?,
            None => images,
        };
        Ok(self.tones.apply(images, &tones))
    }
}

/// Values and mask of faces on the host, row by row, `faces × coordinates` numbers each.
fn cells<'a>(
    labels: impl IntoIterator<Item = &'a Labels>,
    coordinates: &[Coordinate],
    scale: CoordinateScale,
) -> (Vec<f32>, Vec<f32>) {
    let cells = labels.into_iter().flat_map(|row| coordinates.iter().map(|&one| row.get(one)));
    let cell = |label: Option<f32>| match label {
        Some(pixels) => (scale.normalize(pixels), 1.0),
        None => (0.0, 0.0),
    };
    cells.map(cell).unzip()
}

fn bad_batch(what: &'static str, expected: &[usize], found: &[usize]) -> AugmentError {
    AugmentError::BadBatch { what, expected: expected.to_vec(), found: found.to_vec() }
}
