//! Fetching published weights, once.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::error::WeightsError;
use super::file::{hex, sha256};
use super::published::{Published, check_published};

/// Longest wait for an answer; a download itself may take as long as it takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// The largest file that is fetched.
const LIMIT: u64 = 1 << 30;

/// Where a published file lies, or would lie, in the user's cache folder (`~/.cache/facial-keypoints` on Linux).
///
/// # Errors
/// [`WeightsError::NoCacheFolder`] where the system names none.
pub fn cached(published: &Published) -> Result<PathBuf, WeightsError> {
    let folder = dirs::cache_dir()
        .ok_or_else(|| WeightsError::NoCacheFolder { url: published.url.clone() })?;
    Ok(folder.join("facial-keypoints").join(&published.file))
}

/// Fetches a published file into the user's cache folder, if it is not there yet, and checks its hash.
///
/// `progress` is told how many bytes there are, and how many there will be where the server says so.
///
/// # Errors
/// [`WeightsError::Download`] without a network; [`WeightsError::WrongHash`] where the file is not the published one;
/// [`WeightsError::Io`] where it cannot be written.
///
/// ```no_run
/// use keypoints_models::weights::{Published, download};
///
/// let path = download(&Published::efficientnet_b0(), &mut |done, total| eprintln!("{done} of {total:?}"))?;
/// # Ok::<(), keypoints_models::weights::WeightsError>(())
/// ```
pub fn download(
    published: &Published,
    progress: &mut dyn FnMut(u64, Option<u64>),
) -> Result<PathBuf, WeightsError> {
    let path = cached(published)?;
    download_into(published, &path, progress)?;
    Ok(path)
}

/// As [`download`], to a place of your own.
///
/// # Errors
/// As [`download`].
pub fn download_into(
    published: &Published,
    path: &Path,
    progress: &mut dyn FnMut(u64, Option<u64>),
) -> Result<(), WeightsError> {
    // The published name carries the hash; the file may have another name here. A damaged one is fetched anew.
    let check = |hash: &str| check_published(published, path, hash);
    if path.exists() && check(&sha256(path)?).is_ok() {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(WeightsError::io(folder, "create"))?;
    // Two processes may fetch at the same time: each its own draft, and the last one wins with the same contents.
    let draft = path.with_extension(format!("part-{}", std::process::id()));
    let fetched = fetch(published, &draft, progress).and_then(|hash| {
        check(&hash)?;
        fs::rename(&draft, path).map_err(WeightsError::io(path, "write"))
    });
    if fetched.is_err() {
        let _ = fs::remove_file(&draft);
    }
    fetched
}

/// Writes the file beside its place; returns its hash.
fn fetch(
    published: &Published,
    draft: &Path,
    progress: &mut dyn FnMut(u64, Option<u64>),
) -> Result<String, WeightsError> {
    let failed = |reason: String| WeightsError::Download { url: published.url.clone(), reason };
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_connect(Some(PATIENCE))
        .timeout_recv_response(Some(PATIENCE))
        .build()
        .into();
    let mut answer = agent.get(&published.url).call().map_err(|error| failed(error.to_string()))?;
    let total = answer.body().content_length();
    let mut body = answer.body_mut().with_config().limit(LIMIT).reader();
    let mut file = fs::File::create(draft).map_err(WeightsError::io(draft, "write"))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut done = 0;
    loop {
        let read = body.read(&mut buffer).map_err(|error| failed(error.to_string()))?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
        file.write_all(&buffer[..read]).map_err(WeightsError::io(draft, "write"))?;
        done += read as u64;
        progress(done, total);
    }
    file.sync_all().map_err(WeightsError::io(draft, "write"))?;
    Ok(hex(&hash.finalize()))
}
