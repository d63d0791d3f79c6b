//! Which label file of a folder, and in which format.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::FORMATS;
use super::error::{AnnotationError, AnnotationProblem};
use super::format::Format;
use super::points::POINTS_FILE;

/// How much of a file is looked at to tell its format, in bytes.
const HEAD: u64 = 64 << 10;
/// How deep folders are searched.
const DEEPEST: usize = 8;

/// Labels that were found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The label file or, for formats with one file per object, the folder.
    pub path: PathBuf,
    /// Its format.
    pub format: &'static dyn Format,
}

/// Finds the labels at a path: a label file, or a folder that holds one label file or many `.pts` files.
///
/// `format` is the name of a [`Format`]; without one, the content decides.
///
/// # Errors
/// [`AnnotationError`] where there are no labels, several label files, or an unknown format.
pub fn find(path: &Path, format: Option<&str>) -> Result<Found, AnnotationError> {
    let formats: Vec<&'static dyn Format> = match format {
        None => FORMATS.to_vec(),
        Some(name) => {
            let known = || FORMATS.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ");
            let one = FORMATS.iter().find(|one| one.name() == name);
            vec![*one.ok_or_else(|| AnnotationProblem::UnknownFormat { known: known() }.of(path))?]
        }
    };
    let about = |formats: &[&dyn Format]| {
        formats.iter().map(|one| one.about()).collect::<Vec<_>>().join("; ")
    };
    if path.is_file() {
        if let (Some(_), [only]) = (format, &formats[..]) {
            return Ok(Found { path: path.to_owned(), format: *only });
        }
        let head = head(path)?;
        let one = formats.iter().find(|one| one.recognises(path, &head));
        let one = one
            .ok_or_else(|| AnnotationProblem::UnknownFormat { known: about(&formats) }.of(path))?;
        // One file of a format with a file per object stands for its folder only if it is named: then it alone is read.
        return Ok(Found { path: path.to_owned(), format: *one });
    }
    let files = files_below(path)?;
    let mut found: Vec<Found> = Vec::new();
    for file in &files {
        // One of a folder's thousands of files tells its format; the others need not be opened.
        let is_known = |one: &Found| one.format.is_folder() && one.format.recognises(file, &[]);
        if found.iter().any(is_known) {
            continue;
        }
        let head = head(file)?;
        let Some(one) = formats.iter().find(|one| one.recognises(file, &head)) else { continue };
        if one.is_folder() {
            if !found.iter().any(|other| other.format.name() == one.name()) {
                found.push(Found { path: path.to_owned(), format: *one });
            }
        } else if file.parent() == Some(path) {
            found.push(Found { path: file.clone(), format: *one });
        }
    }
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(AnnotationProblem::NoLabels { looked_for: about(&formats) }.of(path)),
        _ => {
            let name = |one: &Found| format!("{} ({})", one.path.display(), one.format.name());
            Err(AnnotationProblem::Several { found: found.iter().map(name).collect() }.of(path))
        }
    }
}

fn head(path: &Path) -> Result<Vec<u8>, AnnotationError> {
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(HEAD).read_to_end(&mut head))
        .map_err(|error| AnnotationProblem::Io(error).of(path))?;
    Ok(head)
}

/// The files of a folder and of folders in it that may hold labels, sorted by path. Pictures, hidden files and `points.json`
/// are passed over.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>, AnnotationError> {
    let mut files = Vec::new();
    collect(folder, DEEPEST, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), AnnotationError> {
    let fault = |error| AnnotationProblem::Io(error).of(folder);
    for entry in std::fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') || name == POINTS_FILE {
            continue;
        }
        if path.is_dir() {
            if depth > 1 {
                collect(&path, depth - 1, files)?;
            }
        } else if !is_picture(&path) {
            files.push(path);
        }
    }
    Ok(())
}

/// The endings of picture files, in the order in which they are looked for.
pub(crate) const PICTURE_ENDINGS: [&str; 6] = ["jpg", "jpeg", "png", "webp", "bmp", "gif"];

pub(crate) fn is_picture(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    PICTURE_ENDINGS.contains(&&*ending)
}
