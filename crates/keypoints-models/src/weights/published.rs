//! Files that others have published.

use std::path::Path;

use super::error::WeightsError;

/// A file of weights on the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Its name, which carries the first digits of its SHA-256: `…-7f5810bc.pth`.
    pub file: String,
    /// Where it is.
    pub url: String,
}

impl Published {
    /// torchvision's ImageNet weights of EfficientNet-B0 (`EfficientNet_B0_Weights.IMAGENET1K_V1`, 20.5 MB, top-1
    /// 77.7 %).
    ///
    /// ```
    /// use keypoints_models::weights::Published;
    ///
    /// let weights = Published::efficientnet_b0();
    /// assert!(weights.url.ends_with(&weights.file));
    /// ```
    pub fn efficientnet_b0() -> Self {
        let file = "efficientnet_b0_rwightman-7f5810bc.pth".to_owned();
        Self { url: format!("https://download.pytorch.org/models/{file}"), file }
    }
}

/// The first digits of the hash in a file's name, as PyTorch's own downloads have them: exactly eight hexadecimal digits between the
/// last `-` and the first `.` after it.
pub(super) fn hash_in_name(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?;
    let (_, rest) = name.rsplit_once('-')?;
    let digits = rest.split('.').next()?;
    let is_hex = digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    (digits.len() == 8 && is_hex).then_some(digits)
}

/// Compares the hash of a fetched file with the one in its published name.
#[cfg(feature = "download")]
pub(super) fn check_published(
    published: &Published,
    path: &Path,
    sha256: &str,
) -> Result<(), WeightsError> {
    match hash_in_name(Path::new(&published.file)) {
        Some(digits) if !sha256.starts_with(digits) => Err(WeightsError::WrongHash {
            path: path.to_owned(),
            expected: digits.to_owned(),
            found: sha256.to_owned(),
        }),
        _ => Ok(()),
    }
}

/// Compares a file's hash with the one in its name; `false` where the name has none. Digits of another hash are an error only in the name
/// of a file that is known: elsewhere they may be a number of an experiment, a commit or a part of a UUID.
pub(super) fn check_name(path: &Path, sha256: &str) -> Result<bool, WeightsError> {
    let is_known = path.file_name() == Some(Published::efficientnet_b0().file.as_ref());
    match hash_in_name(path) {
        Some(digits) if sha256.starts_with(digits) => Ok(true),
        Some(digits) if is_known => Err(WeightsError::WrongHash {
            path: path.to_owned(),
            expected: digits.to_owned(),
            found: sha256.to_owned(),
        }),
        _ => Ok(false),
    }
}

#[cfg(test)]
mod tests;
