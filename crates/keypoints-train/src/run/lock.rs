//! One process at a time in a run folder.

use std::fs::{File, OpenOptions, TryLockError};

use super::folder::RunFolder;
use crate::error::TrainError;

/// Keeps other processes out of a run folder for as long as it lives.
///
/// It is the operating system's lock on the file `.lock` in the folder and ends with the process, however that ends: the file that a
/// dead process leaves stops nobody. Where the file system has no locks, nothing is locked.
///
/// ```
/// use keypoints_train::{RunFolder, TrainError};
///
/// let place = tempfile::tempdir()?;
/// let run = RunFolder::new(place.path().join("run"));
/// let lock = run.lock()?;
/// assert!(matches!(run.lock(), Err(TrainError::FolderInUse { .. })));
/// drop(lock);
/// run.lock()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct RunLock {
    folder: RunFolder,
    /// Closing it unlocks it.
    _file: File,
}

impl RunLock {
    /// The folder that is locked.
    pub fn folder(&self) -> &RunFolder {
        &self.folder
    }
}

impl RunFolder {
    /// Locks the folder for this process, and creates it where it is not there.
    ///
    /// # Errors
    /// [`TrainError::FolderInUse`] where another process, or another training of this one, holds it; [`TrainError::Io`] with the folder or
    /// the file that cannot be created.
    pub fn lock(&self) -> Result<RunLock, TrainError> {
        self.create()?;
        let path = self.path().join(".lock");
        let mut options = OpenOptions::new();
        // Nothing is written to it: it is there to be locked.
        let file = options.write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(TrainError::io(&path, "create"))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                Err(TrainError::FolderInUse { path: self.path().to_owned() })
            }
            // Some network file systems have no locks, and training there has always been possible.
            Ok(()) | Err(TryLockError::Error(_)) => {
                Ok(RunLock { folder: self.clone(), _file: file })
            }
        }
    }
}
