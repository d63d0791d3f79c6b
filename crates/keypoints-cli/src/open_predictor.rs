//! Opening a predictor.

use std::path::Path;

use burn::tensor::Device;
use keypoints_detect::Detector;
use keypoints_study::{AnyPredictor, FolderKind, StudyFolder};
use keypoints_train::Checkpoint;

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
        None => Detector::pretrained(device)?.into_predictor().into(),
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
            eprintln!(
                "note: {finished} of {planned} folds of {path} are averaged; the others are not finished or diverged"
            );
        }
    }
    Ok(())
}
