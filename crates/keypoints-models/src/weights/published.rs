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

/// The first digits of the hash in a file's name: what stands between the last `-` and the first `.` after it, if it is
/// at least eight hexadecimal digits. PyTorch's own downloads are named so.
pub(super) fn hash_in_name(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?;
    let (_, rest) = name.rsplit_once('-')?;
    let digits = rest.split('.').next()?;
    let is_hex = digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    // Eight decimal digits are a date.
    let is_number = digits.bytes().all(|b| b.is_ascii_digit());
    (digits.len() >= 8 && is_hex && !is_number).then_some(digits)
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

/// Compares a file's hash with the one in its name; `false` where the name has none.
pub(super) fn check_name(path: &Path, sha256: &str) -> Result<bool, WeightsError> {
    match hash_in_name(path) {
        None => Ok(false),
        Some(digits) if sha256.starts_with(digits) => Ok(true),
        Some(digits) => Err(WeightsError::WrongHash {
            path: path.to_owned(),
            expected: digits.to_owned(),
            found: sha256.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests;
