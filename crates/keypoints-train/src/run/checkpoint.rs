//! Checkpoints: the last epoch to go on from, and one to answer with.

use std::fs;
use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::store::ModuleRecord;
use burn::tensor::Bytes;
use serde::{Deserialize, Serialize};

use super::folder::{RunFolder, delete, read_json, write_json};
use crate::checkpoint::Checkpoint;
use crate::error::TrainError;

/// The network that answers.
const MODEL: &str = "model.bpk";
/// The one that is trained, where the one that answers is an average of it.
const TRAINED: &str = "trained.bpk";
const OPTIMIZER: &str = "optimizer.bpk";

/// `checkpoints/index.json`: the one place that says which checkpoint folders count.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Index {
    /// Last finished epoch; 0 before the first.
    pub(crate) last: usize,
    /// The selected epoch: the validated one with the lowest score, or the last validated one; 0 if none was validated.
    #[serde(alias = "best", alias = "answering")]
    pub(crate) selected: usize,
    /// The lowest score, in pixels.
    pub(crate) best_score: Option<f64>,
    /// Validations since then.
    pub(crate) validations_since_best: usize,
    /// Whether the run came to its end.
    pub(crate) finished: bool,
    /// Hash over the weights of the last epoch, those that answer.
    pub(crate) weights: String,
}

impl Index {
    /// Takes note of a validation score and selects the epoch if the score is the lowest so far, or if the last epoch is wanted.
    /// Returns whether it is the lowest.
    pub(crate) fn note(&mut self, epoch: usize, score: f64, wanted: Checkpoint) -> bool {
        let better = self.best_score.is_none_or(|best| score < best);
        if better {
            (self.best_score, self.validations_since_best) = (Some(score), 0);
        } else {
            self.validations_since_best += 1;
        }
        if better || wanted == Checkpoint::Last {
            self.selected = epoch;
        }
        better
    }
}

/// The checkpoints of a run.
pub(crate) struct Checkpoints {
    folder: PathBuf,
}

impl Checkpoints {
    pub(crate) fn new(run: &RunFolder) -> Self {
        Self { folder: run.checkpoints_path() }
    }

    fn index_path(&self) -> PathBuf {
        self.folder.join("index.json")
    }

    /// The folder of an epoch's checkpoint.
    pub(crate) fn epoch_path(&self, epoch: usize) -> PathBuf {
        self.folder.join(format!("epoch-{epoch:04}"))
    }

    /// The index, or the one of a run that has not finished an epoch.
    pub(crate) fn index(&self) -> Result<Index, TrainError> {
        let path = self.index_path();
        if path.exists() {
            read_json(&path, "the index of the checkpoints")
        } else {
            Ok(Index::default())
        }
    }

    /// Saves an epoch: the network that answers, the trained one where that is another, and the optimizer. Only when all of it lies on disk does the index name it, and only then are the
    /// folders that the index no longer names deleted.
    pub(crate) fn save<N: Module>(
        &self,
        index: &Index,
        network: &N,
        trained: Option<&N>,
        optimizer: &ModuleOptimizer,
    ) -> Result<(), TrainError> {
        fs::create_dir_all(&self.folder).map_err(TrainError::io(&self.folder, "create"))?;
        let target = self.epoch_path(index.last);
        let draft = target.with_extension("tmp");
        for leftover in [&draft, &target] {
            delete(leftover)?;
        }
        fs::create_dir(&draft).map_err(TrainError::io(&draft, "create"))?;
        let written = save_parts(&draft, network, trained, optimizer)
            .and_then(|()| fs::rename(&draft, &target).map_err(TrainError::io(&target, "write")));
        if written.is_err() {
            // Give the room back: the disk may be full, and the last checkpoint still stands.
            let _ = fs::remove_dir_all(&draft);
        }
        written?;
        write_json(&self.index_path(), index)?;
        self.delete_others(index);
        Ok(())
    }

    /// Deletes what the index does not name. What cannot be deleted stays: it does no harm.
    fn delete_others(&self, index: &Index) {
        let (last, selected) = (self.epoch_path(index.last), self.epoch_path(index.selected));
        if selected != last {
            for part in [OPTIMIZER, TRAINED] {
                let _ = fs::remove_file(selected.join(part));
            }
        }
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && path != last && path != selected {
                let _ = fs::remove_dir_all(path);
            }
        }
    }

    /// Puts the weights that answer after an epoch into a network of the same shape.
    pub(crate) fn load_network<N: Module>(
        &self,
        epoch: usize,
        network: N,
    ) -> Result<N, TrainError> {
        self.load(epoch, MODEL, network)
    }

    /// Puts the weights that are trained into a network of the same shape, where others answer.
    pub(crate) fn load_trained<N: Module>(
        &self,
        epoch: usize,
        network: N,
    ) -> Result<N, TrainError> {
        self.load(epoch, TRAINED, network)
    }

    fn load<N: Module>(&self, epoch: usize, file: &str, network: N) -> Result<N, TrainError> {
        let path = self.epoch_path(epoch).join(file);
        // Read as a whole: Burn would read tensor by tensor, and panic where the file has gone in between.
        let bytes = fs::read(&path).map_err(TrainError::io(&path, "read"))?;
        let record = ModuleRecord::from_bytes(Bytes::from_bytes_vec(bytes));
        let record = record.map_err(|error| unreadable(&path, &error))?;
        network.try_load_record(record).map_err(|error| unreadable(&path, &error))
    }

    /// Puts the state of an epoch into a fresh optimizer.
    pub(crate) fn load_optimizer(
        &self,
        epoch: usize,
        optimizer: ModuleOptimizer,
    ) -> Result<ModuleOptimizer, TrainError> {
        let path = self.epoch_path(epoch).join(OPTIMIZER);
        optimizer.load(&path).map_err(|error| unreadable(&path, &error))
    }
}

fn save_parts<N: Module>(
    folder: &Path,
    network: &N,
    trained: Option<&N>,
    optimizer: &ModuleOptimizer,
) -> Result<(), TrainError> {
    let failed = |path: &Path, error: &dyn std::fmt::Display| {
        TrainError::io(path, "write")(std::io::Error::other(error.to_string()))
    };
    for (file, network) in [(MODEL, Some(network)), (TRAINED, trained)] {
        let Some(network) = network else { continue };
        let path = folder.join(file);
        network.clone().into_record().save(&path).map_err(|error| failed(&path, &error))?;
    }
    let state = folder.join(OPTIMIZER);
    optimizer.save(&state).map_err(|error| failed(&state, &error))
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> TrainError {
    TrainError::BadRunFile {
        path: path.to_owned(),
        expected: "a checkpoint of this run's network",
        found: error.to_string(),
    }
}

#[cfg(test)]
mod tests;
