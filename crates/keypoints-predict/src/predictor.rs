//! Points for pictures that nobody has labelled.

use std::sync::Arc;

use burn::module::Module;
use burn::tensor::Device;
use keypoints_core::{Coordinate, LabelShifts, Labels, PictureShape, Pictures, Schema, Source};
use keypoints_models::{KeypointNetwork, Network};
use serde_json::Value;

use crate::calibration::Calibration;
use crate::error::PredictError;
use crate::keypoint_predictor::{KeypointPredictor, check};
use crate::model::{Model, Uncertainty};
use crate::pictures::DevicePictures;
use crate::record::ModelRecord;
use crate::tta::TestTimeAugmentation;

/// One or more trained networks that predict the points of pictures.
///
/// There may be one network for all label sources, one with a head per source or one network per source; in any case the caller
/// names the source, because two sources mark the same points at different places.
#[derive(Clone, Debug)]
pub struct Predictor<N = Network> {
    /// At least one; all with the same schema and picture shape.
    models: Vec<Model<N>>,
    /// Index into `models`, per label source of the schema.
    by_source: Vec<usize>,
    device: Device,
    about: Option<Value>,
}

impl<N: KeypointNetwork + Module> Predictor<N> {
    /// One network that predicts for all sources. `about` is what is known of its training.
    pub fn of_model(model: Model<N>, about: Option<Value>, device: &Device) -> Self {
        let by_source = vec![0; model.record.schema.sources().len()];
        Self::of_models(vec![model], by_source, about, device)
    }

    /// Several networks. `by_source` says for each label source of the schema which of them predicts; where that one does not know a
    /// coordinate, the network of the first source does.
    ///
    /// # Panics
    /// If there is no network, a source has none, or an index is out of range.
    pub fn of_models(
        models: Vec<Model<N>>,
        by_source: Vec<usize>,
        about: Option<Value>,
        device: &Device,
    ) -> Self {
        let sources = models[0].record.schema.sources().len();
        assert!(by_source.len() == sources && by_source.iter().all(|&one| one < models.len()));
        Self { models, by_source, device: device.clone(), about }
    }

    /// The settings, the data and the program that the networks were trained with, as JSON; `None` where a model file does
    /// not say.
    pub fn about(&self) -> Option<&Value> {
        self.about.as_ref()
    }

    /// The networks, each once.
    pub fn models(&self) -> &[Model<N>] {
        &self.models
    }

    /// The network that predicts for a source.
    ///
    /// # Panics
    /// If the schema has no such source.
    pub fn model(&self, source: Source) -> &Model<N> {
        &self.models[self.by_source[source.index()]]
    }

    /// What is known of the first network: schema, picture shape, crop template and more.
    pub fn record(&self) -> &ModelRecord {
        &self.models[0].record
    }

    /// Turns the spread of heat maps into pixels by this calibration, in place of the one that the networks came with; by none, the
    /// uncertainty of a point is the standard deviation of its heat map.
    #[must_use]
    pub fn with_calibration(mut self, calibration: Option<&Calibration>) -> Self {
        for model in &mut self.models {
            model.record.calibration = calibration.cloned();
        }
        self
    }

    /// Averages predictions over these versions of a picture, whatever the training's own settings say.
    #[must_use]
    pub fn with_tta(mut self, tta: TestTimeAugmentation) -> Self {
        for model in &mut self.models {
            model.record.tta = tta;
        }
        self
    }

    /// Predicts the points of every picture as the schema's first source marks them, in pixels, unclipped. Coordinates that
    /// the networks were not trained on stay `None`.
    ///
    /// # Errors
    /// [`PredictError::WrongShape`] for other pictures than it was trained on, [`PredictError::Device`] if the device fails.
    pub fn predict(&self, pictures: &Pictures) -> Result<Vec<Labels>, PredictError> {
        self.predict_with(pictures, &mut |_| ())
    }

    /// Predicts chosen rows of pictures that are on the device already, each as its source marks points.
    ///
    /// # Errors
    /// [`PredictError::Device`] if the device fails.
    pub fn predict_rows(
        &self,
        pictures: &DevicePictures,
        rows: &[usize],
        sources: &[Source],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, PredictError> {
        let mut found = self.first().predict(pictures, rows, sources, progress)?;
        for (model, entries) in self.others(sources) {
            let (rows, sources) = chosen(&entries, rows, sources);
            let own = model.predict(pictures, &rows, &sources, &mut |_| ())?;
            for (entry, labels) in entries.into_iter().zip(own) {
                for (coordinate, value) in labels.present() {
                    found[entry].set(coordinate, Some(value));
                }
            }
        }
        Ok(found)
    }

    /// The uncertainty of every point of chosen rows, each as its source marks points; `None` where a network draws no heat maps. See
    /// [`Model::uncertainty`].
    ///
    /// # Errors
    /// [`PredictError::Device`] if the device fails.
    pub fn uncertainty_of_rows(
        &self,
        pictures: &DevicePictures,
        rows: &[usize],
        sources: &[Source],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Option<Vec<Uncertainty>>, PredictError> {
        let found = self.first().uncertainty(pictures, rows, sources, progress)?;
        let Some(mut found) = found else { return Ok(None) };
        for (model, entries) in self.others(sources) {
            let (rows, sources) = chosen(&entries, rows, sources);
            let Some(other) = model.uncertainty(pictures, &rows, &sources, &mut |_| ())? else {
                return Ok(None);
            };
            for (row, uncertainty) in entries.into_iter().zip(other) {
                found[row].extend(uncertainty);
            }
        }
        Ok(Some(found))
    }

    /// The network of the first source: it predicts what the others do not know.
    fn first(&self) -> &Model<N> {
        &self.models[self.by_source[0]]
    }

    /// The other networks, each with the entries of the list whose source it predicts for.
    fn others(&self, sources: &[Source]) -> impl Iterator<Item = (&Model<N>, Vec<usize>)> {
        let others = (0..self.models.len()).filter(|&one| one != self.by_source[0]);
        others.map(|one| {
            let own = |&entry: &usize| self.by_source[sources[entry].index()] == one;
            (&self.models[one], (0..sources.len()).filter(own).collect())
        })
    }
}

/// Some entries of a list of rows and their sources.
fn chosen(entries: &[usize], rows: &[usize], sources: &[Source]) -> (Vec<usize>, Vec<Source>) {
    entries.iter().map(|&entry| (rows[entry], sources[entry])).unzip()
}

impl<N: KeypointNetwork + Module> KeypointPredictor for Predictor<N> {
    fn schema(&self) -> &Arc<Schema> {
        &self.record().schema
    }

    fn pictures(&self) -> PictureShape {
        self.record().pictures
    }

    fn margin(&self) -> Option<f64> {
        self.record().margin
    }

    fn coordinates(&self) -> Vec<Coordinate> {
        let known = |one: &Coordinate| {
            self.models.iter().any(|model| model.record.coordinates.contains(one))
        };
        self.schema().coordinates().filter(known).collect()
    }

    fn label_shifts(&self) -> LabelShifts {
        let shift = |source: Source| self.model(source).record.label_shifts.of_source(source);
        LabelShifts::new(self.schema().source_indices().map(shift).collect())
    }

    fn predict_as(
        &self,
        pictures: &Pictures,
        sources: &[Source],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, PredictError> {
        check(self, pictures, sources)?;
        let rows: Vec<usize> = (0..pictures.len()).collect();
        let pictures = DevicePictures::upload(pictures, &self.device);
        self.predict_rows(&pictures, &rows, sources, progress)
    }

    /// As [`Model::uncertainty`].
    fn uncertainty(
        &self,
        pictures: &Pictures,
        sources: &[Source],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Option<Vec<Uncertainty>>, PredictError> {
        check(self, pictures, sources)?;
        let rows: Vec<usize> = (0..pictures.len()).collect();
        let pictures = DevicePictures::upload(pictures, &self.device);
        self.uncertainty_of_rows(&pictures, &rows, sources, progress)
    }

    fn predict_with_uncertainty(
        &self,
        pictures: &Pictures,
        sources: &[Source],
        progress: &mut dyn FnMut(usize),
    ) -> Result<(Vec<Labels>, Option<Vec<Uncertainty>>), PredictError> {
        let [model] = &self.models[..] else {
            let labels = self.predict_as(pictures, sources, progress)?;
            return Ok((labels, self.uncertainty(pictures, sources, &mut |_| ())?));
        };
        check(self, pictures, sources)?;
        let rows: Vec<usize> = (0..pictures.len()).collect();
        let pictures = DevicePictures::upload(pictures, &self.device);
        model.predict_with_uncertainty(&pictures, &rows, sources, progress)
    }
}
