//! Coordinates for faces that nobody has labelled.

use burn::tensor::{Device, Tensor};
use keypoints_data::{Coordinate, Images, LabelRegime, LabelShifts, Labels};
use keypoints_models::{KeypointNetwork, Network};

use crate::checkpoint::Checkpoint;
use crate::error::TrainError;
use crate::faces::DeviceImages;
use crate::run::{Checkpoints, ModelRecord, RunFolder, RunRecord, read_json};
use crate::strategy::{Answers, ModelId};
use crate::tta::{TestTimeAugmentation, average_flipped_outputs, average_moved_outputs};

/// Faces per forward pass. More gain nothing on a CPU and cost memory.
pub(crate) const BATCH: usize = 64;

/// One trained network with what its answers mean.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) network: Network,
    pub(crate) record: ModelRecord,
    epoch: usize,
}

impl Model {
    /// Loads a checkpoint of the network in a folder.
    pub(crate) fn load(
        folder: &RunFolder,
        which: Checkpoint,
        device: &Device,
    ) -> Result<Self, TrainError> {
        let checkpoints = Checkpoints::new(folder);
        let index = checkpoints.index()?;
        let epoch = match which {
            Checkpoint::Best if index.selected > 0 => index.selected,
            _ => index.last,
        };
        if epoch == 0 {
            return Err(TrainError::BadRunFile {
                path: folder.checkpoints_path(),
                expected: "a checkpoint",
                found: "the run has not finished its first epoch".to_owned(),
            });
        }
        let record = ModelRecord::read(folder)?;
        let network = checkpoints.load_network(epoch, record.network.init(device)?)?;
        Ok(Self { network, record, epoch })
    }

    /// A network with its record, wherever they came from.
    pub(crate) fn new(network: Network, record: ModelRecord, epoch: usize) -> Self {
        Self { network, record, epoch }
    }

    pub(crate) fn network(&self) -> &Network {
        &self.network
    }

    pub(crate) fn record(&self) -> &ModelRecord {
        &self.record
    }

    pub(crate) fn into_network(self) -> Network {
        self.network
    }

    /// Predicts the chosen rows, each as the annotators of its regime mark points.
    pub(crate) fn predict_rows(
        &self,
        images: &DeviceImages,
        rows: &[usize],
        regimes: &[LabelRegime],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, TrainError> {
        predict_rows(&self.network, &self.record, images, rows, regimes, progress)
    }
}

/// A trained run that turns faces into keypoints.
///
/// A run may hold one network for all faces, one with a head per label regime or one network per regime; in any
/// case the question names the regime, because the two groups of annotators mark the same points at different places.
///
/// The crate's front page has an example.
#[derive(Debug)]
pub struct Predictor {
    models: Vec<Model>,
    /// Index into `models`, per regime.
    answers: [usize; LabelRegime::ALL.len()],
    device: Device,
    origin: Option<Box<RunRecord>>,
}

impl Predictor {
    /// Loads the checkpoints of a run. A run with one network can be asked before it has ended.
    ///
    /// # Errors
    /// [`TrainError::BadRunFile`] or [`TrainError::Io`] with the file where the folder holds no run, or a run
    /// that has not finished an epoch.
    pub fn load(
        folder: &RunFolder,
        which: Checkpoint,
        device: &Device,
    ) -> Result<Self, TrainError> {
        let origin = Box::new(RunRecord::read(folder)?);
        let path = folder.answers_path();
        let ended = path.exists();
        let answers: Answers = if ended {
            read_json(&path, "which network answers for which regime")?
        } else if folder.path().join("models").exists() {
            return Err(TrainError::BadRunFile {
                path,
                expected: "a run that has ended",
                found: "not all of its networks are trained yet".to_owned(),
            });
        } else {
            Answers::by(ModelId::only())
        };
        let mut models = Vec::new();
        let mut names: Vec<&ModelId> = Vec::new();
        let mut indices = [0; LabelRegime::ALL.len()];
        for regime in LabelRegime::ALL {
            let name = answers.model(regime);
            let known = names.iter().position(|&one| one == name);
            indices[regime as usize] = known.unwrap_or(models.len());
            if known.is_none() {
                models.push(Model::load(&folder.model(name), which, device)?);
                names.push(name);
            }
        }
        Ok(Self { models, answers: indices, device: device.clone(), origin: Some(origin) })
    }

    /// One network that answers for all faces, and the run that it comes from, where that is known.
    pub(crate) fn of_model(model: Model, origin: Option<RunRecord>, device: &Device) -> Self {
        Self {
            models: vec![model],
            answers: [0; LabelRegime::ALL.len()],
            device: device.clone(),
            origin: origin.map(Box::new),
        }
    }

    /// The settings, the data and the program that the networks were trained with; `None` where a model file does not say.
    pub fn origin(&self) -> Option<&RunRecord> {
        self.origin.as_deref()
    }

    /// What is known of the network that answers for a regime: its outputs, and on how many rows and labels it was trained.
    pub fn record(&self, regime: LabelRegime) -> &ModelRecord {
        &self.model(regime).record
    }

    /// The networks, each once.
    pub(crate) fn models(&self) -> &[Model] {
        &self.models
    }

    /// Asks every network twice, the second time in a mirror, or once, whatever the run's own settings say.
    #[must_use]
    pub fn with_flip_average(mut self, flip_average: bool) -> Self {
        for model in &mut self.models {
            model.record.flip_average = flip_average;
        }
        self
    }

    /// Asks every network about a face at five places, so many pixels apart, or at one (0), whatever the run's own settings say.
    #[must_use]
    pub fn with_shift_average(mut self, pixels: usize) -> Self {
        for model in &mut self.models {
            model.record.shift_average = pixels;
        }
        self
    }

    /// TestTimeAugmentation at every face so often, whatever the run's own settings say.
    #[must_use]
    pub fn with_tta(self, tta: TestTimeAugmentation) -> Self {
        self.with_flip_average(tta.flip_average).with_shift_average(tta.shift_average)
    }

    pub(crate) fn model(&self, regime: LabelRegime) -> &Model {
        &self.models[self.answers[regime as usize]]
    }

    /// The epoch whose weights answer for a regime, counted from 1.
    pub fn epoch(&self, regime: LabelRegime) -> usize {
        self.model(regime).epoch
    }

    /// How far beside the picture's own points the answers for either regime lie, because its annotators marked them there:
    /// see [`LabelShifts::onto_picture`].
    pub fn label_shifts(&self) -> LabelShifts {
        let shifts = |regime| self.model(regime).record.label_shifts;
        LabelShifts {
            full: shifts(LabelRegime::Full).full,
            four_point: shifts(LabelRegime::FourPoint).four_point,
        }
    }

    /// The coordinates that the run was trained to find, in column order.
    pub fn coordinates(&self) -> Vec<Coordinate> {
        let known = |one: &Coordinate| {
            self.models.iter().any(|model| model.record.coordinates.contains(one))
        };
        Coordinate::all().filter(known).collect()
    }

    /// Finds the keypoints of every face as the annotators of fully labelled faces mark them, in pixels,
    /// unclipped. Coordinates that the run was not trained on stay `None`.
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
        self.predict_as(images, &vec![LabelRegime::Full; images.len()], progress)
    }

    /// Finds the keypoints of every face as the annotators of its regime mark them. `regimes` has one entry
    /// per face.
    ///
    /// # Errors
    /// [`TrainError::InvalidConfig`] if it has not, [`TrainError::Device`] if the device fails.
    pub fn predict_as(
        &self,
        images: &Images,
        regimes: &[LabelRegime],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, TrainError> {
        check_regimes(images, regimes)?;
        let rows: Vec<usize> = (0..images.len()).collect();
        let images = self.upload(images);
        self.predict_rows(&images, &rows, regimes, progress)
    }

    /// Copies faces to the device that the run answers on.
    pub(crate) fn upload(&self, images: &Images) -> DeviceImages {
        DeviceImages::upload(images, &self.device)
    }

    /// Like [`Predictor::predict_as`], on faces that are on the device already.
    pub(crate) fn predict_rows(
        &self,
        images: &DeviceImages,
        rows: &[usize],
        regimes: &[LabelRegime],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, TrainError> {
        if self.models.len() == 1 {
            return self.models[0].predict_rows(images, rows, regimes, progress);
        }
        // The network of the other regime lends what its own does not know: four-point faces may be asked for
        // a fifth point.
        let full = self.model(LabelRegime::Full);
        let mut found = full.predict_rows(images, rows, regimes, progress)?;
        let is_four = |&entry: &usize| regimes[entry] == LabelRegime::FourPoint;
        let four: Vec<usize> = (0..rows.len()).filter(is_four).collect();
        let four_rows: Vec<usize> = four.iter().map(|&entry| rows[entry]).collect();
        let own = self.model(LabelRegime::FourPoint).predict_rows(
            images,
            &four_rows,
            &vec![LabelRegime::FourPoint; four.len()],
            &mut |_| (),
        )?;
        for (entry, labels) in four.into_iter().zip(own) {
            for (coordinate, value) in labels.present() {
                found[entry].set(coordinate, Some(value));
            }
        }
        Ok(found)
    }
}

/// Whoever asks for faces has to say of each whose annotations are asked for.
pub(crate) fn check_regimes(images: &Images, regimes: &[LabelRegime]) -> Result<(), TrainError> {
    match regimes.len() == images.len() {
        true => Ok(()),
        false => Err(TrainError::InvalidConfig {
            field: "regimes",
            expected: "one per face",
            found: format!("{} for {} faces", regimes.len(), images.len()),
        }),
    }
}

/// Predicts the chosen rows, each as the annotators of its regime mark points. The network must be on the plain
/// device, without gradients; `record` says what it is.
pub(crate) fn predict_rows(
    network: &Network,
    record: &ModelRecord,
    images: &DeviceImages,
    rows: &[usize],
    regimes: &[LabelRegime],
    progress: &mut dyn FnMut(usize),
) -> Result<Vec<Labels>, TrainError> {
    let outputs = record.outputs();
    let mut predictions = Vec::with_capacity(rows.len());
    for (batch, regimes) in rows.chunks(BATCH).zip(regimes.chunks(BATCH)) {
        let faces = images.gather(batch);
        let look = |faces: Tensor<4>| match record.flip_average {
            true => average_flipped_outputs(|faces| network.forward(faces), faces, &outputs),
            false => Ok(network.forward(faces)),
        };
        let output = average_moved_outputs(look, faces, &outputs, record.shift_average)?;
        let values = output.try_into_vec_as::<f32>().map_err(TrainError::device)?;
        let faces = values.chunks_exact(outputs.len()).zip(regimes);
        predictions.extend(faces.map(|(row, &regime)| {
            record.label_shifts.as_marked(regime, &outputs.read(regime, row))
        }));
        progress(predictions.len());
    }
    Ok(predictions)
}
