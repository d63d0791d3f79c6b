//! Where the bytes of a table come from: a file, a member of a zip, or a member of a zip in a zip.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use crate::error::DataError;
use crate::excerpt::excerpt;

/// An inner zip is unpacked to an unnamed temporary file; a bomb must not fill the disk.
const MAX_INNER_ZIP_BYTES: u64 = 1 << 30;
/// How many names of a zip's members an error repeats.
const MAX_NAMES: usize = 5;

/// The three files of the competition that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    Training,
    Test,
    Lookup,
}

impl FileKind {
    const fn stem(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::Test => "test",
            Self::Lookup => "IdLookupTable",
        }
    }

    /// The plain file, then the zips that hold just it.
    pub(crate) fn names(self) -> [String; 3] {
        let stem = self.stem();
        [format!("{stem}.csv"), format!("{stem}.zip"), format!("{stem}.csv.zip")]
    }
}

/// A table's bytes, found and ready to be read from the start.
pub(crate) struct Source {
    /// The path for error messages; a zip counts as a folder in it.
    pub(crate) place: PathBuf,
    bytes: Bytes,
}

enum Bytes {
    Plain(File),
    Member(ZipArchive<File>, usize),
}

impl Source {
    pub(crate) fn open(path: &Path, kind: FileKind) -> Result<Self, DataError> {
        let mut file = File::open(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => DataError::MissingFile { path: path.to_owned() },
            _ => io_error(path, source),
        })?;
        if !starts_like_a_zip(&mut file).map_err(|source| io_error(path, source))? {
            file.seek(SeekFrom::Start(0)).map_err(|source| io_error(path, source))?;
            return Ok(Self { place: path.to_owned(), bytes: Bytes::Plain(file) });
        }
        let (mut archive, index, place) = open_zip(file, path, kind)?;
        if !member_is_zip(&mut archive, index, &place)? {
            return Ok(Self { place, bytes: Bytes::Member(archive, index) });
        }
        let inner = unpack(&mut archive, index, &place)?;
        let (mut archive, index, place) = open_zip(inner, &place, kind)?;
        if member_is_zip(&mut archive, index, &place)? {
            return Err(DataError::ZipTooDeep { path: place, limit_bytes: MAX_INNER_ZIP_BYTES });
        }
        Ok(Self { place, bytes: Bytes::Member(archive, index) })
    }

    /// The table's bytes from its first to its last.
    pub(crate) fn reader(&mut self) -> Result<Box<dyn Read + '_>, DataError> {
        match &mut self.bytes {
            Bytes::Plain(file) => Ok(Box::new(file)),
            Bytes::Member(archive, index) => match archive.by_index(*index) {
                Ok(member) => Ok(Box::new(member)),
                Err(source) => Err(broken_zip(&self.place, source)),
            },
        }
    }
}

/// The fault of a read from [`Source::reader`]: inside a zip, whatever fails is the zip's fault.
pub(crate) fn read_error(place: &Path, is_zip: bool, source: io::Error) -> DataError {
    if is_zip { broken_zip(place, source) } else { io_error(place, source) }
}

impl Source {
    pub(crate) fn is_zip(&self) -> bool {
        matches!(self.bytes, Bytes::Member(..))
    }
}

/// Whether a zip has a member that may hold the file. A zip that cannot be opened may: reading it then
/// says what is wrong with it.
pub(crate) fn zip_may_hold(path: &Path, kind: FileKind) -> bool {
    match File::open(path) {
        Ok(file) => !matches!(open_zip(file, path, kind), Err(DataError::NotInZip { .. })),
        Err(_) => false,
    }
}

fn open_zip(
    file: File,
    path: &Path,
    kind: FileKind,
) -> Result<(ZipArchive<File>, usize, PathBuf), DataError> {
    let archive = ZipArchive::new(file).map_err(|source| broken_zip(path, source))?;
    for wanted in kind.names() {
        let found = archive.file_names_raw().position(|name| {
            let base = name.rsplit(|&byte| byte == b'/' || byte == b'\\').next();
            base.is_some_and(|base| base.eq_ignore_ascii_case(wanted.as_bytes()))
        });
        if let Some(index) = found {
            return Ok((archive, index, path.join(wanted)));
        }
    }
    let found = archive.file_names_raw().take(MAX_NAMES).map(excerpt).collect();
    let looked_for = kind.names().to_vec();
    Err(DataError::NotInZip { path: path.to_owned(), looked_for, found })
}

fn member_is_zip(
    archive: &mut ZipArchive<File>,
    index: usize,
    place: &Path,
) -> Result<bool, DataError> {
    let mut member = archive.by_index(index).map_err(|source| broken_zip(place, source))?;
    starts_like_a_zip(&mut member).map_err(|source| broken_zip(place, source))
}

fn unpack(archive: &mut ZipArchive<File>, index: usize, place: &Path) -> Result<File, DataError> {
    let member = archive.by_index(index).map_err(|source| broken_zip(place, source))?;
    let mut member = member.take(MAX_INNER_ZIP_BYTES + 1);
    let mut file = tempfile::tempfile().map_err(|source| io_error(place, source))?;
    // Not `io::copy`: a full disk and a broken zip are different faults.
    let mut buffer = vec![0; 1 << 18];
    let mut copied = 0;
    loop {
        match member.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => {
                file.write_all(&buffer[..read]).map_err(|source| io_error(place, source))?;
                copied += read as u64;
            }
            Err(source) if source.kind() == io::ErrorKind::Interrupted => {}
            Err(source) => return Err(broken_zip(place, source)),
        }
    }
    if copied > MAX_INNER_ZIP_BYTES {
        let limit_bytes = MAX_INNER_ZIP_BYTES;
        return Err(DataError::ZipTooDeep { path: place.to_owned(), limit_bytes });
    }
    Ok(file)
}

fn starts_like_a_zip(reader: &mut impl Read) -> io::Result<bool> {
    let mut magic = Vec::with_capacity(4);
    reader.take(4).read_to_end(&mut magic)?;
    // The second is what a zip without any member starts with.
    Ok(magic == b"PK\x03\x04" || magic == b"PK\x05\x06")
}

fn io_error(path: &Path, source: io::Error) -> DataError {
    DataError::Io { path: path.to_owned(), source }
}

fn broken_zip(path: &Path, source: impl Into<io::Error>) -> DataError {
    DataError::BrokenZip { path: path.to_owned(), source: source.into() }
}
