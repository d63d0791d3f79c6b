//! `--weights`: a file, or published weights by name.

use std::path::{Path, PathBuf};

/// The name that stands for torchvision's ImageNet weights of EfficientNet-B0.
const IMAGENET: &str = "imagenet";

/// The file that `--weights` means: the one named, or the published one that `imagenet` stands for, fetched if it is not there
/// yet. A relative path is made whole, so that the run folder names the file wherever it is taken up again.
///
/// ```
/// let file = keypoints_cli::weights_file("weights.pth".as_ref())?;
/// assert!(file.is_absolute() && file.ends_with("weights.pth"));
/// # Ok::<(), anyhow::Error>(())
/// ```
///
/// # Errors
/// `imagenet` in a build without the feature `download`, or where the file cannot be fetched.
pub fn weights_file(given: &Path) -> anyhow::Result<PathBuf> {
    if given != Path::new(IMAGENET) {
        return Ok(std::path::absolute(given)?);
    }
    fetch()
}

#[cfg(feature = "download")]
fn fetch() -> anyhow::Result<PathBuf> {
    use keypoints_models::weights::{Published, cached, download};

    let published = Published::efficientnet_b0();
    if !cached(&published)?.exists() {
        crate::exit::tell(format_args!("fetching {}", published.url));
    }
    let bar = crate::progress::count_bar(0, "bytes");
    let path = download(&published, &mut |done, total| {
        bar.set_length(total.unwrap_or(done));
        bar.set_position(done);
    });
    bar.finish_and_clear();
    Ok(path?)
}

#[cfg(not(feature = "download"))]
fn fetch() -> anyhow::Result<PathBuf> {
    anyhow::bail!(
        "--weights {IMAGENET}: this build cannot fetch; build with `--features download`, or give a file by --weights PATH"
    )
}

#[cfg(test)]
mod tests;
