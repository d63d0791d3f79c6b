//! A parsed table beside its source, so that the second start need not parse.
//!
//! A cache is a convenience and never a fault: one that is missing, stale, damaged or of another version
//! reads as nothing, and one that cannot be written is not there.
//!
//! Format, little endian: the [`HEADER_BYTES`] of the header (magic, version, kind of file; the source's
//! length, time of change and hash; number of rows, fingerprint of what follows, hash of the header),
//! then the labels or ids as [`fingerprint`](crate::fingerprint) encodes them, then 9216 grey values per
//! row.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

use rayon::prelude::*;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::atomic::draft;
use crate::dataset::{FaceDataset, TestSet};
use crate::fingerprint::{
    LABEL_BYTES, decode_ids, decode_labels, digest, encode_ids, encode_labels,
};
use crate::keypoint::{COORDINATE_RANGE, IMAGE_PIXELS};
use crate::labels::Labels;
use crate::read::{faces, test_set};

const MAGIC: [u8; 8] = *b"keypoint";
const VERSION: u32 = 1;
const HEADER_BYTES: usize = 64;
/// The source is hashed in parts of this size, in parallel.
const HASH_PART_BYTES: u64 = 8 << 20;

/// What a cache can hold.
pub(crate) trait Cached: Sized {
    /// Tells a cache of one type from that of another.
    const KIND: u32;
    /// Bytes per row beside the pixels.
    const SMALL_BYTES: usize;
    fn encode(&self) -> (Vec<u8>, &[u8]);
    /// `None` if the values are such as the file could not have had. The lengths fit.
    fn decode(small: &[u8], pixels: Vec<u8>) -> Option<Self>;
}

impl Cached for FaceDataset {
    const KIND: u32 = 1;
    const SMALL_BYTES: usize = LABEL_BYTES;

    fn encode(&self) -> (Vec<u8>, &[u8]) {
        (encode_labels(self.labels()), self.images().as_bytes())
    }

    fn decode(small: &[u8], pixels: Vec<u8>) -> Option<Self> {
        let labels = decode_labels(small);
        let sound =
            |face: &Labels| face.present().all(|(_, value)| COORDINATE_RANGE.contains(&value));
        labels.iter().all(sound).then(|| faces(labels, pixels))
    }
}

impl Cached for TestSet {
    const KIND: u32 = 2;
    const SMALL_BYTES: usize = 4;

    fn encode(&self) -> (Vec<u8>, &[u8]) {
        (encode_ids(self.image_ids()), self.images().as_bytes())
    }

    fn decode(small: &[u8], pixels: Vec<u8>) -> Option<Self> {
        test_set(decode_ids(small), pixels)
    }
}

/// How a source looks from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    length: u64,
    /// Nanoseconds since 1970; 0 where the file system does not say.
    changed: u64,
}

impl Stamp {
    pub(crate) fn of(source: &Path) -> io::Result<Self> {
        let metadata = std::fs::metadata(source)?;
        let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let changed = since.map_or(0, |since| since.as_nanos() as u64);
        Ok(Self { length: metadata.len(), changed })
    }
}

/// Reads what the cache at `path` holds for this source, if it does.
pub(crate) fn load<T: Cached + Send>(path: &Path, source: &Path) -> Option<T> {
    let stamp = Stamp::of(source).ok()?;
    let mut file = File::open(path).ok()?;
    let mut header = [0; HEADER_BYTES];
    file.read_exact(&mut header).ok()?;
    let header = Header::decode::<T>(&header)?;
    if header.stamp != stamp {
        return None;
    }
    let (hash, value) =
        rayon::join(|| hash_file(source, stamp.length).ok(), || read_payload::<T>(file, &header));
    value.filter(|_| hash == Some(header.source_hash))
}

fn read_payload<T: Cached>(mut file: File, header: &Header) -> Option<T> {
    let rows = usize::try_from(header.rows).ok()?;
    let (small, pixels) = (rows.checked_mul(T::SMALL_BYTES)?, rows.checked_mul(IMAGE_PIXELS)?);
    // Compared before anything is allocated.
    let expected = small.checked_add(pixels)?.checked_add(HEADER_BYTES)?;
    if file.metadata().ok()?.len() != expected as u64 {
        return None;
    }
    let mut small = vec![0; small];
    file.read_exact(&mut small).ok()?;
    let mut pixels = vec![0; pixels];
    file.read_exact(&mut pixels).ok()?;
    // Of the bytes as they lie there: what decoding passes over, such as the value of a gap, counts too.
    if digest(&small, &pixels) != header.fingerprint {
        return None;
    }
    T::decode(&small, pixels)
}

/// Writes a cache beside `path` and moves it there, or leaves everything as it was.
///
/// `stamp` is the source's from before it was parsed: if it has changed since, nobody knows which of the
/// two contents `value` is.
pub(crate) fn store<T: Cached>(
    path: &Path,
    source: &Path,
    stamp: Stamp,
    value: &T,
) -> io::Result<()> {
    let file = draft(path)?;
    let source_hash = hash_file(source, stamp.length)?;
    if Stamp::of(source)? != stamp {
        return Ok(());
    }
    let (small, pixels) = value.encode();
    let rows = (pixels.len() / IMAGE_PIXELS) as u64;
    let header = Header { stamp, source_hash, rows, fingerprint: digest(&small, pixels) };
    let mut writer = BufWriter::new(file.as_file());
    writer.write_all(&header.encode::<T>())?;
    writer.write_all(&small)?;
    writer.write_all(pixels)?;
    writer.flush()?;
    drop(writer);
    file.persist(path)?;
    Ok(())
}

struct Header {
    stamp: Stamp,
    source_hash: u64,
    rows: u64,
    fingerprint: u64,
}

impl Header {
    fn encode<T: Cached>(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&T::KIND.to_le_bytes());
        let Stamp { length, changed } = self.stamp;
        for number in [length, changed, self.source_hash, self.rows, self.fingerprint] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        let hash = xxh3_64(&bytes);
        bytes.extend_from_slice(&hash.to_le_bytes());
        bytes
    }

    /// `None` unless every byte is as [`Header::encode`] of this version and kind writes it.
    fn decode<T: Cached>(bytes: &[u8; HEADER_BYTES]) -> Option<Self> {
        let (words, _) = bytes.as_chunks::<8>();
        let words: Vec<u64> = words.iter().map(|word| u64::from_le_bytes(*word)).collect();
        let [_, _, length, changed, source_hash, rows, fingerprint, _] = words[..] else {
            return None;
        };
        let header = Self { stamp: Stamp { length, changed }, source_hash, rows, fingerprint };
        (header.encode::<T>() == bytes).then_some(header)
    }
}

/// A hash of the whole file: the hash of its parts' hashes.
fn hash_file(path: &Path, length: u64) -> io::Result<u64> {
    let parts = length.div_ceil(HASH_PART_BYTES);
    let hashes: Vec<u64> = (0..parts)
        .into_par_iter()
        .map(|part| {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(part * HASH_PART_BYTES))?;
            hash_part(file.take(HASH_PART_BYTES))
        })
        .collect::<io::Result<_>>()?;
    let mut hash = Xxh3::new();
    hashes.iter().for_each(|part| hash.update(&part.to_le_bytes()));
    Ok(hash.digest())
}

fn hash_part(mut part: impl Read) -> io::Result<u64> {
    let mut hash = Xxh3::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match part.read(&mut buffer) {
            Ok(0) => return Ok(hash.digest()),
            Ok(read) => hash.update(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
