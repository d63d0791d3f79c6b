//! A drawn competition as files, in the layout that Kaggle serves.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::generate::SyntheticSet;
use keypoints_core::Schema;

/// Files could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SynthError {
    /// A file is already there, and overwriting was not asked for.
    #[error("{} already exists and is not overwritten", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot write {}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

type Writer<'a> = &'a mut dyn Write;
type File<'a> = (&'static str, Box<dyn Fn(Writer<'_>) -> io::Result<()> + 'a>);

/// Writes `training.csv`, `test.csv`, `IdLookupTable.csv`, `SampleSubmission.csv` and, with the answers,
/// `solution.csv` into a folder, which is made if need be.
///
/// All values read back exactly. Each file appears whole or not at all. Unless `overwrite` is set,
/// nothing is written if one of the five is already there.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// use keypoints_data::kaggle::read_training;
/// use keypoints_data::synth::{SynthConfig, SynthError, generate, write_files};
///
/// let set = generate(&SynthConfig { training: 5, test: 2, ..SynthConfig::default() });
/// write_files(&set, folder.path(), false)?;
/// assert_eq!(read_training(&folder.path().join("training.csv"))?, set.training);
///
/// let again = write_files(&set, folder.path(), false);
/// assert!(matches!(again, Err(SynthError::Exists { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SynthError`] with the file that is in the way or cannot be written.
pub fn write_files(set: &SyntheticSet, dir: &Path, overwrite: bool) -> Result<(), SynthError> {
    let files: [File<'_>; 5] = [
        ("training.csv", Box::new(|to| training(set, to))),
        ("test.csv", Box::new(|to| test(set, to))),
        ("IdLookupTable.csv", Box::new(|to| lookup(set, to))),
        ("SampleSubmission.csv", Box::new(|to| sample(set, to))),
        ("solution.csv", Box::new(|to| solution(set, to))),
    ];
    if !overwrite {
        // Looked at before the first is written, so that a folder does not end up half old, half new.
        let taken = files.iter().map(|(name, _)| dir.join(name));
        if let Some(path) = taken.into_iter().find(|path| path.symlink_metadata().is_ok()) {
            return Err(SynthError::Exists { path });
        }
    }
    fs::create_dir_all(dir).map_err(|source| SynthError::Io { path: dir.to_owned(), source })?;
    files.iter().try_for_each(|(name, write)| write_file(&dir.join(name), overwrite, write))
}

fn write_file(
    path: &Path,
    overwrite: bool,
    write: &dyn Fn(Writer<'_>) -> io::Result<()>,
) -> Result<(), SynthError> {
    let written = match overwrite {
        true => keypoints_files::write_with(path, write),
        false => keypoints_files::create_with(path, write),
    };
    written.map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => SynthError::Exists { path: path.to_owned() },
        _ => SynthError::Io { path: path.to_owned(), source },
    })
}

fn training(set: &SyntheticSet, to: Writer<'_>) -> io::Result<()> {
    for name in Schema::kaggle15().coordinate_names() {
        write!(to, "{name},")?;
    }
    to.write_all(b"Image\n")?;
    let numbers = numbers();
    let mut line = String::new();
    for (labels, pixels) in set.training.labels().iter().zip(set.training.pictures().iter()) {
        line.clear();
        for coordinate in set.training.schema().coordinates() {
            if let Some(value) = labels.get(coordinate) {
                push(&mut line, value);
            }
            line.push(',');
        }
        push_pixels(&mut line, pixels, &numbers);
        to.write_all(line.as_bytes())?;
    }
    Ok(())
}

fn test(set: &SyntheticSet, to: Writer<'_>) -> io::Result<()> {
    to.write_all(b"ImageId,Image\n")?;
    let numbers = numbers();
    let mut line = String::new();
    for (id, pixels) in set.test.image_ids().iter().zip(set.test.pictures().iter()) {
        line.clear();
        push(&mut line, id);
        line.push(',');
        push_pixels(&mut line, pixels, &numbers);
        to.write_all(line.as_bytes())?;
    }
    Ok(())
}

fn lookup(set: &SyntheticSet, to: Writer<'_>) -> io::Result<()> {
    to.write_all(b"RowId,ImageId,FeatureName,Location\n")?;
    let schema = Schema::kaggle15();
    set.lookup.requests().iter().try_for_each(|request| {
        let name = schema.coordinate_name(request.coordinate);
        writeln!(to, "{},{},{name},", request.row_id, request.image_id)
    })
}

fn sample(set: &SyntheticSet, to: Writer<'_>) -> io::Result<()> {
    to.write_all(b"RowId,Location\n")?;
    set.lookup.requests().iter().try_for_each(|request| writeln!(to, "{},0", request.row_id))
}

fn solution(set: &SyntheticSet, to: Writer<'_>) -> io::Result<()> {
    to.write_all(b"RowId,Location\n")?;
    set.solution.iter().try_for_each(|(row_id, value)| writeln!(to, "{row_id},{value}"))
}

/// The 256 grey values as text: formatting each of millions of pixels anew would take most of the time.
fn numbers() -> Vec<String> {
    (0..=u8::MAX).map(|grey| grey.to_string()).collect()
}

fn push(line: &mut String, value: impl std::fmt::Display) {
    // Writing to a string does not fail.
    let _ = write!(line, "{value}");
}

fn push_pixels(line: &mut String, pixels: &[u8], numbers: &[String]) {
    for &grey in pixels {
        line.push_str(&numbers[usize::from(grey)]);
        line.push(' ');
    }
    line.pop();
    line.push('\n');
}
