//! Writing a file so that nobody ever sees half of it.

use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Replaces a file as a whole: whoever reads it sees the old contents or the new ones, also when the writer is
/// killed or the disk is full.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("scores.csv");
/// keypoints_data::write_atomically(&path, b"RowId,Location\n")?;
/// assert_eq!(std::fs::read(&path)?, b"RowId,Location\n");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// What the operating system says; the old contents stand then.
pub fn write_atomically(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = draft(path)?;
    file.write_all(contents)?;
    file.persist(path)?;
    Ok(())
}

/// A new file in the folder of `path`, to be moved there once it is whole. Dropped, it is deleted.
pub(crate) fn draft(path: &Path) -> io::Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    // Temporary files are private to their owner; a result is as readable as the user's umask lets it be.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(".draft-").suffix(".tmp").tempfile_in(folder)
}

#[cfg(test)]
mod tests;
