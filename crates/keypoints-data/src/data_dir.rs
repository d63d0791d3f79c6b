//! The folder with the competition's files.

use std::path::{Path, PathBuf};

use crate::cache::{self, Cached, Stamp};
use crate::csv::{FileKind, zip_may_hold};
use crate::dataset::{FaceDataset, LookupTable, TestSet};
use crate::error::DataError;
use crate::read::{check_lookup, read_lookup, read_test, read_training};

const FILES: [FileKind; 3] = [FileKind::Training, FileKind::Test, FileKind::Lookup];

/// The zip that Kaggle serves when asked for everything at once.
const ALL_IN_ONE: &str = "facial-keypoints-detection.zip";

/// A folder that holds the competition's files in any of the ways in which Kaggle serves them.
///
/// Each file is looked for as itself (`training.csv`), then in a zip of its own (`training.zip`,
/// `training.csv.zip`), then in `facial-keypoints-detection.zip`. What was parsed once is kept in
/// `training.cache` and `test.cache` in the same folder and read from there for as long as length, time
/// of change and content of the source stay the same. Caches may be deleted at any time.
///
/// ```no_run
/// use keypoints_data::DataDir;
///
/// let folder = DataDir::new("data");
/// let faces = folder.training()?;
/// let (test, lookup) = folder.test_and_lookup()?;
/// println!("{} faces, {} to answer for {} images", faces.len(), lookup.len(), test.len());
/// # Ok::<(), keypoints_data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataDir {
    root: PathBuf,
    cache: bool,
}

impl DataDir {
    /// The folder at this path. Nothing is read yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), cache: true }
    }

    /// The same folder, with caches neither read nor written.
    #[must_use]
    pub fn without_cache(self) -> Self {
        Self { cache: false, ..self }
    }

    /// The folder's path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether training, test and lookup file are all there, plain or zipped. They may still be wrong.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// assert!(!keypoints_data::DataDir::new(folder.path()).has_competition_files());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn has_competition_files(&self) -> bool {
        FILES.into_iter().all(|kind| self.has(kind))
    }

    /// Whether any of them is there: then the folder is meant, and what is missing should be said.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// let data = keypoints_data::DataDir::new(folder.path());
    /// std::fs::write(folder.path().join("training.csv"), "")?;
    /// assert!(data.has_some_competition_file() && !data.has_competition_files());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn has_some_competition_file(&self) -> bool {
        FILES.into_iter().any(|kind| self.has(kind))
    }

    fn has(&self, kind: FileKind) -> bool {
        match self.locate(kind) {
            Ok(path) => !path.ends_with(ALL_IN_ONE) || zip_may_hold(&path, kind),
            Err(_) => false,
        }
    }

    /// The labelled faces. See [`read_training`].
    ///
    /// # Errors
    /// [`DataError::NotInFolder`] if the file is not there; otherwise what [`read_training`] finds wrong.
    pub fn training(&self) -> Result<FaceDataset, DataError> {
        self.cached(FileKind::Training, "training.cache", read_training)
    }

    /// The faces to label. See [`read_test`].
    ///
    /// # Errors
    /// [`DataError::NotInFolder`] if the file is not there; otherwise what [`read_test`] finds wrong.
    pub fn test(&self) -> Result<TestSet, DataError> {
        self.cached(FileKind::Test, "test.cache", read_test)
    }

    /// What the submission has to answer, not compared with the test images. See [`read_lookup`].
    ///
    /// # Errors
    /// [`DataError::NotInFolder`] if the file is not there; otherwise what [`read_lookup`] finds wrong.
    pub fn lookup(&self) -> Result<LookupTable, DataError> {
        read_lookup(&self.locate(FileKind::Lookup)?)
    }

    /// Test images and lookup table, checked against each other.
    ///
    /// # Errors
    /// Those of [`DataDir::test`], [`DataDir::lookup`] and [`check_lookup`].
    pub fn test_and_lookup(&self) -> Result<(TestSet, LookupTable), DataError> {
        let path = self.locate(FileKind::Lookup)?;
        let (test, lookup) = (self.test()?, read_lookup(&path)?);
        check_lookup(&lookup, &test, &path)?;
        Ok((test, lookup))
    }

    fn locate(&self, kind: FileKind) -> Result<PathBuf, DataError> {
        let mut looked_for = kind.names().to_vec();
        looked_for.push(ALL_IN_ONE.to_owned());
        let found = looked_for.iter().map(|name| self.root.join(name)).find(|path| path.is_file());
        found.ok_or(DataError::NotInFolder { folder: self.root.clone(), looked_for })
    }

    fn cached<T: Cached + Send>(
        &self,
        kind: FileKind,
        name: &str,
        read: impl FnOnce(&Path) -> Result<T, DataError>,
    ) -> Result<T, DataError> {
        let source = self.locate(kind)?;
        if !self.cache {
            return read(&source);
        }
        let cache = self.root.join(name);
        if let Some(value) = cache::load(&cache, &source) {
            return Ok(value);
        }
        let stamp = Stamp::of(&source);
        let value = read(&source)?;
        if let Ok(stamp) = stamp {
            // A read-only folder or a full disk costs the next start its head start, nothing else.
            let _ = cache::store(&cache, &source, stamp, &value);
        }
        Ok(value)
    }
}
