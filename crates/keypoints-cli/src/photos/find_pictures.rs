//! From arguments to picture files.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::bail;
use glob::MatchOptions;
use keypoints_files::is_same_file;
use keypoints_image::shown;
use walkdir::{DirEntry, WalkDir};

use crate::exit::tell;

/// The endings of picture files in folders, in lower case.
const ENDINGS: [&str; 8] = ["jpg", "jpeg", "jpe", "jfif", "png", "webp", "bmp", "gif"];

/// As a shell expands patterns.
const AS_A_SHELL: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// Picture files that were named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PictureFiles {
    /// In the order of the arguments, those of a folder by name. None of them has been opened.
    pub files: Vec<PathBuf>,
    /// How many folders, links and patterns lead to nothing.
    pub missing: usize,
}

impl PictureFiles {
    /// Says on standard error what leads to nothing.
    fn miss(&mut self, what: impl std::fmt::Display) {
        self.missing += 1;
        tell(format_args!("error: {what}"));
    }
}

/// Finds the picture files that arguments mean:
///
/// | the argument is | it means |
/// | --- | --- |
/// | a file, or leads nowhere | itself, whatever it is called |
/// | a folder | the files in it and in the folders below, sorted by name, that are called like pictures (`.jpg`, `.jpeg`, `.jpe`, `.jfif`, `.png`, `.webp`, `.bmp`, `.gif`) and are not hidden |
/// | a pattern (`*`, `?`, `[a-z]`, `**`) that is no file | the files and folders that match, as in a shell, sorted by name |
///
/// What leads to nothing is said on standard error and counted: a pattern without matches, a folder without pictures, a folder that
/// cannot be listed. `overlays` is a folder that is written to: below other folders it is passed over.
///
/// # Errors
/// If `overlays` is itself one of the folders.
pub fn find_pictures(
    arguments: &[PathBuf],
    overlays: Option<&Path>,
) -> anyhow::Result<PictureFiles> {
    let mut found = PictureFiles::default();
    for argument in arguments {
        let pattern = argument.to_str().filter(|text| text.contains(['*', '?', '[']));
        let Some(pattern) = pattern.filter(|_| !argument.exists()) else {
            add(&mut found, argument.clone(), overlays)?;
            continue;
        };
        let matches = match glob::glob_with(pattern, AS_A_SHELL) {
            Ok(matches) => matches,
            Err(error) => {
                found.miss(format_args!("{}: no file, and no pattern: {error}", shown(argument)));
                continue;
            }
        };
        let mut any = false;
        for one in matches {
            any = true;
            match one {
                Ok(path) => add(&mut found, path, overlays)?,
                Err(error) => {
                    let (path, error) = (shown(error.path()), error.error());
                    found.miss(format_args!("{path}: cannot be listed: {error}"));
                }
            }
        }
        if !any {
            found.miss(format_args!("{}: no file matches this pattern", shown(argument)));
        }
    }
    Ok(found)
}

/// Adds a file, or the pictures of a folder.
fn add(found: &mut PictureFiles, path: PathBuf, overlays: Option<&Path>) -> anyhow::Result<()> {
    if !path.is_dir() {
        found.files.push(path);
        return Ok(());
    }
    let is_overlays = |folder: &Path| overlays.is_some_and(|one| is_same_file(folder, one));
    if is_overlays(&path) {
        bail!(
            "{}: --overlays would write into a folder of photos, and the next call would take the overlays for photos; name another folder",
            shown(&path)
        );
    }
    let before = (found.files.len(), found.missing);
    let is_searched = |entry: &DirEntry| {
        let is_named = entry.depth() == 0;
        let is_own = || entry.file_type().is_dir() && is_overlays(entry.path());
        is_named || !(is_hidden(entry.file_name()) || is_own())
    };
    let entries = WalkDir::new(&path).follow_links(true).sort_by_file_name().into_iter();
    for entry in entries.filter_entry(is_searched) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                if is_picture_name(entry.path()) {
                    found.files.push(entry.into_path());
                }
            }
            Ok(_) => {}
            // A link to a folder that is being searched.
            Err(error) if error.loop_ancestor().is_some() => {}
            Err(error) => {
                let at = shown(error.path().unwrap_or(&path));
                match error.io_error() {
                    Some(error) => found.miss(format_args!("{at}: cannot be read: {error}")),
                    None => found.miss(format_args!("{at}: cannot be read")),
                }
            }
        }
    }
    if (found.files.len(), found.missing) == before {
        let endings = ENDINGS.join(", .");
        found.miss(format_args!("{}: no pictures in this folder (.{endings})", shown(&path)));
    }
    Ok(())
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

fn is_picture_name(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    ENDINGS.contains(&&*ending)
}

#[cfg(test)]
mod tests;
