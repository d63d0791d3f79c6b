//! Pictures of a folder, each of them once.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::ReportError;

/// The pictures of a folder (`.svg`, `.png`, `.jpg`, `.jpeg`; hidden files and subfolders left out), by
/// their names without extension, in order.
///
/// Where the same picture is there in several formats, the one that suits a page is chosen: the SVG if it
/// is drawn in lines and words, which stay sharp at every size; the PNG or JPEG if the SVG holds
/// photographs.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// for name in ["loss.svg", "loss.png", "metrics.csv"] {
///     std::fs::write(folder.path().join(name), "<svg/>")?;
/// }
/// let pictures = keypoints_report::pictures_in(folder.path())?;
/// assert_eq!(pictures.len(), 1);
/// assert_eq!(pictures["loss"], folder.path().join("loss.svg"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ReportError::Read`] if the folder, or an SVG between several formats, cannot be read.
pub fn pictures_in(folder: impl AsRef<Path>) -> Result<BTreeMap<String, PathBuf>, ReportError> {
    let folder = folder.as_ref();
    let failed = |source| ReportError::Read { path: folder.to_owned(), source };
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(failed)?;
    files.sort();

    let mut formats = BTreeMap::<String, Vec<(Format, PathBuf)>>::new();
    for path in files {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let Some(format) = format_of(&path).filter(|_| !stem.starts_with('.') && path.is_file())
        else {
            continue;
        };
        formats.entry(stem).or_default().push((format, path));
    }
    let chosen = formats.into_iter().filter_map(|(stem, files)| {
        let chosen = choose(files).transpose()?;
        Some(chosen.map(|path| (stem, path)))
    });
    chosen.collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Drawing,
    Pixels,
}

fn format_of(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "svg" => Some(Format::Drawing),
        "png" | "jpg" | "jpeg" => Some(Format::Pixels),
        _ => None,
    }
}

fn choose(files: Vec<(Format, PathBuf)>) -> Result<Option<PathBuf>, ReportError> {
    let first = |wanted| files.iter().find(|(format, _)| *format == wanted).map(|(_, path)| path);
    let (drawing, pixels) = (first(Format::Drawing), first(Format::Pixels));
    if let (Some(drawing), Some(pixels)) = (drawing, pixels) {
        let photographs = holds_photographs(drawing)
            .map_err(|source| ReportError::Read { path: drawing.clone(), source })?;
        return Ok(Some(if photographs { pixels } else { drawing }.clone()));
    }
    Ok(drawing.or(pixels).cloned())
}

fn holds_photographs(svg: &Path) -> io::Result<bool> {
    let bytes = fs::read(svg)?;
    Ok(bytes.windows(6).any(|bytes| bytes == b"<image"))
}
