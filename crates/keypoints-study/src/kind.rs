//! What a folder holds.

use std::path::Path;

use crate::error::StudyError;

/// What the programs make folders of. Each is known by its record.
///
/// ```
/// use keypoints_study::FolderKind;
///
/// let folder = tempfile::tempdir()?;
/// assert_eq!(FolderKind::of(folder.path())?, None);
/// std::fs::write(folder.path().join("study.json"), "{}")?;
/// assert_eq!(FolderKind::of(folder.path())?, Some(FolderKind::Study));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FolderKind {
    /// A [run](keypoints_train::RunFolder).
    Run,
    /// A [study](crate::Study): a comparison, a cross-validation or a search.
    Study,
    /// An [ensemble](crate::ensemble).
    Ensemble,
}

const KINDS: [FolderKind; 3] = [FolderKind::Run, FolderKind::Study, FolderKind::Ensemble];

/// Records that only older versions write.
const OLDER: [&str; 2] = ["cv.json", "sweep.json"];

impl FolderKind {
    /// Returns the file that makes a folder one of this kind.
    pub const fn record(self) -> &'static str {
        match self {
            Self::Run => "run.json",
            Self::Study => "study.json",
            Self::Ensemble => "ensemble.json",
        }
    }

    /// Returns what the folder holds, if anything of these.
    ///
    /// # Errors
    /// [`StudyError::Older`] for a cross-validation or a sweep of an older version.
    pub fn of(folder: &Path) -> Result<Option<Self>, StudyError> {
        let found = KINDS.into_iter().find(|kind| folder.join(kind.record()).exists());
        let older = OLDER.map(|file| folder.join(file)).into_iter().find(|path| path.exists());
        match (found, older) {
            (None, Some(path)) => Err(StudyError::Older { path }),
            (found, _) => Ok(found),
        }
    }

    /// Refuses a folder of another kind: two would write over each other's files.
    pub(crate) fn claim(self, folder: &Path) -> Result<(), StudyError> {
        match Self::of(folder)? {
            Some(holds) if holds != self => {
                let (holds, wanted) = (holds.name(), self.name());
                let problem = format!("this folder holds {holds}; {wanted} needs another folder");
                Err(StudyError::WrongFolder { path: folder.to_owned(), problem })
            }
            _ => Ok(()),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Run => "a run",
            Self::Study => "a study",
            Self::Ensemble => "an ensemble",
        }
    }
}
