//! What the formats have in common: files within limits, names, boxes, numbers.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use keypoints_core::{Labels, Region};

use super::error::{AnnotationError, AnnotationProblem};
use crate::write_atomically;

/// The longest name of a picture file, in bytes. Every row repeats it, so that long ones would take a lot of memory.
const LONGEST_NAME: usize = 4096;

/// Reads a file of at most `largest` bytes.
pub(super) fn read_whole(path: &Path, largest: u64) -> Result<Vec<u8>, AnnotationError> {
    read_within(path, largest)?.ok_or_else(|| {
        let problem = format!("larger than {} MiB, which is the most that is read", largest >> 20);
        AnnotationProblem::Malformed(problem).of(path)
    })
}

/// Reads a file; `None` for one of more than `largest` bytes, of which no more are read.
pub(super) fn read_within(path: &Path, largest: u64) -> Result<Option<Vec<u8>>, AnnotationError> {
    let io = |error| AnnotationProblem::Io(error).of(path);
    let file = File::open(path).map_err(io)?;
    if file.metadata().map_err(io)?.len() > largest {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    // Pipes do not say how long they are.
    file.take(largest + 1).read_to_end(&mut bytes).map_err(io)?;
    Ok((bytes.len() as u64 <= largest).then_some(bytes))
}

/// Writes a file and the folder that it is in.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), AnnotationError> {
    let written = std::fs::create_dir_all(path.parent().unwrap_or(Path::new("")))
        .and_then(|()| write_atomically(path, bytes));
    written.map_err(|error| AnnotationProblem::Io(error).of(path))
}

/// A text without the byte order mark that some editors put before it.
pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// What a dataset is called where nothing names it: as its file, without ending.
pub(super) fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The name of a picture file, if it may be one.
pub(super) fn checked_name(name: &str) -> Result<&str, AnnotationProblem> {
    let problem = match name.len() {
        0 => "the name of the picture file is empty".to_owned(),
        1..=LONGEST_NAME => return Ok(name),
        long => format!("the picture file's name has {long} bytes, more than {LONGEST_NAME}"),
    };
    Err(AnnotationProblem::Malformed(problem))
}

/// A box from the photo's corner: left, top, width, height. `None` for one of no width and no height, which stands for a missing
/// box, or was drawn around one point.
pub(super) fn region(numbers: [f64; 4]) -> Result<Option<Region>, AnnotationProblem> {
    let [left, top, width, height] = numbers;
    let region = Region::of_pixels(left, top, width, height);
    if width < 0.0 || height < 0.0 {
        return Err(AnnotationProblem::EmptyBox { width, height });
    }
    if ![region.left, region.top, region.right, region.bottom].iter().all(|one| one.is_finite()) {
        let found = format!("{left:e} {top:e} {width:e} {height:e}");
        return Err(AnnotationProblem::NotANumber { found });
    }
    Ok((width > 0.0 || height > 0.0).then_some(region))
}

/// A coordinate of the file as one of labels, where `origin` is the file's number for the centre of the first pixel.
pub(super) fn coordinate(value: f64, origin: f64) -> Result<f32, AnnotationProblem> {
    let coordinate = (value - origin) as f32;
    let too_large = || AnnotationProblem::NotANumber { found: format!("{value:e}") };
    if coordinate.is_finite() { Ok(coordinate) } else { Err(too_large()) }
}

/// The number to write for a coordinate: the shortest decimal number that reads back as the same `f32`.
pub(super) fn decimal(value: f32) -> f64 {
    // For a few numbers, rounding to `f64` and then to `f32` is not the same as rounding once.
    let short = value.to_string().parse::<f64>().ok();
    short.filter(|&short| short as f32 == value).unwrap_or(value.into())
}

/// Why a row cannot be written, if so.
pub(super) fn unwritable(labels: &Labels, region: Option<Region>) -> Option<&'static str> {
    let box_is_finite = |one: Region| one.to_pixels().iter().all(|number| number.is_finite());
    if !labels.present().all(|(_, value)| value.is_finite()) {
        return Some("a coordinate is not a finite number");
    }
    (!region.is_none_or(box_is_finite)).then_some("its box is not of finite numbers")
}
