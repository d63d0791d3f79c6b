//! Finding what answers.

use std::path::Path;

use burn::tensor::Device;
use keypoints_detect::Detector;
use keypoints_train::{Predictor, RunFolder, Which};

/// The best checkpoint of a run folder, the network of a model file, or without a path the one that comes with the program.
///
/// ```
/// use burn::tensor::Device;
///
/// let predictor = keypoints_cli::open_predictor(None, &Device::flex())?;
/// assert_eq!(predictor.coordinates().len(), 30);
/// # Ok::<(), anyhow::Error>(())
/// ```
///
/// # Errors
/// With the file that is missing or broken.
pub fn open_predictor(path: Option<&Path>, device: &Device) -> anyhow::Result<Predictor> {
    Ok(match path {
        None => Detector::pretrained(device)?.into_predictor(),
        Some(file) if file.is_file() => Predictor::open_model(file, device)?,
        Some(folder) => Predictor::load(&RunFolder::new(folder), Which::Best, device)?,
    })
}
