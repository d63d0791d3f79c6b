//! Cut pictures kept in a file, so that a second start decodes nothing.

use std::io;
use std::path::Path;

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::cut::{Crops, CutOptions, assemble, check, cut_pixels};
use super::error::PhotoError;
use crate::annotations::Annotations;
use crate::write_atomically;

/// The first line of a file of cut pictures. What is cut differently gets another number.
const MAGIC: &[u8] = b"keypoints crops 1\n";

/// Cuts every object out of its photo as [`cut`](super::cut()) does, or takes the pictures from a file in the folder `cache` where
/// that was done before.
///
/// The file is named after a hash of labels, options and the pictures' names, sizes and times of change: whatever changes makes
/// another file. It ends with a hash of its contents; a damaged file is made anew.
///
/// # Errors
/// As [`cut`](super::cut()), and [`PhotoError::Cache`] if the file cannot be written.
pub fn cut_cached(
    annotations: &Annotations,
    options: &CutOptions,
    cache: &Path,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Crops, PhotoError> {
    check(options)?;
    let path = cache.join(format!("{:016x}.crops", key(annotations, options)));
    if let Some(pixels) = read(&path, annotations.rows.len(), options.shape.bytes()) {
        return assemble(annotations, options, pixels);
    }
    let pixels = cut_pixels(annotations, options, progress);
    let fault = |source| PhotoError::Cache { path: path.clone(), source };
    std::fs::create_dir_all(cache).map_err(fault)?;
    write(&path, &pixels).map_err(fault)?;
    assemble(annotations, options, pixels)
}

/// A hash of all that decides the pictures.
fn key(annotations: &Annotations, options: &CutOptions) -> u64 {
    let mut hash = Xxh3::new();
    hash.update(MAGIC);
    let CutOptions { shape, margin, strict: _ } = options;
    hash.update(format!("{} {} {:x}\n", shape.side, shape.channels, margin.to_bits()).as_bytes());
    for row in &annotations.rows {
        hash.update(row.picture.as_os_str().as_encoded_bytes());
        let changed = std::fs::metadata(&row.picture).and_then(|about| {
            let since = about.modified()?.duration_since(std::time::UNIX_EPOCH);
            Ok((about.len(), since.unwrap_or_default()))
        });
        hash.update(format!("\0{:?}", changed.ok()).as_bytes());
        match row.region {
            Some(region) => hash.update(format!("{:?}\n", region.to_pixels()).as_bytes()),
            None => {
                for (coordinate, value) in row.labels.present() {
                    hash.update(&(coordinate.index() as u32).to_le_bytes());
                    hash.update(&value.to_bits().to_le_bytes());
                }
                hash.update(b"\n");
            }
        }
    }
    hash.digest()
}

/// The file: [`MAGIC`], the faults as one line of JSON (`null` for a row with a picture), the pixels of those rows, and a hash.
fn write(path: &Path, pixels: &[Result<Vec<u8>, String>]) -> io::Result<()> {
    let faults: Vec<Option<&String>> = pixels.iter().map(|row| row.as_ref().err()).collect();
    let mut bytes = MAGIC.to_vec();
    serde_json::to_writer(&mut bytes, &faults)?;
    bytes.push(b'\n');
    for row in pixels.iter().flatten() {
        bytes.extend_from_slice(row);
    }
    let hash = xxh3_64(&bytes);
    bytes.extend_from_slice(&hash.to_le_bytes());
    write_atomically(path, &bytes)
}

/// What [`write`] wrote; `None` where there is no such file, or it is damaged.
fn read(path: &Path, rows: usize, picture: usize) -> Option<Vec<Result<Vec<u8>, String>>> {
    let bytes = std::fs::read(path).ok()?;
    let (contents, hash) = bytes.split_last_chunk::<8>()?;
    if xxh3_64(contents) != u64::from_le_bytes(*hash) {
        return None;
    }
    let contents = contents.strip_prefix(MAGIC)?;
    let end = contents.iter().position(|&byte| byte == b'\n')?;
    let faults: Vec<Option<String>> = serde_json::from_slice(&contents[..end]).ok()?;
    let mut pixels = contents[end + 1..].chunks_exact(picture);
    let row = |fault: Option<String>| match fault {
        Some(fault) => Some(Err(fault)),
        None => Some(Ok(pixels.next()?.to_vec())),
    };
    let found: Vec<_> = faults.into_iter().map(row).collect::<Option<_>>()?;
    (found.len() == rows && pixels.next().is_none()).then_some(found)
}
