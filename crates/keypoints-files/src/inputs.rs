//! Outputs that would replace an input.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::Path;

/// What tells a file or folder from others, whatever paths lead to it.
#[cfg(unix)]
type Identity = (u64, u64);
#[cfg(not(unix))]
type Identity = std::path::PathBuf;

/// Checks that an output is none of the files that the same command reads.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let face = folder.path().join("face.png");
/// std::fs::write(&face, "a picture")?;
/// assert!(keypoints_files::refuse_inputs(&folder.path().join("points.csv"), [&face]).is_ok());
/// let refused = keypoints_files::refuse_inputs(&folder.path().join("../.").join(&face), [&face]);
/// assert!(refused.is_err_and(|error| error.to_string().contains("write to another place")));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] with the path of the output.
pub fn refuse_inputs<P: AsRef<Path>>(
    output: &Path,
    inputs: impl IntoIterator<Item = P>,
) -> io::Result<()> {
    let Some(found) = identity(output) else { return Ok(()) };
    match inputs.into_iter().any(|input| identity(input.as_ref()).as_ref() == Some(&found)) {
        false => Ok(()),
        true => {
            let what = format!(
                "{}: this is an input of the same command; write to another place",
                output.display()
            );
            Err(io::Error::new(io::ErrorKind::InvalidInput, what))
        }
    }
}

/// Whether two paths lead to one regular file or folder, also through links. Pipes and devices do not count: reading and writing them
/// do not get into each other's way.
pub fn is_same_file(one: &Path, other: &Path) -> bool {
    matches!((identity(one), identity(other)), (Some(one), Some(other)) if one == other)
}

/// Files and folders that are known by what they are: another path to one of them, also a link, leads to a known file.
///
/// ```
/// use keypoints_files::KnownFiles;
///
/// let folder = tempfile::tempdir()?;
/// let [face, other] = ["face.png", "other.png"].map(|name| folder.path().join(name));
/// std::fs::write(&face, "a picture")?;
/// let known = KnownFiles::of([&face]);
/// assert!(known.contains(&folder.path().join(".").join("face.png")));
/// assert!(!known.contains(&other));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct KnownFiles(HashSet<Identity>);

impl KnownFiles {
    /// The files and folders among some paths. Paths that lead nowhere, pipes and devices are passed over.
    pub fn of<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Self {
        Self(paths.into_iter().filter_map(|path| identity(path.as_ref())).collect())
    }

    /// Whether a path leads to one of them.
    pub fn contains(&self, path: &Path) -> bool {
        identity(path).is_some_and(|one| self.0.contains(&one))
    }
}

/// `None` for what is not there, and for pipes and devices.
fn identity(path: &Path) -> Option<Identity> {
    let found = fs::metadata(path).ok()?;
    if !(found.is_file() || found.is_dir()) {
        return None;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Some((found.dev(), found.ino()))
    }
    #[cfg(not(unix))]
    {
        fs::canonicalize(path).ok()
    }
}
