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
    let models = from.path().join("models");
    for model in folders(&models)? {
        if let Some(name) = model.file_name() {
            copy_model(&model, &to.path().join("models").join(name))?;
        }
    }
    Ok(())
}

fn copy_model(from: &Path, to: &Path) -> Result<(), TrainError> {
    for file in FILES {
        copy_file(&from.join(file), &to.join(file))?;
    }
    for epoch in folders(&from.join("checkpoints"))? {
        if let Some(name) = epoch.file_name() {
            let place = Path::new("checkpoints").join(name).join("model.bpk");
            copy_file(&from.join(&place), &to.join(&place))?;
        }
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

/// The folders in a folder; none if it is not there.
fn folders(path: &Path) -> Result<Vec<PathBuf>, TrainError> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(TrainError::io(path, "read"))? {
        let path = entry.map_err(TrainError::io(path, "read"))?.path();
        if path.is_dir() {
            found.push(path);
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
