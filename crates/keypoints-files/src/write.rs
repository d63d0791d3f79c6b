//! Writing so that nobody ever sees half of a file.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::target::{Target, folder_of};

const BUFFER_BYTES: usize = 1 << 20;

/// Writes a file as a whole: whoever reads it sees the old contents or the new ones, also when the writer is killed or the disk is
/// full. Pipes and devices are written into.
///
/// # Errors
/// What the operating system says; the old contents of a file stand then.
pub fn write(path: &Path, contents: &[u8]) -> io::Result<()> {
    match Target::of(path)? {
        Target::File(file) => {
            let mut draft = draft(&file)?;
            draft.write_all(contents)?;
            draft.persist(&file)?;
            Ok(())
        }
        other => write_into(path, &other, |to| to.write_all(contents)),
    }
}

/// [`write()`] for contents that are made while they are written.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("rows.csv");
/// keypoints_files::write_with(&path, |to| (0..3).try_for_each(|row| writeln!(to, "{row}")))?;
/// assert_eq!(std::fs::read(&path)?, b"0\n1\n2\n");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// Those of `contents` and what the operating system says; the old contents of a file stand then.
pub fn write_with(
    path: &Path,
    contents: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    match Target::of(path)? {
        Target::File(file) => {
            filled_draft(&file, contents)?.persist(&file)?;
            Ok(())
        }
        other => write_into(path, &other, contents),
    }
}

/// Writes a new file as a whole and replaces nothing.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] if something is there, also a symbolic link; else those of [`write_with`].
pub fn create_with(
    path: &Path,
    contents: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    filled_draft(path, contents)?.persist_noclobber(path)?;
    Ok(())
}

fn write_into(
    path: &Path,
    target: &Target,
    contents: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    if let Target::Stdout = target {
        let mut stdout = io::stdout().lock();
        return contents(&mut stdout).and_then(|()| stdout.flush());
    }
    // Not created: what is there stays what it is. Appended, because an open file may have contents already.
    let node = OpenOptions::new().append(true).open(path)?;
    let mut writer = BufWriter::with_capacity(BUFFER_BYTES, node);
    contents(&mut writer).and_then(|()| writer.flush())
}

fn filled_draft(
    path: &Path,
    contents: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<NamedTempFile> {
    let mut draft = draft(path)?;
    let mut writer = BufWriter::with_capacity(BUFFER_BYTES, &mut draft);
    contents(&mut writer).and_then(|()| writer.flush())?;
    drop(writer);
    Ok(draft)
}

/// A new file in the folder of `path`, to be moved there once it is whole. Dropped, it is deleted.
fn draft(path: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    // Temporary files are private to their owner; a result is as readable as the user's umask lets it be.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(".draft-").suffix(".tmp").tempfile_in(folder_of(path))
}
