//! Opening a predictor.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use keypoints_detect::Detector;
use keypoints_study::{AnyPredictor, FolderKind, StudyFolder};
use keypoints_train::Checkpoint;

use crate::exit::tell;

/// How deep a study has checkpoints, with room.
const DEEPEST: usize = 6;

/// Returns the predictor of a path, with its selected checkpoints, or without a path the network that comes with the program. Says so
/// on standard error where it is a cross-validation of which some folds are missing.
///
/// ```
/// use burn::tensor::Device;
/// use keypoints_predict::KeypointPredictor;
///
/// let predictor = keypoints_cli::open_predictor(None, &Device::flex())?;
/// assert_eq!(predictor.coordinates().len(), 30);
/// # Ok::<(), anyhow::Error>(())
/// ```
///
/// # Errors
/// With the file that is missing or broken.
pub fn open_predictor(path: Option<&Path>, device: &Device) -> anyhow::Result<AnyPredictor> {
    Ok(match path {
        None => Detector::pretrained_predictor(device)?.into(),
        Some(path) => {
            let predictor = AnyPredictor::load(path, Checkpoint::Best, device)?;
            tell_of_missing_folds(path)?;
            predictor
        }
    })
}

/// Says so on standard error where a path is a cross-validation of which some folds are missing.
///
/// # Errors
/// With the file that is missing or broken.
pub fn tell_of_missing_folds(path: &Path) -> anyhow::Result<()> {
    if FolderKind::of(path)? == Some(FolderKind::Study) {
        let folder = StudyFolder::open(path)?;
        let (finished, planned) = (folder.finished()?.len(), folder.record().study.cells()?.len());
        if finished < planned {
            let path = path.display();
            tell(format_args!(
                "note: {finished} of {planned} folds of {path} are averaged; the others are not finished or diverged"
            ));
        }
    }
    Ok(())
}

/// The files that [`open_predictor`] may read: a model file, or what a run, a study or an ensemble records and its checkpoints.
pub fn run_files(path: &Path) -> Vec<PathBuf> {
    const RECORDS: [&str; 6] = [
        "run.json",
        "config.json",
        "study.json",
        "ensemble.json",
        "index.json",
        "calibration.json",
    ];
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let mut files = Vec::new();
    let mut folders = vec![(path.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_record =
                path.file_name().is_some_and(|name| RECORDS.iter().any(|one| name == *one));
            if path.is_dir() && depth < DEEPEST {
                folders.push((path, depth + 1));
            } else if is_record || folder.components().any(|one| one.as_os_str() == "checkpoints") {
                files.push(path);
            }
        }
    }
    files
}
