//! Finding what answers.

use std::path::Path;

use burn::tensor::Device;
use keypoints_detect::Detector;
use keypoints_train::{AnyPredictor, Which};

/// What answers from a path, by its best checkpoints, or without a path the network that comes with the program.
///
/// ```
/// use burn::tensor::Device;
/// use keypoints_train::KeypointPredictor;
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
        None => AnyPredictor::Run(Detector::pretrained(device)?.into_predictor()),
        Some(path) => AnyPredictor::load(path, Which::Best, device)?,
    })
}
