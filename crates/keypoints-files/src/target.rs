//! What a path leads to.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// As many symbolic links in a row as Linux follows.
const MOST_LINKS: usize = 40;

/// What is written to.
pub(crate) enum Target {
    /// A regular file, or none yet: its path, behind all symbolic links.
    File(PathBuf),
    /// The program's own standard output. Opened a second time, the file behind it would be written from its start.
    Stdout,
    /// A pipe, a device, or an open file of the program.
    Node,
}

impl Target {
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let mut file = path.to_owned();
        for _ in 0..MOST_LINKS {
            match file.to_str() {
                Some("/dev/stdout" | "/dev/fd/1" | "/proc/self/fd/1") => return Ok(Self::Stdout),
                // Its link may name a file that is no longer there, or none, as of a pipe.
                Some(name) if name.starts_with("/dev/fd/") || is_open_file(name) => {
                    return Ok(Self::Node);
                }
                _ => {}
            }
            match fs::symlink_metadata(&file) {
                Ok(found) if found.is_symlink() => {
                    file = folder_of(&file).join(fs::read_link(&file)?);
                }
                Ok(found) if found.is_file() => return Ok(Self::File(file)),
                Ok(found) if found.is_dir() => {
                    return Err(io::Error::new(io::ErrorKind::IsADirectory, "this is a folder"));
                }
                Ok(_) => return Ok(Self::Node),
                // What is wrong with the folder, writing there says.
                Err(_) => return Ok(Self::File(file)),
            }
        }
        Err(io::Error::other("symbolic links lead in a circle"))
    }
}

/// Whether this is an open file of a program, such as `/proc/self/fd/2`.
fn is_open_file(name: &str) -> bool {
    name.strip_prefix("/proc/").and_then(|name| name.split_once("/fd/")).is_some()
}

/// The folder that a file is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
