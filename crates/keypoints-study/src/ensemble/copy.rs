//! Runs in other places.

use std::fs;
use std::path::{Component, Path, PathBuf};

use keypoints_train::files::write_file;
use keypoints_train::{RunFolder, TrainError};

/// What has to be there for a run to answer; the weights come on top.
const FILES: [&str; 6] = [
    "run.json",
    "answers.json",
    "split.json",
    "scores.json",
    "model.json",
    "checkpoints/index.json",
];

/// Copies what a run needs to answer, and no more: no optimizer, no pictures.
pub(super) fn copy_run(from: &RunFolder, to: &RunFolder) -> Result<(), TrainError> {
    copy_model(from.path(), to.path())?;
    for model in folders(from.path(), "models")? {
        copy_model(&from.path().join(&model), &to.path().join(&model))?;
    }
    Ok(())
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

/// The way from one folder to another, both of which exist.
pub(super) fn relative(from: &Path, to: &Path) -> Result<PathBuf, TrainError> {
    let whole = |path: &Path| path.canonicalize().map_err(TrainError::io(path, "find"));
    let (from, to) = (whole(from)?, whole(to)?);
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        // On another drive: there is no way but the whole one.
        return Ok(to);
    }
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    Ok(up.chain(to.components().skip(shared)).collect())
}

#[cfg(test)]
mod tests;
