//! One file that is written while the work goes on.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};
use keypoints_image::shown;

/// Does work that writes into a file. The file that was there before stays where the work fails, or where `is_whole` says that its result
/// is none to keep.
pub(crate) fn write_document<T>(
    path: &Path,
    is_whole: impl Fn(&T) -> bool,
    work: impl FnOnce(&mut dyn Write) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let mut result = None;
    let written = keypoints_files::write_with(path, |to| {
        let result: &anyhow::Result<T> = result.insert(work(to));
        let is_whole = result.as_ref().is_ok_and(&is_whole);
        if is_whole { Ok(()) } else { Err(io::Error::other("nothing to keep")) }
    });
    match (result, written) {
        (Some(Err(error)), _) => Err(error),
        (Some(Ok(result)), _) if !is_whole(&result) => Ok(result),
        (_, Err(error)) => Err(cannot_write(error, &shown(path))),
        (Some(result), Ok(())) => result,
        (None, Ok(())) => bail!("{}: nothing was written", shown(path)),
    }
}

/// An error while something is written to a place.
pub(crate) fn cannot_write(error: io::Error, place: &str) -> anyhow::Error {
    anyhow::Error::new(error).context(format!("{place}: cannot write"))
}

/// Creates a folder and those above it, if they are not there.
pub(crate) fn create_folder(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("{}: cannot create", shown(folder)))
}

/// So many of something: `1 photo`, `2 photos`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}
