//! The face finder that a user names.

use std::io::Read;
use std::path::Path;

use anyhow::Context;
use burn::tensor::Device;
use keypoints_finder::{CascadeFinder, FaceFinder, YuNet};
use keypoints_image::shown;

/// Opens a face finder: the one that comes with the program, a file of `train_finder`, or YuNet's ONNX file. The content tells which.
/// `min_score` is the score of a face, from 0 to 1, unless it is the finder's own.
///
/// # Errors
/// If the file cannot be read, or is none of these.
pub fn open_finder(
    file: Option<&Path>,
    min_score: Option<f32>,
    device: &Device,
) -> anyhow::Result<Box<dyn FaceFinder>> {
    let cascade = match file {
        Some(file) if !is_safetensors(file)? => {
            let finder = YuNet::open(file, device)?;
            return Ok(Box::new(match min_score {
                Some(score) => finder.with_score(score),
                None => finder,
            }));
        }
        Some(file) => CascadeFinder::open(file, device)?,
        None => CascadeFinder::pretrained(device)?,
    };
    Ok(Box::new(match min_score {
        Some(score) => cascade.with_min_score(score),
        None => cascade,
    }))
}

/// Whether a file begins as safetensors files do: eight bytes of length, then JSON.
fn is_safetensors(path: &Path) -> anyhow::Result<bool> {
    let mut start = Vec::new();
    let file = std::fs::File::open(path);
    let read = file.and_then(|file| file.take(9).read_to_end(&mut start));
    read.with_context(|| format!("{}: cannot read the face finder", shown(path)))?;
    Ok(start.get(8) == Some(&b'{'))
}
