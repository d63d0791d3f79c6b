//! From a run folder to its predictor.

use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::tensor::Device;
use keypoints_core::Named;
use keypoints_models::{BuildNetwork, KeypointNetwork, Network};
use keypoints_predict::{Model, NetworkRecord, Predictor};

use super::checkpoint::{Checkpoints, Index};
use super::folder::{RunFolder, read_json, write_file};
use super::record::RunRecord;
use crate::checkpoint::Checkpoint;
use crate::error::TrainError;
use crate::strategy::{Answers, ModelId};

impl RunFolder {
    /// Loads the checkpoints of a run. A run with one network predicts before it has ended.
    ///
    /// # Errors
    /// [`TrainError::BadRunFile`] or [`TrainError::Io`] with the file where the folder holds no run, a run that has not
    /// finished an epoch, or one of a network that is not in the registry.
    pub fn predictor(&self, which: Checkpoint, device: &Device) -> Result<Predictor, TrainError> {
        self.open(which, device, load_registered)
    }

    /// Loads the checkpoints of a run with a network of a program's own.
    ///
    /// # Errors
    /// As [`RunFolder::predictor`].
    pub fn own_predictor<B: BuildNetwork>(
        &self,
        builder: &B,
        which: Checkpoint,
        device: &Device,
    ) -> Result<Predictor<B::Network>, TrainError> {
        self.open(which, device, |folder, which, device| load_model(folder, builder, which, device))
    }

    fn open<N: KeypointNetwork + Module>(
        &self,
        which: Checkpoint,
        device: &Device,
        load: impl Fn(&RunFolder, Checkpoint, &Device) -> Result<Model<N>, TrainError>,
    ) -> Result<Predictor<N>, TrainError> {
        let predictor = self.open_models(which, device, load)?;
        Ok(predictor.with_calibration(self.calibration()?.as_ref()))
    }

    fn open_models<N: KeypointNetwork + Module>(
        &self,
        which: Checkpoint,
        device: &Device,
        load: impl Fn(&RunFolder, Checkpoint, &Device) -> Result<Model<N>, TrainError>,
    ) -> Result<Predictor<N>, TrainError> {
        let about = serde_json::to_value(without_paths(&RunRecord::read(self)?)).ok();
        let path = self.answers_path();
        if !path.exists() {
            if self.path().join("models").exists() {
                return Err(TrainError::BadRunFile {
                    path,
                    expected: "a run that has ended",
                    found: "not all of its networks are trained yet".to_owned(),
                });
            }
            return Ok(Predictor::of_model(load(self, which, device)?, about, device));
        }
        let named: Named<ModelId> =
            read_json(&path, "which network predicts for which label source")?;
        let mut names: Vec<&ModelId> = Vec::new();
        for (_, name) in named.iter() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let models = names.iter().map(|name| load(&self.model(name), which, device));
        let models: Vec<Model<N>> = models.collect::<Result<_, _>>()?;
        let question = |one: &Model<N>| (one.record.schema.clone(), one.record.pictures);
        if models.windows(2).any(|pair| question(&pair[0]) != question(&pair[1])) {
            return Err(TrainError::BadRunFile {
                path,
                expected: "networks for the same points on pictures of one shape",
                found: "different ones".to_owned(),
            });
        }
        let answers =
            models.first().and_then(|one| Answers::from_named(&one.record.schema, &named));
        let Some((answers, schema)) = answers.zip(models.first().map(|one| &one.record.schema))
        else {
            return Err(TrainError::BadRunFile {
                path,
                expected: "a network for each label source",
                found: format!("{} of them", named.len()),
            });
        };
        let place = |source| names.iter().position(|name| *name == answers.model(source));
        let by_source = schema.source_indices().map(|source| place(source).unwrap_or(0)).collect();
        Ok(Predictor::of_models(models, by_source, about, device))
    }
}

/// Writes the network of a predictor into one model file of about two bytes per weight.
///
/// # Errors
/// [`TrainError::Predict`] where there are several networks: a file holds one. [`TrainError::Io`] if the file cannot be written.
///
/// ```
/// use burn::tensor::Device;
/// use keypoints_core::hold_out;
/// use keypoints_data::synth::{SynthConfig, generate};
/// use keypoints_models::{NetworkConfig, simple_cnn::SimpleCnnConfig};
/// use keypoints_predict::Predictor;
/// use keypoints_train::{Checkpoint, NoObserver, RunFolder, TrainConfig, Training, save_model};
///
/// let faces = generate(&SynthConfig { training: 60, test: 4, ..Default::default() });
/// let split = hold_out(&faces.training, 0.2, 7)?;
/// let network = SimpleCnnConfig { channels: [2, 4, 4], hidden: 8, ..Default::default() };
/// let config = TrainConfig { network: NetworkConfig::SimpleCnn(network), epochs: 1, ..Default::default() };
/// let folder = tempfile::tempdir()?;
/// let (run, device) = (RunFolder::new(folder.path().join("run")), Device::flex());
/// Training::new(&faces.training, split, config).run(&run, &device, &mut NoObserver)?;
///
/// let file = folder.path().join("small.safetensors");
/// save_model(&run.predictor(Checkpoint::Best, &device)?, &file)?;
/// let again = Predictor::open_model(&file, &device)?;
/// assert_eq!(again.predict(faces.test.pictures())?.len(), 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn save_model<N: KeypointNetwork + Module>(
    predictor: &Predictor<N>,
    path: &Path,
) -> Result<(), TrainError> {
    write_file(path, &predictor.to_model_bytes(path)?)
}

/// Loads a checkpoint of the network of the registry in a folder.
fn load_registered(
    folder: &RunFolder,
    which: Checkpoint,
    device: &Device,
) -> Result<Model<Network>, TrainError> {
    match folder.model_record()?.network {
        NetworkRecord::Registered(config) => load_model(folder, &config, which, device),
        NetworkRecord::Own { own_network, .. } => Err(TrainError::BadRunFile {
            path: folder.model_path(),
            expected: "a network of the registry",
            found: format!("`{own_network}` is a program's own: open the run with that program"),
        }),
    }
}

/// Loads a checkpoint of the network in a folder.
pub(crate) fn load_model<B: BuildNetwork>(
    folder: &RunFolder,
    builder: &B,
    which: Checkpoint,
    device: &Device,
) -> Result<Model<B::Network>, TrainError> {
    let checkpoints = Checkpoints::new(folder);
    let mut index = checkpoints.index()?;
    loop {
        let loaded = load_epoch(folder, &checkpoints, &index, builder, which, device);
        if loaded.is_ok() {
            return loaded;
        }
        // A training that goes on in the folder may have put another checkpoint in the place of the one that the index named.
        let now = checkpoints.index()?;
        if now == index {
            return loaded;
        }
        index = now;
    }
}

/// Loads the checkpoint that an index names.
fn load_epoch<B: BuildNetwork>(
    folder: &RunFolder,
    checkpoints: &Checkpoints,
    index: &Index,
    builder: &B,
    which: Checkpoint,
    device: &Device,
) -> Result<Model<B::Network>, TrainError> {
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
    let record = folder.model_record()?;
    if record.network.name() != builder.name() {
        return Err(TrainError::BadRunFile {
            path: folder.model_path(),
            expected: "the network that it is opened with",
            found: format!("the run trained `{}`, not `{}`", record.network.name(), builder.name()),
        });
    }
    let network = checkpoints.load_network(epoch, record.init(builder, device)?)?;
    Ok(Model { network, record, epoch })
}

/// The record of a run, for others: only the names of files, not where they lie on this machine.
fn without_paths(run: &RunRecord) -> RunRecord {
    let name = |path: &Path| path.file_name().map(PathBuf::from).unwrap_or_default();
    let mut run = run.clone();
    if let Some(list) = &mut run.config.down_weight {
        list.file = name(&list.file);
    }
    if let Some(weights) = &mut run.config.initial_weights {
        *weights = name(weights);
    }
    run
}
