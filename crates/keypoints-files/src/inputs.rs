//! Outputs that would replace an input.

use std::fs;
use std::io;
use std::path::Path;

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
    match inputs.into_iter().any(|input| is_same_file(output, input.as_ref())) {
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
    let (Ok(first), Ok(second)) = (fs::metadata(one), fs::metadata(other)) else { return false };
    if !(first.is_file() || first.is_dir()) {
        return false;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (first.dev(), first.ino()) == (second.dev(), second.ino())
    }
    #[cfg(not(unix))]
    {
        matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
    }
}
