//! The folder with the competition's files.

use std::path::{Path, PathBuf};

use keypoints_core::Dataset;

use super::csv::{FileKind, zip_may_hold};
use super::files::{LookupTable, TestSet};
use super::read::{check_lookup, read_lookup, read_test, read_training};
use crate::error::DataError;

const FILES: [FileKind; 3] = [FileKind::Training, FileKind::Test, FileKind::Lookup];

/// The zip that Kaggle serves when asked for everything at once.
const ALL_IN_ONE: &str = "facial-keypoints-detection.zip";

/// A folder that holds the competition's files in any of the ways in which Kaggle serves them.
///
/// Each file is looked for as itself (`training.csv`), then in a zip of its own (`training.zip`,
/// `training.csv.zip`), then in `facial-keypoints-detection.zip`.
///
/// ```no_run
/// use keypoints_data::kaggle::DataDir;
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
}

impl DataDir {
    /// The folder at this path. Nothing is read yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder's path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether training, test and lookup file are all there, plain or zipped. They may still be wrong.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// assert!(!keypoints_data::kaggle::DataDir::new(folder.path()).has_competition_files());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn has_competition_files(&self) -> bool {
        FILES.into_iter().all(|kind| self.has(kind))
    }

    /// Whether any of them is there: then the folder is meant, and what is missing should be said.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// let data = keypoints_data::kaggle::DataDir::new(folder.path());
    /// std::fs::write(folder.path().join("training.csv"), "")?;
    /// assert!(data.has_some_competition_file() && !data.has_competition_files());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn has_some_competition_file(&self) -> bool {
        FILES.into_iter().any(|kind| self.has(kind))
    }

    /// The files that are there: those that are read, and `solution.csv`.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// let training = folder.path().join("training.zip");
    /// std::fs::write(&training, "")?;
    /// assert_eq!(keypoints_data::kaggle::DataDir::new(folder.path()).files(), [training]);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn files(&self) -> Vec<PathBuf> {
        let solution = Some(self.root.join("solution.csv")).filter(|path| path.is_file());
        let read = FILES.into_iter().filter_map(|kind| self.locate(kind).ok());
        read.chain(solution).collect()
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
    pub fn training(&self) -> Result<Dataset, DataError> {
        read_training(&self.locate(FileKind::Training)?)
    }

    /// The faces to label. See [`read_test`].
    ///
    /// # Errors
    /// [`DataError::NotInFolder`] if the file is not there; otherwise what [`read_test`] finds wrong.
    pub fn test(&self) -> Result<TestSet, DataError> {
        read_test(&self.locate(FileKind::Test)?)
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
}
