//! Copies of runs.

use std::fs;
use std::path::{Path, PathBuf};

use super::folder::{RunFolder, write_file};
use crate::error::TrainError;

/// What has to be there for a run to answer; the weights come on top.
const FILES: [&str; 7] = [
    "run.json",
    "answers.json",
    "split.json",
    "scores.json",
    "model.json",
    "calibration.json",
    "checkpoints/index.json",
];

impl RunFolder {
    /// Copies what the run needs to answer into another folder, and no more: no optimizer, no pictures.
    ///
    /// # Errors
    /// [`TrainError::Io`] with the file or folder that cannot be read or written.
    pub fn copy_to(&self, to: &Self) -> Result<(), TrainError> {
        copy_model(self.path(), to.path())?;
        for model in folders(self.path(), "models")? {
            copy_model(&self.path().join(&model), &to.path().join(&model))?;
        }
        Ok(())
    }
}

fn copy_model(from: &Path, to: &Path) -> Result<(), TrainError> {
    let weights = folders(from, "checkpoints")?.into_iter().map(|epoch| epoch.join("model.bpk"));
    for file in FILES.iter().map(PathBuf::from).chain(weights) {
        copy_file(&from.join(&file), &to.join(&file))?;
    }
    Ok(())
}

/// Copies a file, if there is one.
fn copy_file(from: &Path, to: &Path) -> Result<(), TrainError> {
    if !from.exists() {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(TrainError::io(folder, "create"))?;
    }
    write_file(to, &fs::read(from).map_err(TrainError::io(from, "read"))?)
}

/// The folders in a folder of a run, seen from the run; none if it is not there.
fn folders(run: &Path, name: &str) -> Result<Vec<PathBuf>, TrainError> {
    let path = run.join(name);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(&path).map_err(TrainError::io(&path, "read"))? {
        let entry = entry.map_err(TrainError::io(&path, "read"))?;
        if entry.path().is_dir() {
            found.push(Path::new(name).join(entry.file_name()));
        }
    }
    Ok(found)
}
