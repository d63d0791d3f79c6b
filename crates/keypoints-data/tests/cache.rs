//! A cache answers for its source as long as nothing about either has changed, and never otherwise.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use common::{test_csv, training_csv};
use keypoints_data::{DataDir, FaceDataset};
use tempfile::TempDir;

struct Folder {
    folder: TempDir,
    data: DataDir,
}

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("training.csv"), training_csv(3)).unwrap();
        let data = DataDir::new(folder.path());
        Self { folder, data }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn cache(&self) -> Vec<u8> {
        fs::read(self.path("training.cache")).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// Changes a file and leaves its length and its time of change as they were.
fn change_in_secret(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let modified = fs::metadata(path).unwrap().modified().unwrap();
    let mut bytes = fs::read(path).unwrap();
    let length = bytes.len();
    change(&mut bytes);
    assert_eq!(bytes.len(), length);
    fs::write(path, bytes).unwrap();
    set_modified(path, modified);
}

fn set_modified(path: &Path, time: SystemTime) {
    fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

/// What the folder holds without a cache.
fn truth(folder: &Folder) -> FaceDataset {
    folder.data.clone().without_cache().training().unwrap()
}

#[test]
fn the_second_read_is_answered_by_the_cache() {
    let folder = Folder::new();
    let first = folder.data.training().unwrap();
    assert_eq!(folder.names(), ["training.cache", "training.csv"]);
    assert_eq!(first.labels()[1].gaps(), 10);

    // Written again only if it was not used.
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    set_modified(&folder.path("training.cache"), long_ago);
    let second = folder.data.training().unwrap();
    assert!(second == first);
    assert_eq!(second.fingerprint(), first.fingerprint());
    let modified = fs::metadata(folder.path("training.cache")).unwrap().modified().unwrap();
    assert_eq!(modified, long_ago);
}

#[test]
fn test_images_have_a_cache_of_their_own() {
    let folder = Folder::new();
    fs::write(folder.path("test.csv"), test_csv(&["4", "2"])).unwrap();
    let first = folder.data.test().unwrap();
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    set_modified(&folder.path("test.cache"), long_ago);
    assert!(folder.data.test().unwrap() == first);
    assert_eq!(fs::metadata(folder.path("test.cache")).unwrap().modified().unwrap(), long_ago);

    // One in the place of the other is nothing, in both directions.
    folder.data.training().unwrap();
    fs::copy(folder.path("test.cache"), folder.path("training.cache")).unwrap();
    assert!(folder.data.training().unwrap() == truth(&folder));
    fs::copy(folder.path("training.cache"), folder.path("test.cache")).unwrap();
    assert!(folder.data.test().unwrap() == first);
}

#[test]
fn a_changed_source_is_read_again() {
    let folder = Folder::new();
    let source = folder.path("training.csv");
    let first = folder.data.training().unwrap();
    let old = folder.cache();

    change_in_secret(&source, |bytes| {
        let at = bytes.len() - 2;
        bytes[at] = if bytes[at] == b'1' { b'2' } else { b'1' };
    });
    let second = folder.data.training().unwrap();
    assert!(second != first);
    assert!(second == truth(&folder));
    assert!(folder.cache() != old);

    let old = folder.cache();
    let modified = fs::metadata(&source).unwrap().modified().unwrap();
    set_modified(&source, modified + Duration::from_secs(5));
    assert!(folder.data.training().unwrap() == second);
    assert!(folder.cache() != old);

    fs::write(&source, training_csv(4)).unwrap();
    assert_eq!(folder.data.training().unwrap().len(), 4);
}

#[test]
fn no_damaged_byte_goes_unnoticed() {
    let folder = Folder::new();
    let expected = folder.data.training().unwrap();
    let good = folder.cache();
    let labels_end = 64 + 3 * 124;
    let places = (0..labels_end).step_by(5).chain([labels_end, good.len() / 2, good.len() - 1]);
    for place in places {
        let mut bytes = good.clone();
        bytes[place] ^= 0x10;
        fs::write(folder.path("training.cache"), &bytes).unwrap();
        assert!(folder.data.training().unwrap() == expected, "byte {place}");
        assert!(folder.cache() == good, "byte {place}: not written again");
    }
    for length in [0, 1, 8, 63, 64, 65, labels_end, good.len() - 1] {
        fs::write(folder.path("training.cache"), &good[..length]).unwrap();
        assert!(folder.data.training().unwrap() == expected);
        assert!(folder.cache() == good, "cut to {length}: not written again");
    }
    fs::write(folder.path("training.cache"), [&good[..], b"more"].concat()).unwrap();
    assert!(folder.data.training().unwrap() == expected);
    assert!(folder.cache() == good);
}

#[test]
fn another_version_is_written_again() {
    let folder = Folder::new();
    let expected = folder.data.training().unwrap();
    let good = folder.cache();
    let mut other = good.clone();
    other[8] += 1;
    // As a later version would write it: with a header hash that fits.
    let hash = xxhash_rust::xxh3::xxh3_64(&other[..56]).to_le_bytes();
    other[56..64].copy_from_slice(&hash);
    fs::write(folder.path("training.cache"), &other).unwrap();
    assert!(folder.data.training().unwrap() == expected);
    assert!(folder.cache() == good);
}

#[test]
fn a_header_that_promises_too_much_allocates_nothing() {
    let folder = Folder::new();
    let expected = folder.data.training().unwrap();
    for rows in [u64::MAX, 1 << 40, 2, 4] {
        let mut bytes = folder.cache();
        bytes[40..48].copy_from_slice(&rows.to_le_bytes());
        let hash = xxhash_rust::xxh3::xxh3_64(&bytes[..56]).to_le_bytes();
        bytes[56..64].copy_from_slice(&hash);
        fs::write(folder.path("training.cache"), &bytes).unwrap();
        assert!(folder.data.training().unwrap() == expected);
    }
}

#[test]
fn where_no_cache_can_be_written_there_is_none() {
    // A folder of that name can be neither read nor replaced, whoever the user is.
    let folder = Folder::new();
    fs::create_dir(folder.path("training.cache")).unwrap();
    fs::write(folder.path("training.cache").join("keep"), "").unwrap();
    let faces = folder.data.training().unwrap();
    assert!(faces == truth(&folder));
    assert_eq!(folder.names(), ["training.cache", "training.csv"]);
}

#[test]
fn a_bad_source_leaves_no_cache() {
    let folder = Folder::new();
    fs::write(folder.path("training.csv"), "Image\n1 2 3\n").unwrap();
    folder.data.training().unwrap_err();
    assert_eq!(folder.names(), ["training.csv"]);
}
